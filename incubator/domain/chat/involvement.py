"""How much of a room a member wants to know; a hidden one comes back when they are written to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from incubator.domain.chat import rules
from incubator.domain.chat.events import RoomsRearranged
from incubator.domain.chat.models import Seat
from incubator.domain.chat.places import place
from incubator.domain.chat.seats import seat_of
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound, Refusal
from incubator.kernel.events import record

if TYPE_CHECKING:
    from collections.abc import Collection

    from incubator.network.members.actor import Actor

WRITTEN_TO = ("direct", "group")


def choose(actor: Actor, room_id: int, involvement: str) -> None:
    """Follow everything of a room, mentions, nothing, or hide it. Raise NotFound, Refusal."""
    room = place(actor, room_id)
    if involvement not in rules.INVOLVEMENTS:
        raise Refusal("chat.bad_involvement", field="involvement")
    seat = seat_of(room.id, actor.id, lock=True)
    if seat is None:
        raise NotFound("chat.room")
    if seat.involvement == involvement:
        return
    seat.involvement = involvement
    db.session.flush()
    record(RoomsRearranged(actor_id=actor.id, room_id=room.id, member_ids=(actor.id,)))


def bring_back(
    room_id: int, *, by_id: int, member_ids: Collection[int] | None = None, to: str = "all"
) -> None:
    """Show a hidden room again to those it was written to: all who sit there, or these.

    ``to`` is what they then know of it.
    """
    hidden = (Seat.room_id == room_id) & (Seat.involvement == "hidden") & Seat.left_at.is_(None)
    if member_ids is not None:
        hidden &= Seat.member_id.in_(member_ids)
    change = update(Seat).where(hidden).values(involvement=to).returning(Seat.member_id)
    told = db.session.scalars(change.execution_options(synchronize_session=False)).all()
    if told:
        record(RoomsRearranged(actor_id=by_id, room_id=room_id, member_ids=tuple(told)))
