"""Settings in one place: what each feature lets its reader choose, and how the product looks."""

from flask_babel import lazy_gettext as _l

from incubator.blueprints.preferences.views import pages
from incubator.edge.entries import SettingsEntry
from incubator.edge.feature import Feature

FEATURE = Feature(
    name="preferences",
    pages=pages,
    guide="settings",
    settings=(
        SettingsEntry(
            key="appearance",
            label=_l("Appearance"),
            hint=_l("Light or dark, more or less movement, shortcuts."),
            endpoint="preferences.appearance",
            icon="contrast",
            order=70,
        ),
    ),
)
