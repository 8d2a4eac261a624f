"""Deals: firms agree on what they give one another, sign it, deliver and accept it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import lazy_gettext as _l

from incubator.blueprints.deals import acts, disputes, hourly, rings, views, writing
from incubator.blueprints.deals.panels import PAGE_PANELS, PANELS
from incubator.blueprints.deals.routes import pages
from incubator.blueprints.deals.words import REFUSALS
from incubator.domain.exchanges.deals import queries
from incubator.domain.exchanges.deals.personal import personal_data
from incubator.edge.access import members
from incubator.edge.entries import NavEntry, Titles
from incubator.edge.feature import Feature
from incubator.kernel.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.edge.entries import Place
    from incubator.network.members.actor import Actor

__all__ = ["FEATURE", "acts", "disputes", "hourly", "rings", "views", "writing"]


def _titles(reader: Actor, places: Sequence[Place]) -> list[str]:
    return [_title(reader, int(place.values["deal_id"])) for place in places]


def _title(reader: Actor, deal_id: int) -> str:
    try:
        return queries.visible_to(reader, deal_id).deal.title
    except NotFound:
        return ""


TITLES: Final = Titles(endpoints=("deals.show",), kind=_l("Deal"), load=_titles)
FEATURE = Feature(
    name="deals",
    pages=pages,
    titles=(TITLES,),
    navigation=(
        NavEntry(
            key="deals",
            label=_l("Deals"),
            endpoint="deals.index",
            icon="handshake",
            section="business",
            order=12,
            may=members,
            count=queries.WAITING,
        ),
    ),
    panels=PANELS,
    page_panels=PAGE_PANELS,
    guide="deals",
    refusals=REFUSALS,
    personal_data=personal_data,
)
