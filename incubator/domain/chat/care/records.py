"""The records of care in rooms; whoever writes them holds the row of the room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case as when
from sqlalchemy import select

from incubator.domain.chat.care import rules
from incubator.domain.chat.care.models import ChatCase, ChatMeasure, ChatReport
from incubator.domain.chat.models import Message
from incubator.kernel.db import db, insert_once

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from incubator.network.members.actor import Actor


def case_of(message_id: int, *, site_id: int | None) -> ChatCase:
    """The case of a message, opened with its text as it stands if there was none."""
    message = db.session.get_one(Message, message_id, populate_existing=True)
    insert_once(
        ChatCase,
        message_id=message.id,
        room_id=message.room_id,
        site_id=site_id,
        author_id=message.author_id,
        text_md=message.body_md,
        text_html=message.body_html,
        version=0,
    )
    query = select(ChatCase).where(ChatCase.message_id == message_id)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def take(
    actor: Actor,
    case: ChatCase,
    kind: str,
    *,
    note: str,
    now: datetime,
    until: datetime | None = None,
) -> None:
    """Write down what was done about a message; ``until`` when its author is silent."""
    db.session.add(
        ChatMeasure(
            case_id=case.id, kind=kind, by_id=actor.id, taken_at=now, note=note, until=until
        )
    )
    case.acted_at = now
    touch(case)


def undo(actor: Actor, case: ChatCase, measure: ChatMeasure, *, now: datetime) -> None:
    """Write down that a measure no longer stands."""
    measure.undone_at, measure.undone_by_id = now, actor.id
    case.acted_at = now
    touch(case)


def standing_of(case_ids: Collection[int]) -> dict[int, ChatMeasure]:
    """The measure that stands of each case: that it is hidden, else the last."""
    query = (
        select(ChatMeasure)
        .where(ChatMeasure.case_id.in_(case_ids), ChatMeasure.undone_at.is_(None))
        .order_by(when((ChatMeasure.kind == "hide", 1), else_=0), ChatMeasure.id)
    )
    return {each.case_id: each for each in db.session.scalars(query)} if case_ids else {}


def touch(case: ChatCase) -> None:
    """Something happened to a case: whether reports wait follows from its records."""
    db.session.flush()
    told = select(ChatReport.reported_at).where(ChatReport.case_id == case.id)
    answered = select(ChatMeasure.taken_at).where(
        ChatMeasure.case_id == case.id, ChatMeasure.undone_at.is_(None)
    )
    case.waiting_since = rules.waiting_since(
        db.session.scalars(told).all(), db.session.scalars(answered).all()
    )
    case.version += 1
    db.session.flush()
