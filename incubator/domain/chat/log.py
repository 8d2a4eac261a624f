"""The log of a room: entries numbered without a hole, in the order of the commits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from incubator.domain.chat.models import Entry, Room
from incubator.kernel.db import db

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.members.actor import Actor


def next_message(room_id: int) -> tuple[int, int]:
    """The next ``seq`` and message number; the room's row stays locked until the commit."""
    seq, no = db.session.execute(
        update(Room)
        .where(Room.id == room_id)
        .values(seq=Room.seq + 1, msg_no=Room.msg_no + 1)
        .returning(Room.seq, Room.msg_no)
        .execution_options(synchronize_session=False)
    ).one()
    return seq, no


def next_entry(room_id: int) -> int:
    """The next ``seq``; the room's row stays locked until the commit."""
    return db.session.execute(
        update(Room)
        .where(Room.id == room_id)
        .values(seq=Room.seq + 1)
        .returning(Room.seq)
        .execution_options(synchronize_session=False)
    ).scalar_one()


def write(
    room_id: int,
    seq: int,
    actor: Actor,
    *,
    kind: str,
    at: datetime,
    message_id: int | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Add an entry under a number taken from ``next_message`` or ``next_entry``."""
    entry = Entry(room_id=room_id, seq=seq, kind=kind, message_id=message_id, at=at)
    entry.actor_id, entry.data = actor.id, data or {}
    db.session.add(entry)
    db.session.flush()
