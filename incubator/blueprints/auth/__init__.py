"""Coming in, going out, and one's own account."""

from flask_babel import lazy_gettext as _l

from incubator.blueprints.auth import account, doors, links
from incubator.blueprints.auth.refusals import REFUSALS
from incubator.blueprints.auth.routes import pages
from incubator.edge.entries import SettingsEntry
from incubator.edge.feature import Feature
from incubator.network.accounts import personal

__all__ = ["FEATURE", "account", "doors", "links"]

FEATURE = Feature(
    name="auth",
    pages=pages,
    guide="settings",
    refusals=REFUSALS,
    settings=(
        SettingsEntry(
            key="account",
            label=_l("My account"),
            hint=_l("Your address, and what the network calls you."),
            endpoint="auth.account",
            icon="circle-user",
            order=10,
        ),
        SettingsEntry(
            key="security",
            label=_l("Security"),
            hint=_l("Your password, and where you are signed in."),
            endpoint="auth.security",
            icon="key-round",
            order=20,
        ),
        SettingsEntry(
            key="language",
            label=_l("Language and time"),
            hint=_l("The language and the clock by which you are spoken to."),
            endpoint="auth.display",
            icon="globe",
            order=30,
        ),
    ),
    personal_data=personal.personal_data,
    forget=personal.forget,
)
