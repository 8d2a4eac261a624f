"""A room as its members may take it along: what each may read of it, oldest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from incubator.domain.chat import queries
from incubator.kernel.errors import NotAllowed, TooMany
from incubator.kernel.text import plain_text
from incubator.kernel.throttle import spend

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from incubator.domain.chat.queries import RoomView
    from incubator.domain.chat.said import MessageView
    from incubator.network.members.actor import Actor

AN_HOUR: Final = 4
HOUR: Final = 3_600
PAGE: Final = 500


def may_export(actor: Actor, room: RoomView) -> bool:
    """Who sits in a room, or sat in a closed one, takes along what they may read of it."""
    return not actor.is_guest and (room.seated or room.former)


def begin(actor: Actor, slug: str, *, now: datetime) -> RoomView:
    """The room, if they may take it along now.

    Raise NotFound ``chat.room``, NotAllowed ``chat.export_seated``, TooMany ``chat.export_often``.
    """
    room = queries.visible_to(actor, slug)
    if not may_export(actor, room):
        raise NotAllowed("chat.export_seated")
    wait = spend(f"chat.export:{actor.id}", limit=AN_HOUR, per_seconds=HOUR, now=now)
    if wait:
        raise TooMany("chat.export_often", retry_after=wait, minutes=-(-wait // 60))
    return room


def messages_of(room: RoomView) -> Iterator[MessageView]:
    """The messages that the reader of a room may read, the latest first, a page at a time."""
    before, more = None, True
    while more:
        page = queries.history(room, before_no=before, limit=PAGE)
        yield from reversed(page.messages)
        more = page.more
        before = page.messages[0].no if page.messages else None


def row_of(message: MessageView) -> dict[str, Any]:
    """A message as data."""
    return {
        "no": message.no,
        "at": message.at.isoformat(),
        "author": message.author.name,
        "text": plain_text(message.html),
        "html": message.html,
        "files": [
            {"name": each.name, "path": path_of(each.id, each.name)} for each in message.files
        ],
    }


def path_of(file_id: int, name: str) -> str:
    """Where a file lies in the archive."""
    return f"files/{file_id}-{name}"


def line_of(message: MessageView) -> str:
    """A message to read."""
    files = "".join(f" [{each.name}]" for each in message.files)
    when = f"{message.at:%Y-%m-%d %H:%M} UTC"
    return f"{when}  {message.author.name}: {plain_text(message.html)}{files}"
