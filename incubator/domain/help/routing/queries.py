"""What is asked of a reader, and how far a question has come for who asked it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, func, select

from incubator.domain.help.models import Question
from incubator.domain.help.queries import READABLE
from incubator.domain.help.routing.models import OPEN, HelpRequest, Route
from incubator.domain.help.routing.pace_rules import STEPS, WAVES
from incubator.domain.help.routing.telling import all_told
from incubator.kernel.db import BigId, db
from incubator.network.members.models import Member
from incubator.network.members.reader import READER_ID, Counter, values_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incubator.domain.help.routing.telling import Told
    from incubator.network.members.actor import Actor

SHOWN_MOST: Final = 5


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is asked of a reader: to help with a question, why, and who passed it on."""

    question_id: int
    reasons: Sequence[Told]
    by: str
    by_slug: str
    invited_at: datetime


_by = Member.__table__.alias()
_ASKED = (
    select(
        HelpRequest.question_id,
        HelpRequest.reasons,
        HelpRequest.invited_at,
        func.coalesce(_by.c.name, "").label("by"),
        func.coalesce(_by.c.slug, "").label("by_slug"),
    )
    .join(Question, Question.id == HelpRequest.question_id)
    .outerjoin(_by, _by.c.id == HelpRequest.by_id)
    .where(HelpRequest.member_id == READER_ID, HelpRequest.state == OPEN)
    .where(Question.state == "open", READABLE)
)
_LATEST = _ASKED.order_by(HelpRequest.invited_at.desc(), HelpRequest.question_id.desc()).limit(
    SHOWN_MOST
)
_ONE = _ASKED.where(HelpRequest.question_id == bindparam("question_id", type_=BigId))


_waiting = _ASKED.with_only_columns(HelpRequest.question_id).limit(SHOWN_MOST).subquery()
# How many questions wait for a reader, as far as a page shows them.
WAITING = Counter(select(func.count()).select_from(_waiting).scalar_subquery(), SHOWN_MOST)


def asked_of(actor: Actor) -> list[Request]:
    """The questions that wait for a reader, the latest first."""
    return _requests(db.session.execute(_LATEST, values_of(actor)).all(), actor.language)


def asked_in(actor: Actor, question_id: int) -> Request | None:
    """What is asked of a reader in one thread, if anything waits for them there."""
    values = values_of(actor) | {"question_id": question_id}
    return next(iter(_requests(db.session.execute(_ONE, values).all(), actor.language)), None)


def _requests(rows: Sequence[Any], language: str) -> list[Request]:
    reasons = all_told([row.reasons for row in rows], language)
    return [
        Request(
            question_id=row.question_id,
            reasons=said,
            by=row.by,
            by_slug=row.by_slug,
            invited_at=row.invited_at,
        )
        for row, said in zip(rows, reasons, strict=True)
    ]


@dataclass(frozen=True)
class Progress:
    """How many members were asked, and when who comes next.

    ``managers`` tells whether they were asked, ``managers_next`` whether they come next. Who was
    asked, and what they did, is told to nobody.
    """

    asked: int
    managers: bool
    next_at: datetime | None
    managers_next: bool


_PROGRESS = select(
    Route.step,
    Route.next_at,
    select(func.count())
    .where(
        HelpRequest.question_id == Route.question_id,
        HelpRequest.source != "manager",
        HelpRequest.state != "passed",
    )
    .scalar_subquery()
    .label("asked"),
    select(func.count())
    .where(HelpRequest.question_id == Route.question_id, HelpRequest.source == "manager")
    .scalar_subquery()
    .label("managers"),
).where(Route.question_id == bindparam("question_id", type_=BigId))


def progress_of(actor: Actor, question: Question) -> Progress | None:
    """How far a question has come, for who asked it and while nobody has answered."""
    answered = question.state != "open" or question.first_reply_at is not None
    if answered or question.author_id != actor.id:
        return None
    row = db.session.execute(_PROGRESS, {"question_id": question.id}).first()
    if row is None:
        return None
    later = row.next_at if row.step < STEPS else None
    return Progress(row.asked, bool(row.managers), later, row.step >= WAVES)
