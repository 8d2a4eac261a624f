"""What a client that was away is given: the log after where it stands, or a fresh start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incubator.domain.chat import mentions, queries
from incubator.domain.chat.frames import of_entry, of_extras, of_hidden, of_message, of_room
from incubator.domain.chat.message_queries import extras

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incubator.domain.chat.queries import EntryView, RoomView
    from incubator.network.members.actor import Actor

TOO_FAR = 2_000


def rooms(actor: Actor) -> list[dict[str, Any]]:
    """Where the rooms of a member stand, and what calls them there."""
    calls = mentions.waiting(actor)
    none = mentions.Waiting(calls=0, mentions=0)
    return [
        of_room(room) | {"calls": each.calls, "mentions": each.mentions, "asides": each.asides}
        for room in queries.rooms_of(actor)
        for each in (calls.get(room.id, none),)
    ]


def catch_up(actor: Actor, positions: Mapping[int, int]) -> dict[str, Any]:
    """What happened in each room after its position; raise NotFound ``chat.room``."""
    return {"rooms": {str(room): _one(actor, room, after) for room, after in positions.items()}}


def _one(actor: Actor, room_id: int, after: int) -> dict[str, Any]:
    room = queries.visible_to(actor, room_id)
    # A position beyond the log means that the log is not the one the client followed.
    # One before what a seat lets read would never be followed by the next entry.
    hidden = room.span is None or after < room.span.after
    if hidden or after > room.seq or room.seq - after > TOO_FAR:
        return {"reset": True, "head": room.seq, **past(actor, room, None)}
    entries = queries.events_for(room, after)
    events = [_told(room, entry, actor) for entry in entries]
    said = [frame for frame in events if "html" in frame]
    mine = mentions.calling(actor, room_id, [frame["no"] for frame in said])
    for frame in said:
        frame["me"] = frame["no"] in mine
    reached = entries[-1].seq if entries else after
    return {"events": events, "head": max(room.seq, reached), "more": reached < room.seq}


def _told(room: RoomView, entry: EntryView, actor: Actor) -> dict[str, Any]:
    """An entry for one reader; of a message from before their time, only that it changed."""
    if entry.message and room.span and entry.message.seq <= room.span.after:
        return {**of_hidden(entry), "ask": False}
    return of_entry(entry, reader_id=actor.id)


def past(actor: Actor, room: RoomView, before_no: int | None) -> dict[str, Any]:
    """A page of history, already allowed."""
    page = queries.history(room, before_no=before_no)
    hanging = extras(actor, page.messages)
    messages = [
        of_message(message, reader_id=actor.id) | of_extras(hanging[message.id])
        for message in page.messages
    ]
    return {"messages": messages, "more": page.more}
