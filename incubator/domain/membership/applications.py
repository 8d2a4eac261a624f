"""What an applicant does: sends the form, confirms the address, writes, withdraws.

Nothing reaches a manager before the address is confirmed. Whether an address is known is
looked up by a job: the sender can learn it neither from the answer nor from its time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from incubator.domain.membership import applications_links as links
from incubator.domain.membership import applications_rules as rules
from incubator.domain.membership.application_models import (
    Application,
    ApplicationMessage,
    Door,
    FormAnswer,
    FormQuestion,
)
from incubator.domain.membership.applications_events import (
    ApplicantKnown,
    ApplicationAnswered,
    ConfirmationAsked,
    LinksAsked,
)
from incubator.domain.membership.applications_states import change, hold, hold_uninvited, was_done
from incubator.domain.membership.wording import lines
from incubator.kernel.db import db, insert_once, transaction
from incubator.kernel.errors import Refusal
from incubator.kernel.events import record
from incubator.kernel.jobs import job, later
from incubator.network.accounts.models import Account
from incubator.network.accounts.rules import clean_email, clean_language, clean_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from incubator.network.members.actor import Actor

CONFIRM_JOB = "membership.confirm"
LINKS_JOB = "membership.links"
MOST_LINKS = 3


def send(
    site_id: int,
    *,
    details: rules.Details,
    email: str,
    answers: Mapping[int, str],
    language: str,
    once: str,
    now: datetime,
) -> None:
    """Take a form in, unseen by anybody until its sender confirms; a repeated one is the same.

    ``answers`` are by the id of the question. Raise Refusal ``membership.closed``,
    ``accounts.email_bad``, ``accounts.name_bad``, or on a field (``q`` and the id for a question).
    """
    _check_door(site_id)
    clean = rules.clean_details(details)._replace(name=clean_name(details.name))
    address = clean_email(email)
    said = _answers(site_id, answers)
    new = insert_once(
        Application,
        site_id=site_id,
        once=once[: rules.ONCE_MOST],
        state="unconfirmed",
        language=clean_language(language),
        email=address,
        sent_at=now,
        changed_at=now,
        revision=0,
        **clean._asdict(),
    )
    if not new:
        return
    sent = db.session.scalars(
        select(Application).where(
            Application.site_id == site_id, Application.once == once[: rules.ONCE_MOST]
        )
    ).one()
    db.session.add_all(
        FormAnswer(application_id=sent.id, question_id=question_id, value=value)
        for question_id, value in said.items()
    )
    later(CONFIRM_JOB, {"application_id": sent.id})


def _check_door(site_id: int) -> None:
    """Raise Refusal ``membership.closed`` unless the site takes applications."""
    door = db.session.scalar(
        select(Door).where(Door.site_id == site_id).options(joinedload(Door.site))
    )
    if door is None or not door.open or door.site.closed_on is not None:
        raise Refusal("membership.closed")


def _answers(site_id: int, typed: Mapping[int, str]) -> dict[int, str]:
    """The answers that were given, by question; raise Refusal on the first that is wrong."""
    clean = {
        question.id: rules.clean_answer(
            question.kind,
            typed.get(question.id, ""),
            options=len(question.options),
            required=question.required,
            field=f"q{question.id}",
        )
        for question in questions_of(site_id)
    }
    return {question_id: value for question_id, value in clean.items() if value}


def questions_of(site_id: int) -> Sequence[FormQuestion]:
    """The questions that a site asks at present, in their order."""
    return db.session.scalars(
        select(FormQuestion)
        .where(FormQuestion.site_id == site_id, FormQuestion.archived_at.is_(None))
        .order_by(FormQuestion.position, FormQuestion.id)
    ).all()


@job(CONFIRM_JOB)
def ask_to_confirm(payload: Mapping[str, Any]) -> None:
    """Write to the sender of a form: confirm; or that they are a member or an applicant already."""
    with transaction():
        sent = db.session.get(Application, int(payload["application_id"]), with_for_update=True)
        if sent is None or sent.state != "unconfirmed":
            return
        if db.session.scalar(select(Account.id).where(Account.email == sent.email)):
            _known(sent, None)
        elif other := _open_of(sent):
            _known(sent, other.id)
        else:
            record(ConfirmationAsked(actor_id=None, site_id=sent.site_id, application_id=sent.id))


def _open_of(sent: Application) -> Application | None:
    return db.session.scalar(
        select(Application).where(
            Application.site_id == sent.site_id,
            Application.email == sent.email,
            Application.state.in_(sorted(rules.OPEN)),
        )
    )


def _known(sent: Application, other_id: int | None) -> None:
    """Drop a form that came twice and tell its sender where they stand."""
    record(
        ApplicantKnown(
            actor_id=None,
            site_id=sent.site_id,
            how="member" if other_id is None else "applicant",
            language=sent.language,
            application_id=other_id,
            email=sent.email,
        )
    )
    db.session.delete(sent)
    db.session.flush()


def confirm(token: str, *, now: datetime) -> str:
    """Hand an application to the managers of its site; the secret of the link to follow it.

    When another one of the same person is open there, that one is followed and this dropped.
    Raise NotFound when the link was used, is too old or forged.
    """
    sent = hold(links.use(token, now=now))
    other = _open_of(sent)
    if other is not None:
        db.session.delete(sent)
        db.session.flush()
        return links.mint(other.id, "follow", now=now)
    change(sent, "new", by=None, once="confirmed", now=now)
    return links.mint(sent.id, "follow", now=now)


def write(token: str, *, body: str, once: str, now: datetime) -> None:
    """Write to the managers of the site, as the applicant; a repeated ``once`` is one message.

    Raise NotFound as ``links.follow``, Refusal ``membership.empty`` or ``membership.too_long``.
    """
    application = links.follow(token, now=now)
    add_message(application, by=None, body=body, once=once, now=now)


def add_message(
    application: Application,
    *,
    by: Actor | None,
    body: str,
    once: str,
    now: datetime,
    internal: bool = False,
) -> None:
    """Add a word to the conversation; who may is the caller's policy.

    Raise Refusal ``membership.erased`` when there is nobody left to write to.
    """
    if application.anonymised_at is not None:
        raise Refusal("membership.erased", field="body")
    key = once[: rules.ONCE_MOST]
    new = insert_once(
        ApplicationMessage,
        application_id=application.id,
        author_id=by.id if by else None,
        internal=internal,
        body=lines(body, "body", most=rules.MOST_TEXT, needed=True),
        once=key,
        sent_at=now,
    )
    if not new:
        return
    message_id = db.session.scalars(
        select(ApplicationMessage.id).where(
            ApplicationMessage.application_id == application.id, ApplicationMessage.once == key
        )
    ).one()
    record(
        ApplicationAnswered(
            actor_id=by.id if by else None,
            site_id=application.site_id,
            application_id=application.id,
            message_id=message_id,
            internal=internal,
        )
    )


def withdraw(token: str, *, reason: str, once: str, now: datetime) -> None:
    """Take one's application back; an invitation that was sent dies with it.

    Raise NotFound as ``links.follow``, Conflict ``membership.decided_meanwhile`` when it is
    over already, Refusal ``membership.too_long``.
    """
    found = links.follow(token, now=now)
    why = lines(reason, "reason", most=rules.MOST_REASON)
    application = hold_uninvited(found.id, found.invitation_id, now=now)
    if not was_done(application, once):
        change(application, "withdrawn", by=None, reason=why, once=once, now=now)


def choose_language(token: str, *, language: str, now: datetime) -> None:
    """Be written to in «fr» or «en»; raise NotFound, or Refusal for another language."""
    links.follow(token, now=now).language = clean_language(language)


def lose_link(*, email: str, language: str) -> None:
    """Ask for fresh links to one's applications; whether there are any is looked up later."""
    wanted = {"email": clean_email(email), "language": clean_language(language)}
    later(LINKS_JOB, wanted)


@job(LINKS_JOB)
def send_links(payload: Mapping[str, Any]) -> None:
    """Send fresh links to the applications of an address, if it has any."""
    with transaction():
        email = str(payload["email"])
        found = db.session.scalars(
            select(Application.id)
            .where(Application.email == email, Application.state != "unconfirmed")
            .order_by(Application.id.desc())
            .limit(MOST_LINKS)
        ).all()
        if found:
            record(
                LinksAsked(
                    actor_id=None,
                    language=str(payload["language"]),
                    application_ids=tuple(found),
                    email=email,
                )
            )


def join(invitation_id: int, member_id: int, *, now: datetime) -> None:
    """Note that an accepted applicant came in by their invitation; nothing for any other one."""
    found = db.session.scalar(
        select(Application.id).where(Application.invitation_id == invitation_id)
    )
    if found is None:
        return
    application = hold(found)
    change(application, "joined", by=None, once="joined", now=now)
    application.member_id = member_id
