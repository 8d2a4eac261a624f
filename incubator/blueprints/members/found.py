"""People among what the search over everything finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from incubator.edge.clock import now, today
from incubator.edge.entries import Hit, SearchSource
from incubator.edge.pages import url
from incubator.kernel.keyset import Cursor
from incubator.network.members import directory
from incubator.network.sites.queries import open_places

if TYPE_CHECKING:
    from incubator.network.members.actor import Actor
    from incubator.network.members.directory import Card


def people(reader: Actor, text: str, most: int) -> list[Hit]:
    """Members as the directory finds them, with what the reader may see of them."""
    found = directory.find(
        directory.Filters(text=text),
        Cursor(None, None, most),
        today(reader.time_zone),
        reader=reader,
        now=now(),
    )
    cities = {place.id: place.city for place in open_places()}
    return [_hit(card, cities.get(card.site_id or 0, "")) for card in found.page.rows]


def _hit(card: Card, city: str) -> Hit:
    told = card.extract or card.headline
    return Hit(
        card.name,
        url("members.show", slug=card.slug),
        " · ".join(part for part in (city, told) if part),
    )


SOURCE = SearchSource(
    key="members",
    label=_l("People"),
    called=_l("members"),
    icon="users",
    find=people,
    more=lambda text: url("members.index", q=text),
    order=10,
)
