"""The chat as clients receive it: plain values, the same on the socket and over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from incubator.domain.chat.commands import Sent
    from incubator.domain.chat.queries import EntryView, MessageView, RoomView

Frame = dict[str, Any]


def of_message(message: MessageView, *, reader_id: int | None) -> Frame:
    """A message; only its author is told the ``cid`` by which their browser knows it."""
    frame: Frame = {
        "id": message.id,
        "no": message.no,
        "at": message.at.isoformat(timespec="milliseconds"),
        "html": message.html,
        "author": {
            "id": message.author.id,
            "name": message.author.name,
            "slug": message.author.slug,
            "face": message.author.face,
        },
    }
    if reader_id == message.author.id:
        frame["cid"] = message.cid
    return frame


def of_entry(entry: EntryView, *, reader_id: int | None) -> Frame:
    """A line of a room's log."""
    frame: Frame = {"room": entry.room_id, "seq": entry.seq, "kind": entry.kind}
    if entry.message:
        return frame | of_message(entry.message, reader_id=reader_id)
    return frame | {"actor": entry.actor_id, "at": entry.at.isoformat(), **entry.data}


def of_sent(sent: Sent) -> Frame:
    """What acknowledges a message."""
    return {
        "ok": True,
        "id": sent.id,
        "room": sent.room_id,
        "cid": sent.cid,
        "seq": sent.seq,
        "no": sent.no,
        "at": sent.at.isoformat(timespec="milliseconds"),
        "html": sent.html,
        "dup": sent.again,
    }


def of_room(room: RoomView) -> Frame:
    """Where a room stands for its reader."""
    return {
        "id": room.id,
        "seq": room.seq,
        "msg_no": room.msg_no,
        "read_no": room.read_no,
        "unread": room.unread,
        "seated": room.seated,
    }
