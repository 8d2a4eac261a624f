"""A step of the loader: forms, applications, checklists and charters.

Nobody is written to: what would prepare a letter, and the secret links for it, are dropped at the
end.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from incubator.demo.stage import key_of, luck
from incubator.domain.membership import (
    applications,
    applications_form,
    applications_links,
    applications_review,
    charters,
    welcome,
    welcome_checklist,
    welcome_queries,
)
from incubator.domain.membership.application_models import Application, ApplicationLink
from incubator.domain.membership.applications_form import Asked
from incubator.domain.membership.applications_rules import Details
from incubator.domain.membership.charters_rules import Texts
from incubator.kernel.db import as_of, db
from incubator.kernel.jobs import Job

if TYPE_CHECKING:
    from incubator.demo.shapes import Applicant, Arrivals
    from incubator.demo.stage import Stage
    from incubator.domain.membership.welcome_models import Welcome
    from incubator.network.members.actor import Actor

SET_UP = timedelta(days=60)
SIGNERS_IN_TEN = 9


def welcome_people(stage: Stage) -> str:
    """Open the doors, let people apply, welcome the newest, and let members sign."""
    with as_of(stage.now - SET_UP):
        _charter(stage)
    for place in stage.content.arrivals:
        boss = stage.manager_of(place.site, other_than="")
        with as_of(stage.now - SET_UP):
            questions = _form(boss, stage.sites[place.site], place)
        for applicant in place.applicants:
            site_id = stage.sites[place.site]
            _apply(stage, boss, applicant, site_id=site_id, questions=questions)
        for email in place.welcomed:
            _welcome(stage, boss, email, site_id=stage.sites[place.site])
    db.session.execute(delete(Job).where(Job.kind == applications.CONFIRM_JOB))
    db.session.execute(delete(ApplicationLink))
    told = [one for place in stage.content.arrivals for one in place.applicants]
    return f"{len(told)} applications"


def _charter(stage: Stage) -> None:
    """The charter of the network, signed by nearly everybody."""
    head = next(a for a in stage.actors.values() if a.is_administrator)
    texts, begun = stage.content.charter, stage.now - SET_UP
    draft = charters.save_draft(head, None, texts=Texts(*texts), revision=0)
    version = charters.publish(head, None, revision=draft.revision, now=begun)
    shown = {"sophie.lambert", "camille.dervaux", "guillaume.roy"}
    for email, actor in sorted(stage.actors.items()):
        signs = luck("charter", email).randrange(10) < SIGNERS_IN_TEN
        if not actor.is_guest and (signs or email.partition("@")[0] in shown):
            with as_of(begun + timedelta(days=1)):
                charters.sign(actor, version.id, now=begun + timedelta(days=1))


def _form(boss: Actor, site_id: int, place: Arrivals) -> list[int]:
    """The form and the checklist of a site; the ids of its questions."""
    applications_form.set_door(
        boss, site_id, opened=True, intro_fr=place.intro_fr, intro_en=place.intro_en
    )
    welcome_checklist.use_usual_list(boss, site_id)
    return [
        applications_form.add_question(
            boss,
            site_id,
            asked=Asked(
                kind=question.kind,
                label_fr=question.fr,
                label_en=question.en,
                required=question.required,
                options_fr=question.options_fr,
                options_en=question.options_en,
            ),
        ).id
        for question in place.questions
    ]


def _apply(
    stage: Stage, boss: Actor, one: Applicant, *, site_id: int, questions: list[int]
) -> None:
    key, at = key_of("applicant", one.email), stage.now - timedelta(days=one.days_ago, hours=3)
    with as_of(at):
        applications.send(
            site_id,
            details=Details(
                name=one.name,
                phone="",
                firm=one.firm,
                activity=one.activity,
                city=one.city,
                why=one.why,
                gives=one.gives,
            ),
            email=one.email,
            answers=dict(zip(questions, one.answers, strict=False)),
            language=one.language,
            once=key,
            now=at,
        )
        sent = db.session.scalars(select(Application).where(Application.once == key)).one()
        applications.confirm(applications_links.mint(sent.id, "confirm", now=at), now=at)
    _talk(boss, sent, one, at=at)
    _decide(boss, sent, one, present=stage.now)


def _talk(boss: Actor, sent: Application, one: Applicant, *, at: datetime) -> None:
    for place, word in enumerate(one.said, start=1):
        who, _, body = word.partition(": ")
        moment = at + timedelta(hours=place)
        with as_of(moment):
            applications.add_message(
                sent,
                by=boss if who == "site" else None,
                body=body,
                once=key_of(one.email, str(place)),
                now=moment,
            )
    if one.note:
        with as_of(at + timedelta(minutes=90)):
            applications.add_message(
                sent,
                by=boss,
                body=one.note,
                internal=True,
                once=key_of(one.email, "note"),
                now=at + timedelta(minutes=90),
            )


def _decide(boss: Actor, sent: Application, one: Applicant, *, present: datetime) -> None:
    now = present - timedelta(days=max(one.days_ago - 4, 0), hours=1)
    once, seen = key_of(one.email, "decided"), sent.revision
    with as_of(now):
        if one.state == "waiting":
            applications_review.put_on_list(boss, sent.id, revision=seen, once=once, now=now)
        elif one.state == "accepted":
            starts = present.date() + timedelta(days=21)
            applications_review.accept(
                boss, sent.id, start_on=starts, revision=seen, once=once, now=now
            )
        elif one.state == "declined":
            applications_review.decline(
                boss, sent.id, reason=one.reason, revision=seen, once=once, now=now
            )


def _welcome(stage: Stage, boss: Actor, email: str, *, site_id: int) -> None:
    """Somebody who came lately, half welcomed."""
    came = stage.joined(email).instant(stage.now)
    member = stage.actors[email]
    with as_of(came):
        begun: Welcome | None = welcome.start(member.id, site_id, now=came)
    found = welcome_queries.ongoing_of(member.id)
    if begun is None or found is None:
        return
    done = came + timedelta(days=1)
    for task in found.tasks:
        if task.kind in {"key", "tour"} and not task.done_at:
            with as_of(done):
                welcome.tick(boss, task.id, done=True, now=done)
