"""The chat as clients receive it: plain values, the same on the socket and over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incubator.domain.chat.quiet import what_of

if TYPE_CHECKING:
    from incubator.domain.chat.acting import Changed
    from incubator.domain.chat.files import FileView
    from incubator.domain.chat.message_queries import Extras
    from incubator.domain.chat.queries import EntryView, RoomView
    from incubator.domain.chat.said import MessageView
    from incubator.domain.chat.saying import Sent

Frame = dict[str, Any]


def of_message(message: MessageView, *, reader_id: int | None) -> Frame:
    """A message; only its author is told the ``cid`` by which their browser knows it.

    What is as usual is left out: ``rev`` 0, no replies; ``gone`` says that only a trace is left.
    """
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
            "site": message.author.site_id,
        },
    }
    if message.files:
        frame["files"] = [of_file(file) for file in message.files]
    if message.author.bot:
        frame["author"]["bot"] = True
    if reader_id == message.author.id:
        frame["cid"] = message.cid
    if message.rev:
        frame["rev"] = message.rev
    if message.gone_at:
        frame |= {"gone": True, "why": message.gone_reason}
    if message.replied_at:
        frame |= {"replies": message.replies, "replied_at": message.replied_at.isoformat()}
    return frame


def of_extras(extras: Extras) -> Frame:
    """What hangs on a message, for one reader; ``signs`` are emoji, how many, whether theirs."""
    signs = [[sign.emoji, sign.count, sign.mine] for sign in extras.signs]
    return {"signs": signs, "pinned": extras.pinned, "me": extras.calls_me}


def of_file(file: FileView) -> Frame:
    """A file: the page knows its address by its id."""
    return {
        "id": file.id,
        "name": file.name,
        "kind": file.kind,
        "size": file.size,
        "width": file.width,
        "height": file.height,
        "alt": file.alt,
    }


def of_entry(entry: EntryView, *, reader_id: int | None) -> Frame:
    """A line of a room's log; «what» and «who» of what the room reads in small print."""
    frame: Frame = {"room": entry.room_id, "seq": entry.seq, "kind": entry.kind}
    if entry.message:
        return frame | of_message(entry.message, reader_id=reader_id) | entry.data
    about = {"actor": entry.actor_id, "member": entry.member_id or entry.actor_id}
    what = what_of(entry.kind, entry.data)
    if what:
        frame |= {"what": what, "who": entry.who}
    return frame | about | {"at": entry.at.isoformat(), **entry.data}


def of_hidden(entry: EntryView) -> Frame:
    """The same where not everybody may read the message: who may gets it when they «ask»."""
    return {
        "room": entry.room_id,
        "seq": entry.seq,
        "kind": entry.kind,
        "no": entry.data["no"],
        "ask": True,
    }


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
        "files": [of_file(file) for file in sent.files],
    } | ({"root": sent.root, "nth": sent.nth} if sent.root else {})


def of_changed(changed: Changed) -> Frame:
    """What acknowledges an act on a message; ``seq`` is 0 when it changed nothing."""
    return {
        "ok": True,
        "room": changed.room_id,
        "no": changed.no,
        "seq": changed.seq,
        "rev": changed.rev,
        "html": changed.html,
        "count": changed.count,
        "dup": changed.again,
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
        "follows": room.involvement,
    }
