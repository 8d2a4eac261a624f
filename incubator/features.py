"""The table of contents: one line a feature."""

from collections.abc import Callable

from incubator.blueprints import admin, art, auth, home, members, sites
from incubator.reactions import audit, mail

FEATURES = (
    home.FEATURE,
    art.FEATURE,
    members.FEATURE,
    sites.FEATURE,
    auth.FEATURE,
    admin.FEATURE,
)

REACTIONS: tuple[Callable[[], None], ...] = (
    audit.subscribe,
    mail.subscribe,
)
