"""Sites among what the search over everything finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from incubator.edge.access import signed_in
from incubator.edge.entries import Hit, SearchSource
from incubator.edge.finding import told_words
from incubator.edge.pages import url
from incubator.kernel.text import begun_in
from incubator.network.sites.queries import open_places

if TYPE_CHECKING:
    from incubator.network.members.actor import Actor


def sites(reader: Actor, text: str, most: int) -> list[Hit]:
    """Open sites with words in their name or city that begin so."""
    del reader
    wanted = told_words(text)
    found = [each for each in open_places() if begun_in(f"{each.name} {each.city}", wanted)]
    return [Hit(each.name, url("sites.show", slug=each.slug), each.city) for each in found[:most]]


SOURCE = SearchSource(
    key="sites", label=_l("Sites"), icon="map-pin", find=sites, order=70, may=signed_in
)
