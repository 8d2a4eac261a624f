"""The log of a room: entries numbered without a hole, in the order of the commits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import bindparam, insert, select, update

from incubator.domain.chat.models import Entry, Room
from incubator.kernel.db import Base, BigId, db
from incubator.kernel.errors import Conflict

if TYPE_CHECKING:
    from datetime import datetime


_ROOM = Base.metadata.tables[Room.__tablename__]
_NEXT_MESSAGE = (
    update(_ROOM)
    .where(_ROOM.c.id == bindparam("room"))
    .values(
        seq=_ROOM.c.seq + 1, msg_no=_ROOM.c.msg_no + 1, asides=_ROOM.c.asides + bindparam("aside")
    )
    .returning(_ROOM.c.seq, _ROOM.c.msg_no)
)
# A row of the table, not of the session: nobody changes an entry.
_ENTRY = insert(Base.metadata.tables[Entry.__tablename__])


class Doer(Protocol):
    """Who does it: a person who acts, or the row of a member."""

    @property
    def id(self) -> int:
        """Which member."""


def next_message(room_id: int, *, aside: bool = False) -> tuple[int, int]:
    """The next ``seq`` and message number; the room's row stays locked until the commit.

    A reply is an ``aside``: what the list of rooms counts as new leaves it out.
    """
    asked = {"room": room_id, "aside": int(aside)}
    seq, no = db.session.execute(_NEXT_MESSAGE, asked).one()
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
    actor: Doer,
    *,
    kind: str,
    at: datetime,
    data: dict[str, Any] | None = None,
    **about: int | str | None,
) -> None:
    """Add an entry under a number taken from ``next_message`` or ``next_entry``.

    It is ``about`` a ``message_id`` or a ``member_id``; an act on a message has a ``cid`` of its
    own, by which ``done_before`` finds it again.
    """
    values = {"room_id": room_id, "seq": seq, "kind": kind, "actor_id": actor.id, "at": at}
    known = {"message_id": None, "member_id": None, "cid": None, **about}
    db.session.execute(_ENTRY, {**values, **known, "data": data or {}})


_DONE = select(Entry.room_id, Entry.seq, Entry.kind, Entry.data).where(
    Entry.actor_id == bindparam("actor_id", type_=BigId), Entry.cid == bindparam("cid")
)


@dataclass(frozen=True)
class Done:
    """An act on a message that is in the log."""

    seq: int
    data: dict[str, Any]


def done_before(actor: Doer, room_id: int, *, cid: str, kind: str, no: int) -> Done | None:
    """The same act of the same browser, if it was done; ask under the lock of the room.

    Raise Conflict ``chat.cid_reused`` when the cid named another act.
    """
    row = db.session.execute(_DONE, {"actor_id": actor.id, "cid": cid}).one_or_none()
    if row is None:
        return None
    if (row.room_id, row.kind, row.data.get("no")) != (room_id, kind, no):
        raise Conflict("chat.cid_reused")
    return Done(row.seq, row.data)
