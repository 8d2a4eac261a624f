"""The form of a site, kept by its managers: open or shut, its words, its questions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from incubator.domain.membership import applications_policy as policy
from incubator.domain.membership import applications_rules as rules
from incubator.domain.membership.application_models import Door, FormAnswer, FormQuestion
from incubator.domain.membership.applications import questions_of
from incubator.domain.membership.applications_events import FormChanged
from incubator.domain.membership.applications_states import hold_door
from incubator.domain.membership.wording import line, lines, moved
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incubator.network.members.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question as a manager types it; the options of a choice in the same order."""

    kind: str
    label_fr: str
    label_en: str
    required: bool = False
    options_fr: Sequence[str] = field(default_factory=tuple)
    options_en: Sequence[str] = field(default_factory=tuple)


def set_door(actor: Actor, site_id: int, *, opened: bool, intro_fr: str, intro_en: str) -> None:
    """Open or shut the door of a site to applications, and say what stands above the form.

    Raise NotAllowed ``membership.not_your_site``, Refusal ``membership.too_long``.
    """
    door = _door(actor, site_id)
    door.open = opened
    door.intro_fr = lines(intro_fr, "intro_fr", most=rules.MOST_INTRO)
    door.intro_en = lines(intro_en, "intro_en", most=rules.MOST_INTRO)
    record(FormChanged(actor_id=actor.id, site_id=site_id, what="door"))


def add_question(actor: Actor, site_id: int, *, asked: Asked) -> FormQuestion:
    """Ask one more question; the same one again gives the one that is there.

    Raise NotAllowed ``membership.not_your_site``; Refusal ``membership.empty``, ``too_long``,
    ``question_kind``, ``options_count``, ``options_pairs`` or ``questions_most``.
    """
    _door(actor, site_id)
    known = questions_of(site_id)
    question = _written(asked, site_id=site_id)
    twin = next((each for each in known if _same(each, question)), None)
    if twin is not None:
        return twin
    if len(known) >= rules.MOST_QUESTIONS:
        raise Refusal("membership.questions_most", most=rules.MOST_QUESTIONS)
    last = db.session.scalar(
        select(func.max(FormQuestion.position)).where(FormQuestion.site_id == site_id)
    )
    question.position = (last or 0) + 1
    return _keep(actor, question)


def edit_question(actor: Actor, question_id: int, *, asked: Asked, now: datetime) -> FormQuestion:
    """Change a question. One that was answered is archived, and the new one takes its place.

    Raise NotFound ``membership.question``, or Refusal as ``add_question``.
    """
    old = _question(actor, question_id)
    new = _written(asked, site_id=old.site_id)
    if _same(old, new) or not _answered(old.id):
        for name in ("kind", "label_fr", "label_en", "options", "required"):
            setattr(old, name, getattr(new, name))
        return _keep(actor, old)
    old.archived_at, new.position = now, old.position
    return _keep(actor, new)


def remove_question(actor: Actor, question_id: int, *, now: datetime) -> None:
    """Ask a question no more: deleted, or archived with its answers; raise NotFound."""
    question = _question(actor, question_id)
    if _answered(question.id):
        question.archived_at = now
    else:
        db.session.delete(question)
    db.session.flush()
    record(FormChanged(actor_id=actor.id, site_id=question.site_id, what="questions"))


def move_question(actor: Actor, question_id: int, *, up: bool) -> None:
    """Move a question one place; raise NotFound."""
    question = _question(actor, question_id)
    asked = {each.id: each for each in questions_of(question.site_id)}
    for place, one in enumerate(moved(list(asked), question.id, up=up), start=1):
        asked[one].position = place
    _keep(actor, question)


def _door(actor: Actor, site_id: int) -> Door:
    """The door of a site, made when it is missing, locked for its managers."""
    if not policy.may_set_form(actor, site_id):
        raise NotAllowed("membership.not_your_site")
    insert_once(Door, site_id=site_id, open=False, intro_fr="", intro_en="")
    door = hold_door(site_id)
    if door is None:
        raise NotFound("membership.site")
    return door


def _question(actor: Actor, question_id: int) -> FormQuestion:
    site_id = db.session.scalar(select(FormQuestion.site_id).where(FormQuestion.id == question_id))
    if site_id is None or not policy.may_set_form(actor, site_id):
        raise NotFound("membership.question")
    _door(actor, site_id)
    found = db.session.get(FormQuestion, question_id, populate_existing=True)
    if found is None or found.archived_at is not None:
        raise NotFound("membership.question")
    return found


def _written(asked: Asked, *, site_id: int) -> FormQuestion:
    if asked.kind not in rules.KINDS:
        raise Refusal("membership.question_kind", field="kind")
    return FormQuestion(
        site_id=site_id,
        kind=asked.kind,
        label_fr=line(asked.label_fr, "label_fr", most=rules.MOST_LINE, needed=True),
        label_en=line(asked.label_en, "label_en", most=rules.MOST_LINE, needed=True),
        options=rules.clean_options(asked.kind, asked.options_fr, asked.options_en),
        required=asked.required,
    )


def _same(one: FormQuestion, other: FormQuestion) -> bool:
    """Whether they ask the same; one may become required without becoming another."""
    names = ("kind", "label_fr", "label_en", "options")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _answered(question_id: int) -> bool:
    given = select(FormAnswer.question_id).where(FormAnswer.question_id == question_id).limit(1)
    return db.session.scalar(given) is not None


def _keep(actor: Actor, question: FormQuestion) -> FormQuestion:
    db.session.add(question)
    db.session.flush()
    record(FormChanged(actor_id=actor.id, site_id=question.site_id, what="questions"))
    return question
