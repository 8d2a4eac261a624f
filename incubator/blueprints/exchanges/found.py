"""Listings among what the search over everything finds, and what their pages are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import lazy_gettext as _l

from incubator.blueprints.exchanges import words
from incubator.domain.exchanges.listings import lists, queries
from incubator.edge.entries import Hit, SearchSource, Titles
from incubator.edge.pages import url
from incubator.kernel.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.edge.entries import Place
    from incubator.network.members.actor import Actor


def listings(reader: Actor, text: str, most: int) -> list[Hit]:
    """Live listings that the reader may read, the newest first."""
    return [
        Hit(
            each.title,
            url("exchanges.show", listing_id=each.id, slug=each.slug or "x"),
            " · ".join((str(words.KINDS[each.kind]), each.firm.name, each.summary)),
        )
        for each in lists.found(reader, text, most)
    ]


def _titles(reader: Actor, places: Sequence[Place]) -> list[str]:
    return [_title(reader, int(place.values["listing_id"])) for place in places]


def _title(reader: Actor, listing_id: int) -> str:
    try:
        return queries.visible_to(reader, listing_id).title
    except NotFound:
        return ""


SOURCE: Final = SearchSource(
    key="exchanges",
    label=_l("Needs and offers"),
    icon="repeat-2",
    find=listings,
    more=lambda text: url("exchanges.index", q=text),
    order=45,
)
TITLES: Final = Titles(
    endpoints=("exchanges.show", "exchanges.by_id"), kind=_l("Listing"), load=_titles
)
