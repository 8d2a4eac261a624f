"""The table of contents: one line a feature."""

from collections.abc import Callable

from incubator.blueprints import art, home

FEATURES = (
    home.FEATURE,
    art.FEATURE,
)

REACTIONS: tuple[Callable[[], None], ...] = ()
