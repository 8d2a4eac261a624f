"""Exchanges: what firms need and offer, and how they find one another."""

from flask_babel import lazy_gettext as _l

from incubator.blueprints.exchanges import acts, found, hourly, searches, views, writing
from incubator.blueprints.exchanges.panels import PAGE_PANELS
from incubator.blueprints.exchanges.routes import pages
from incubator.blueprints.exchanges.words import REFUSALS
from incubator.domain.exchanges.listings.personal import forget, personal_data
from incubator.edge.access import members
from incubator.edge.entries import NavEntry
from incubator.edge.feature import Feature

__all__ = ["FEATURE", "acts", "searches", "views", "writing"]

FEATURE = Feature(
    name="exchanges",
    pages=pages,
    titles=(found.TITLES,),
    navigation=(
        NavEntry(
            key="exchanges",
            label=_l("Exchanges"),
            endpoint="exchanges.index",
            icon="repeat-2",
            section="business",
            order=10,
            may=members,
        ),
    ),
    page_panels=PAGE_PANELS,
    search=(found.SOURCE,),
    refusals=REFUSALS,
    personal_data=personal_data,
    personal_files=hourly.files_of,
    forget=forget,
)
