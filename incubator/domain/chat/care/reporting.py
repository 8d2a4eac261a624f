"""A member says that a message is not as it should be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from incubator.domain.chat import queries
from incubator.domain.chat.care import policy, records, rules
from incubator.domain.chat.care.events import MessageReported
from incubator.domain.chat.care.models import ChatCase, ChatMeasure, ChatReport
from incubator.domain.chat.models import Message
from incubator.domain.chat.places import place
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotAllowed, NotFound, Refusal, TooMany
from incubator.kernel.events import record
from incubator.kernel.throttle import spend

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incubator.domain.chat.queries import RoomView
    from incubator.domain.chat.said import MessageView
    from incubator.network.members.actor import Actor

MINE_MOST = 50


def message_seen(actor: Actor, slug: str, no: int) -> tuple[RoomView, MessageView]:
    """A message that they may read, with its room; raise NotFound."""
    room = queries.visible_to(actor, slug)
    seq = db.session.scalar(select(Message.seq).where(Message.room_id == room.id, Message.no == no))
    found = queries.chosen(room, [seq] if seq else [])
    if not found:
        raise NotFound("chat.message")
    return room, found[0]


def report(
    actor: Actor, slug: str, no: int, *, reason: str, words: str = "", now: datetime
) -> bool:
    """Report a message to those who decide about it; whether it is the first time.

    Raise NotFound, NotAllowed ``care.own_post``, Refusal on the reason and the words or
    ``chat.message_gone``, TooMany ``chat.reports_too_fast``.
    """
    room, message = message_seen(actor, slug, no)
    held = place(actor, room.id, lock=True)
    if not policy.may_report(actor, message.author.id):
        raise NotAllowed("care.own_post")
    kind, told = rules.reason_of(reason, words)
    if not message.html and not message.files:
        raise Refusal("chat.message_gone")
    case = records.case_of(message.id, site_id=policy.site_of(actor, held))
    new = insert_once(
        ChatReport, case_id=case.id, reporter_id=actor.id, reason=kind, words=told, reported_at=now
    )
    if new:
        key = f"chat.report:{actor.id}"
        wait = spend(key, limit=rules.REPORTS_A_DAY, per_seconds=rules.DAY, now=now)
        if wait:
            raise TooMany("chat.reports_too_fast", retry_after=wait, most=rules.REPORTS_A_DAY)
        records.touch(case)
        record(MessageReported(actor_id=actor.id, site_id=case.site_id, case_id=case.id, at=now))
    return new


@dataclass(frozen=True, kw_only=True)
class Mine:
    """A report of one's own and what came of it: «waiting» or one of the DECISIONS."""

    report: ChatReport
    outcome: str
    note: str


def of_mine(actor: Actor) -> Sequence[Mine]:
    """What a member reported, the latest first, with what came of it."""
    reports = db.session.scalars(
        select(ChatReport)
        .where(ChatReport.reporter_id == actor.id)
        .options(joinedload(ChatReport.case).joinedload(ChatCase.room))
        .order_by(ChatReport.id.desc())
        .limit(MINE_MOST)
    ).all()
    standing = records.standing_of([each.case_id for each in reports])
    return [_mine(each, standing.get(each.case_id)) for each in reports]


def _mine(report: ChatReport, measure: ChatMeasure | None) -> Mine:
    done = measure is not None and report.case.waiting_since is None
    outcome = measure.kind if measure and done else "waiting"
    return Mine(report=report, outcome=outcome, note=measure.note if measure and done else "")


def has_reported(actor: Actor, message_id: int) -> bool:
    """Whether they reported a message before."""
    query = select(ChatReport.id).join(ChatCase, ChatCase.id == ChatReport.case_id)
    mine = query.where(ChatCase.message_id == message_id, ChatReport.reporter_id == actor.id)
    return db.session.scalar(mine) is not None
