"""A room as a command meets it: may it be read, and what is the seat of who acts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from incubator.domain.chat.models import BY_SEAT, Pair, Room, Seat
from incubator.domain.chat.policy import may_read
from incubator.domain.chat.spans import WHOLE, Span, span_of
from incubator.kernel.db import BigId, db
from incubator.kernel.errors import NotFound

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.members.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Place:
    """What commands need to know of a room, and of the seat there of who acts.

    ``span`` is None without a seat in a room that takes one; ``seated`` while they sit there.
    """

    id: int
    kind: str
    site_id: int | None
    msg_no: int
    pair: tuple[int, ...] = ()
    name: str = ""
    archived: bool = False
    span: Span | None = WHOLE
    seated: bool = False
    moderator: bool = False
    muted_until: datetime | None = None
    removed: bool = False


_PLACE = (
    select(
        *(Room.id, Room.kind, Room.site_id, Room.msg_no, Room.name, Room.archived_at),
        *(Pair.low_id, Pair.high_id),
    )
    .outerjoin(Pair, Pair.room_id == Room.id)
    .where(Room.id == bindparam("room_id"))
)
_PLACE_HELD = _PLACE.with_for_update(of=Room)
# Asked after the room: what changed while its lock was waited for is seen.
_SEAT = select(
    *(Seat.left_at, Seat.moderator, Seat.from_seq, Seat.to_seq, Seat.muted_until, Seat.removed)
).where(Seat.room_id == bindparam("room_id"), Seat.member_id == bindparam("member_id", type_=BigId))


def place(actor: Actor, room_id: int, *, lock: bool = False) -> Place:
    """A room for a command, locked if asked; raise NotFound ``chat.room`` when hidden or absent.

    A closed room exists for who sits there, no longer for who left.
    """
    found = place_of(actor.id, room_id, lock=lock)
    if not may_read(actor, found) or (found.kind in BY_SEAT and not found.seated):
        raise NotFound("chat.room")
    return found


def place_left(actor: Actor, room_id: int) -> Place:
    """As ``place``, locked, for who may have left it a moment ago."""
    found = place_of(actor.id, room_id, lock=True)
    if not may_read(actor, found):
        raise NotFound("chat.room")
    return found


def place_of(member_id: int, room_id: int, *, lock: bool = False) -> Place:
    """A room and a member's seat there, whatever they may read; raise NotFound when absent."""
    query = _PLACE_HELD if lock else _PLACE
    row = db.session.execute(query, {"room_id": room_id}).one_or_none()
    if row is None:
        raise NotFound("chat.room")
    asked = {"room_id": room_id, "member_id": member_id}
    seat = db.session.execute(_SEAT, asked).one_or_none()
    known = (seat.from_seq, seat.to_seq) if seat else (None, None)
    seated = seat is not None and seat.left_at is None
    return Place(
        id=row.id,
        kind=row.kind,
        site_id=row.site_id,
        msg_no=row.msg_no,
        pair=(row.low_id, row.high_id) if row.low_id else (),
        name=row.name,
        archived=row.archived_at is not None,
        span=span_of(row.kind, from_seq=known[0], to_seq=known[1]),
        seated=seated,
        moderator=seat is not None and seated and seat.moderator,
        muted_until=seat.muted_until if seat else None,
        removed=seat is not None and seat.removed,
    )
