"""What firms are called whose addresses stand in texts, for readers who may open their pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import lazy_gettext as _l

from incubator.edge.entries import Titles
from incubator.network.members.firm_queries import names_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.edge.entries import Place
    from incubator.network.members.actor import Actor


def _titles(reader: Actor, places: Sequence[Place]) -> list[str]:
    del reader
    slugs = [place.values["slug"] for place in places]
    told = names_of(slugs)
    return [told.get(slug, "") for slug in slugs]


TITLES: Final = Titles(endpoints=("firms.show",), kind=_l("Firm"), load=_titles)
