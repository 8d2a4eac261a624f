"""The doors of care in rooms: a case, a measure. What is not theirs is not there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from incubator.domain.chat import queries
from incubator.domain.chat.care import policy, rules
from incubator.domain.chat.care.models import ChatCase, ChatMeasure, ChatReport
from incubator.domain.chat.models import Message
from incubator.domain.chat.places import place_of
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, NotFound
from incubator.network.accounts.queries import account_of, actor_of
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.domain.chat.queries import RoomView
    from incubator.network.members.actor import Actor


def case_seen_by(actor: Actor, case_id: int, *, lock: bool = False) -> ChatCase:
    """A case that they decide about, never about themselves; raise NotFound ``chat.case``.

    With ``lock`` its room is held until the commit.
    """
    query = (
        select(ChatCase)
        .where(ChatCase.id == case_id)
        .options(
            joinedload(ChatCase.room), joinedload(ChatCase.author).joinedload(Member.home_site)
        )
    )
    case = db.session.scalar(query)
    if case is None or not _decides(actor, case):
        raise NotFound("chat.case")
    if lock:
        queries.hold(case.room_id)
        case = db.session.scalars(query.execution_options(populate_existing=True)).one()
    return case


def _decides(actor: Actor, case: ChatCase) -> bool:
    if policy.may_decide(actor, case):
        return True
    seq = db.session.scalar(select(Message.seq).where(Message.id == case.message_id)) or 0
    return policy.may_decide_there(actor, case, place_of(actor.id, case.room_id), seq=seq)


def decisions_on(actor: Actor, case: ChatCase) -> tuple[str, ...]:
    """What they may do about a case: a machine is asked nothing, a conversation silences nobody."""
    message = db.session.get_one(Message, case.message_id)
    silences = policy.may_silence(actor, place_of(actor.id, case.room_id))
    kept = {"hide"} if message.gone_at is not None else set()
    if not silences or message.bot_id is not None:
        kept.add("mute")
    return tuple(each for each in rules.DECISIONS if each not in kept)


def measure_seen_by(actor: Actor, measure_id: int) -> tuple[ChatCase, ChatMeasure]:
    """A measure that stands, its room held; raise NotFound, Conflict ``care.undone``."""
    found = db.session.get(ChatMeasure, measure_id)
    if found is None:
        raise NotFound("chat.case")
    case = case_seen_by(actor, found.case_id, lock=True)
    db.session.refresh(found)
    if found.undone_at is not None:
        raise Conflict("care.undone")
    return case, found


@dataclass(frozen=True)
class Spoken:
    """What was said just before a reported message."""

    name: str
    html: str


def room_of(actor: Actor, case: ChatCase) -> RoomView | None:
    """The room of a case as they read it; None when they do not."""
    try:
        return queries.visible_to(actor, case.room_id)
    except NotFound:
        return None


def before(case: ChatCase) -> list[Spoken]:
    """What was said just before, as far as the first who reported may read it: little, no more."""
    reporter = db.session.scalar(
        select(ChatReport.reporter_id)
        .where(ChatReport.case_id == case.id)
        .order_by(ChatReport.id)
        .limit(1)
    )
    message = db.session.get_one(Message, case.message_id)
    said = (
        select(Message.seq)
        .where(Message.room_id == case.room_id, Message.no < message.no)
        .order_by(Message.no.desc())
        .limit(rules.BEFORE)
    )
    room = _as(reporter, case.room_id)
    found = queries.chosen(room, db.session.scalars(said).all()) if room else []
    return [Spoken(each.author.name, each.html) for each in found]


def _as(member_id: int | None, room_id: int) -> RoomView | None:
    account = account_of(member_id) if member_id else None
    if account is None or account.deactivated_at:
        return None
    try:
        return queries.visible_to(actor_of(account), room_id)
    except NotFound:
        return None


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something that happened: a report, a measure, or that one was undone."""

    what: str
    by: str
    words: str
    measure: ChatMeasure | None = None
    report: ChatReport | None = None


def trail_of(case: ChatCase) -> Sequence[Step]:
    """What was said of a message, then what was done about it, in its order."""
    reports = db.session.scalars(
        select(ChatReport)
        .where(ChatReport.case_id == case.id)
        .options(joinedload(ChatReport.reporter))
        .order_by(ChatReport.id)
    )
    measures = db.session.scalars(
        select(ChatMeasure)
        .where(ChatMeasure.case_id == case.id)
        .options(joinedload(ChatMeasure.by), joinedload(ChatMeasure.undone_by))
        .order_by(ChatMeasure.id)
    )
    told = [
        Step(what="report", by=each.reporter.name, words=each.words, report=each)
        for each in reports
    ]
    done = [
        Step(what=each.kind, by=each.by.name, words=each.note, measure=each) for each in measures
    ]
    return [*told, *done]
