"""A seat taken and a seat given up, with what it lets read; the caller holds the room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select, update

from incubator.domain.chat.events import SeatLeft, SeatTaken
from incubator.domain.chat.log import next_entry, write
from incubator.domain.chat.models import CLOSED, Room, Seat
from incubator.domain.chat.naming import names_of
from incubator.domain.chat.seats import sit
from incubator.kernel.db import db
from incubator.kernel.events import record

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.chat.log import Doer
    from incubator.domain.chat.places import Place

UNNAMED: Final = "…"


def come_in(
    actor: Doer, room: Place, member_id: int, *, act: str, now: datetime, whole: bool = False
) -> None:
    """Seat a member, who reads a closed room from now on, or the ``whole`` of it.

    Who comes back to a closed room reads from then on, too: what they read before is shown again
    when somebody shows them the whole.
    """
    sit(room.id, member_id, now=now)
    seq = next_entry(room.id)
    closed = room.kind in CLOSED
    seat = seat_row(room.id, member_id)
    seat.from_seq = seq - 1 if closed and not whole else 0
    seat.to_seq, seat.left_name, seat.removed, seat.moderator = None, None, False, False
    if seat.involvement == "hidden":
        seat.involvement = "all"
    db.session.flush()
    _people_changed(room)
    whom = about(actor, member_id)
    write(room.id, seq, actor, kind="member", member_id=whom, data={"act": act}, at=now)
    record(
        SeatTaken(
            actor_id=actor.id,
            site_id=room.site_id,
            room_id=room.id,
            seq=seq,
            member_id=member_id,
            private=closed,
        )
    )


def go_out(actor: Doer, room: Place, member_id: int, *, act: str, now: datetime) -> int:
    """Free the seat of a member, who reads a closed room up to here; the entry's ``seq``."""
    closed = room.kind in CLOSED
    name = _known_as(room, member_id) if closed else None
    seq = next_entry(room.id)
    seat = seat_row(room.id, member_id)
    seat.left_at, seat.moderator, seat.removed = now, False, act == "removed"
    if closed:
        seat.to_seq, seat.left_name = seq, name
    db.session.flush()
    _people_changed(room)
    whom = about(actor, member_id)
    data = {"act": act, "closed": closed}
    write(room.id, seq, actor, kind="member", member_id=whom, data=data, at=now)
    record(
        SeatLeft(
            actor_id=actor.id,
            site_id=room.site_id,
            room_id=room.id,
            seq=seq,
            member_id=member_id,
            private=closed,
        )
    )
    return seq


def seat_row(room_id: int, member_id: int) -> Seat:
    """The seat of a member, kept or given up, as the database has it; locked."""
    query = select(Seat).where(Seat.room_id == room_id, Seat.member_id == member_id)
    fresh = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(fresh).one()


def about(actor: Doer, member_id: int) -> int | None:
    """Whom an entry is about, where that is not who did it."""
    return member_id if member_id != actor.id else None


def _known_as(room: Place, member_id: int) -> str:
    """What a closed room is called for who is about to leave it."""
    return room.name or names_of([room.id], but=member_id).get(room.id, UNNAMED)


def _people_changed(room: Place) -> None:
    """A conversation of other people than it was opened with: those may open another."""
    if room.kind == "group":
        change = update(Room).where(Room.id == room.id).values(key=None)
        db.session.execute(change.execution_options(synchronize_session="fetch"))
