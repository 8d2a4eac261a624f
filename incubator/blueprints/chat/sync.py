"""What a client that was away is given: the log after where it stands, or a fresh start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incubator.domain.chat import queries
from incubator.domain.chat.frames import of_entry, of_message, of_room

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incubator.network.members.actor import Actor

TOO_FAR = 2_000


def rooms(actor: Actor) -> list[dict[str, Any]]:
    """Where the rooms of a member stand."""
    return [of_room(room) for room in queries.rooms_of(actor)]


def catch_up(actor: Actor, positions: Mapping[int, int]) -> dict[str, Any]:
    """What happened in each room after its position; raise NotFound ``chat.room``."""
    return {"rooms": {str(room): _one(actor, room, after) for room, after in positions.items()}}


def _one(actor: Actor, room_id: int, after: int) -> dict[str, Any]:
    room = queries.visible_to(actor, room_id)
    # A position beyond the log means that the log is not the one the client followed.
    if after > room.seq or room.seq - after > TOO_FAR:
        return {"reset": True, "head": room.seq, **past(actor, room_id, None)}
    entries = queries.events_after(room_id, after)
    events = [of_entry(entry, reader_id=actor.id) for entry in entries]
    reached = entries[-1].seq if entries else after
    return {"events": events, "head": max(room.seq, reached), "more": reached < room.seq}


def past(actor: Actor, room_id: int, before_no: int | None) -> dict[str, Any]:
    """A page of history, already allowed."""
    page = queries.history(room_id, before_no=before_no)
    messages = [of_message(message, reader_id=actor.id) for message in page.messages]
    return {"messages": messages, "more": page.more}
