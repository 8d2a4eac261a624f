"""The table of contents: one line a feature."""

from collections.abc import Callable

from incubator.blueprints import art, home, members, sites

FEATURES = (
    home.FEATURE,
    art.FEATURE,
    members.FEATURE,
    sites.FEATURE,
)

REACTIONS: tuple[Callable[[], None], ...] = ()
