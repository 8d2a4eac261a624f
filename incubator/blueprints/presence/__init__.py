"""Who is on site: said by a button, shown to whom they choose."""

from flask_babel import lazy_gettext as _l

from incubator.blueprints.presence.panels import PAGE_PANELS, PANELS
from incubator.blueprints.presence.views import pages
from incubator.blueprints.presence.words import REFUSALS
from incubator.edge.access import members
from incubator.edge.entries import SettingsEntry
from incubator.edge.feature import Feature

FEATURE = Feature(
    name="presence",
    pages=pages,
    guide="presence",
    settings=(
        SettingsEntry(
            key="presence",
            label=_l("My presence on site"),
            hint=_l("Who may know that you are there, and whom you wait for."),
            endpoint="presence.settings",
            icon="map-pin",
            order=50,
            may=members,
        ),
    ),
    panels=PANELS,
    page_panels=PAGE_PANELS,
    refusals=REFUSALS,
)
