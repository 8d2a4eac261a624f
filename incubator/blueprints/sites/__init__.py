"""The places of the network: where they are, when they are open, who runs them."""

from flask_babel import lazy_gettext as _l

from incubator.blueprints.sites import closure_views, found, views
from incubator.blueprints.sites.panel import PANEL
from incubator.blueprints.sites.routes import pages
from incubator.blueprints.sites.titles import TITLES
from incubator.blueprints.sites.words import REFUSALS
from incubator.edge.access import signed_in
from incubator.edge.entries import NavEntry
from incubator.edge.feature import Feature

# Their routes are known once they are imported.
VIEWS = (closure_views, views)
__all__ = ["FEATURE", "VIEWS"]

FEATURE = Feature(
    name="sites",
    pages=pages,
    titles=(TITLES,),
    navigation=(
        NavEntry(
            key="sites",
            label=_l("Sites"),
            endpoint="sites.index",
            icon="map-pin",
            section="here",
            order=60,
            may=signed_in,
        ),
    ),
    panels=(PANEL,),
    search=(found.SOURCE,),
    refusals=REFUSALS,
)
