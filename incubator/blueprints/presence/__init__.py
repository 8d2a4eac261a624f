"""Who is on site: said by a button, shown to whom they choose."""

from incubator.blueprints.presence.panels import PAGE_PANELS, PANELS
from incubator.blueprints.presence.views import pages
from incubator.blueprints.presence.words import REFUSALS
from incubator.edge.feature import Feature

FEATURE = Feature(
    name="presence",
    pages=pages,
    panels=PANELS,
    page_panels=PAGE_PANELS,
    refusals=REFUSALS,
)
