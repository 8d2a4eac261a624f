"""Push: the browsers that its reader lets be told."""

from flask_babel import lazy_gettext as _l

from incubator.blueprints.push.views import pages
from incubator.blueprints.push.words import REFUSALS
from incubator.edge.entries import SettingsEntry
from incubator.edge.feature import Feature
from incubator.reactions.push.personal import forget, personal_data
from incubator.reactions.push.reactions import subscribe

FEATURE = Feature(
    name="push",
    pages=pages,
    refusals=REFUSALS,
    settings=(
        SettingsEntry(
            key="push",
            label=_l("On my devices"),
            hint=_l("Where news come even while the product is closed."),
            endpoint="push.index",
            icon="monitor",
            order=62,
        ),
    ),
    subscribe=subscribe,
    personal_data=personal_data,
    forget=forget,
)
