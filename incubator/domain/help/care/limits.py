"""How much somebody wrote in the last day, against what their standing allows."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Integer, bindparam, func, select

from incubator.domain.help.care import rules
from incubator.domain.help.care_models import Report
from incubator.domain.help.models import Answer, Question
from incubator.domain.help.post_models import Comment
from incubator.kernel.db import BigId, UTCDateTime, db
from incubator.kernel.errors import Refusal
from incubator.kernel.hours import format_minutes
from incubator.network.members.models import Member
from incubator.network.members.skill_models import Proof

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import InstrumentedAttribute

    from incubator.network.members.actor import Actor

_WRITTEN: Final[dict[str, tuple[InstrumentedAttribute[int], InstrumentedAttribute[Any]]]] = {
    "question": (Question.author_id, Question.asked_at),
    "answer": (Answer.author_id, Answer.answered_at),
    "comment": (Comment.author_id, Comment.written_at),
    "report": (Report.reporter_id, Report.reported_at),
}
_CODES: Final = {
    "question": "help.slow_down_question",
    "answer": "help.slow_down_answer",
    "comment": "help.slow_down_comment",
    "report": "help.slow_down_report",
}
_THREAD: Final = {"answer": Answer.question_id, "comment": Comment.question_id}


def check(actor: Actor, kind: str, *, now: datetime) -> None:
    """Raise Refusal ``help.slow_down_…`` when one text more of a kind is too many for a day.

    Call it once the text is written: what it refuses goes with its transaction. Those who run a
    site are never kept back, nor is anybody in the thread of their own question.
    """
    if actor.is_manager:
        return
    allowed = rules.ALLOWED[kind]
    if _older(actor.id, kind, allowed[rules.NEW], now=now) is None:
        return
    most = allowed[rules.level(standing_of(actor.id, now=now))]
    oldest = _older(actor.id, kind, most, now=now)
    if oldest is not None:
        wait = oldest + rules.DAY - now
        minutes = int(wait.total_seconds() // 60) + 1
        raise Refusal(_CODES[kind], wait=format_minutes(minutes), most=most)


def standing_of(member_id: int, *, now: datetime) -> rules.Standing:
    """What trust in a member rests on: months of membership, help that others confirmed.

    Help is proved by skill; one that was confirmed in several is counted once at least.
    """
    joined_at, helped = db.session.execute(
        select(
            Member.joined_at,
            select(func.max(Proof.count)).where(Proof.member_id == member_id).scalar_subquery(),
        ).where(Member.id == member_id)
    ).one()
    return rules.Standing(months=rules.months_since(joined_at, now), helped=helped or 0)


def _older(member_id: int, kind: str, most: int, *, now: datetime) -> datetime | None:
    """When the oldest was written that fills the day, the text of now left out; None if none."""
    values = {"member_id": member_id, "since": now - rules.DAY, "now": now, "most": most}
    found: datetime | None = db.session.scalar(_statement(kind), values)
    return found


@cache
def _statement(kind: str) -> Any:
    """The latest but so many: the index gives the last day alone, however long the history."""
    author, at = _WRITTEN[kind]
    own = author == bindparam("member_id", type_=BigId)
    query = select(at).where(own, at > bindparam("since", type_=UTCDateTime))
    query = query.where(at <= bindparam("now", type_=UTCDateTime))
    if kind in _THREAD:
        thread = query.join(Question, Question.id == _THREAD[kind])
        query = thread.where(Question.author_id != bindparam("member_id", type_=BigId))
    return query.order_by(at.desc()).offset(bindparam("most", type_=Integer)).limit(1)
