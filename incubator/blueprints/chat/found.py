"""Messages among what the search over everything finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from incubator.blueprints.chat.finding import excerpt
from incubator.domain.chat import searching
from incubator.edge.access import signed_in
from incubator.edge.entries import Hit, SearchSource
from incubator.edge.finding import told_words
from incubator.edge.pages import url
from incubator.kernel.keyset import Cursor

if TYPE_CHECKING:
    from incubator.domain.chat.queries import RoomView
    from incubator.network.members.actor import Actor


def messages(reader: Actor, text: str, most: int) -> list[Hit]:
    """What was said in rooms that the reader may read, the latest first."""
    rooms = searching.rooms_searched(reader)
    searching.bring_up([room.id for room in rooms])
    wanted, cursor = searching.Wanted(text=text), Cursor(None, None, most)
    page = searching.find(reader, wanted, rooms=rooms, cursor=cursor)
    named, words = {room.id: room for room in rooms}, told_words(text)
    return [
        Hit(
            excerpt(message, words),
            url("chat.at_message", slug=named[message.room_id].slug, no=message.no),
            f"{message.author.name} · {_name(named[message.room_id])}",
        )
        for message in page.rows
    ]


def _name(room: RoomView) -> str:
    return _("The whole network") if room.kind == "network" else room.name


SOURCE = SearchSource(
    key="messages",
    label=_l("Messages"),
    icon="messages-square",
    find=messages,
    more=lambda text: url("chat.search", q=text),
    order=50,
    may=signed_in,
)
