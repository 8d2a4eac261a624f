"""What messages are called whose addresses stand in texts, for readers who may see them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from incubator.domain.chat.message_queries import several
from incubator.domain.chat.queries import visible_among
from incubator.edge.entries import Titles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.edge.entries import Place
    from incubator.network.members.actor import Actor

# «/discussions/lyon?around=12#m-12» is where «/discussions/lyon/m/12» leads.
ANCHOR: Final = re.compile(r"m-([0-9]{1,15})")


def _number(place: Place) -> int | None:
    found = ANCHOR.fullmatch(place.anchor)
    return int(found[1]) if found else place.values.get("no")


def _titles(reader: Actor, places: Sequence[Place]) -> list[str]:
    """Who wrote each message and where."""
    asked = [(place.values["slug"], _number(place)) for place in places]
    rooms = visible_among(reader, {slug for slug, no in asked if no is not None})
    wanted = [(rooms[slug], no) for slug, no in asked if no is not None and slug in rooms]
    names = {room.id: room.name for room in rooms.values()}
    told = {
        (each.room_id, each.no): _(
            "Message of %(name)s in %(room)s", name=each.author.name, room=names[each.room_id]
        )
        for each in several(wanted)
    }
    ids = {slug: room.id for slug, room in rooms.items()}
    return [told.get((ids.get(slug, 0), no or 0), "") for slug, no in asked]


TITLES: Final = Titles(
    endpoints=("chat.at_message", "chat.thread", "chat.show"), kind=_l("Message"), load=_titles
)
