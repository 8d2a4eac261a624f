"""Firms: what they make, who works there, who asks to."""

from flask_babel import lazy_gettext as _l

from incubator.blueprints.firms import editing, found, people, requests, suggesting, views
from incubator.blueprints.firms.panels import PAGE_PANELS, PANELS
from incubator.blueprints.firms.routes import pages
from incubator.blueprints.firms.titles import TITLES
from incubator.blueprints.firms.words import REFUSALS
from incubator.edge.access import members
from incubator.edge.entries import NavEntry
from incubator.edge.feature import Feature
from incubator.network.members import firm_waiting

__all__ = ["FEATURE", "editing", "people", "requests", "views"]

FEATURE = Feature(
    name="firms",
    pages=pages,
    guide="firms",
    titles=(TITLES,),
    navigation=(
        NavEntry(
            key="firms",
            label=_l("Firms"),
            endpoint="firms.index",
            icon="store",
            order=42,
            may=members,
            count=firm_waiting.WAITING,
        ),
    ),
    panels=PANELS,
    suggestions=(suggesting.SUGGESTIONS,),
    page_panels=PAGE_PANELS,
    search=(found.SOURCE,),
    refusals=REFUSALS,
)
