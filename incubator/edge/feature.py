"""What a feature gives to the application: one record, one line in features.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask_babel.speaklater import LazyString

    from incubator.edge.entries import NavEntry, PagePanel, Panel
    from incubator.edge.pages import Pages


def nothing() -> None:
    """A feature that hears no event."""


@dataclass(frozen=True, kw_only=True)
class Feature:
    """Pages, menu lines, panels of shared pages, words of refusal, subscriptions."""

    name: str
    pages: Pages | None = None
    navigation: tuple[NavEntry, ...] = ()
    panels: tuple[Panel, ...] = ()
    page_panels: tuple[PagePanel, ...] = ()
    refusals: Mapping[str, LazyString] = field(default_factory=dict)
    subscribe: Callable[[], None] = nothing
