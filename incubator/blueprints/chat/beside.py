"""The list of rooms that stands beside every page of the chat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incubator.domain.chat import mentions, queries
from incubator.edge.portraits import gather

if TYPE_CHECKING:
    from incubator.network.members.actor import Actor


def beside(reader: Actor) -> dict[str, Any]:
    """The rooms of a reader, those that are open to them, and how often each calls them."""
    calls = {room_id: each.mentions for room_id, each in mentions.waiting(reader).items()}
    rooms = queries.rooms_of(reader)
    gather(room.other for room in rooms if room.other)
    return {"rooms": rooms, "others": queries.open_to(reader), "calls": calls}
