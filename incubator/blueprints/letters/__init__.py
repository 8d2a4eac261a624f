"""My notifications: what comes, by which way, when nobody is disturbed, and links that end it."""

from flask_babel import lazy_gettext as _l

from incubator.blueprints.letters.views import pages
from incubator.blueprints.letters.words import REFUSALS
from incubator.edge.entries import SettingsEntry
from incubator.edge.feature import Feature
from incubator.network.letters.personal import forget, personal_data

FEATURE = Feature(
    name="letters",
    pages=pages,
    guide="letters",
    refusals=REFUSALS,
    settings=(
        SettingsEntry(
            key="letters",
            label=_l("My notifications"),
            hint=_l("What is written to you, and when nobody disturbs you."),
            endpoint="letters.mine",
            icon="bell",
            order=60,
        ),
    ),
    personal_data=personal_data,
    forget=forget,
)
