"""Which part of a room a page shows: the end, what came before or after, or around a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.domain.chat import queries
from incubator.domain.chat.message_queries import Stretch, after, around
from incubator.edge.numbers import whole
from incubator.edge.pages import url

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from incubator.domain.chat.queries import RoomView


def asked_for(room: RoomView, asked: MultiDict[str, str]) -> Stretch:
    """The messages that an address asks for; the end of the room by itself."""
    here, later = asked.get("around", type=whole), asked.get("after", type=whole)
    if here is not None:
        return around(room, here)
    if later is not None:
        return after(room, later)
    before = asked.get("before", type=whole)
    page = queries.history(room, before_no=before)
    return Stretch(messages=page.messages, older=page.more, newer=before is not None)


def neighbours(slug: str, page: Stretch) -> dict[str, str | None]:
    """The addresses of the pages before and after, where there are some."""
    shown = page.messages
    older = url("chat.show", slug=slug, before=shown[0].no) if shown and page.older else None
    newer = url("chat.show", slug=slug, after=shown[-1].no) if shown and page.newer else None
    return {"older": older, "newer": newer}
