"""What one application holds for its requests: settings, assets, features' tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from flask import current_app  # noqa: TID251 - the one place that asks which application runs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask import Flask
    from flask_babel.speaklater import LazyString
    from werkzeug.routing import Map

    from incubator.edge.access import Access
    from incubator.edge.assets import Assets
    from incubator.edge.entries import (
        DaySource,
        NavEntry,
        PagePanel,
        Panel,
        SearchSource,
        SettingsEntry,
        SuggestionSource,
        Titles,
    )
    from incubator.edge.personal import Keeper
    from incubator.kernel.settings import Settings

KEY = "incubator"


@dataclass
class State:
    """Filled once by ``create_app``, read by every request."""

    settings: Settings
    assets: Assets
    addresses: Map
    access: dict[str, Access] = field(default_factory=dict)
    navigation: list[NavEntry] = field(default_factory=list)
    settings_pages: list[SettingsEntry] = field(default_factory=list)
    kept_offline: set[str] = field(default_factory=set)
    guide: dict[str, str] = field(default_factory=dict)
    panels: list[Panel] = field(default_factory=list)
    day: list[DaySource] = field(default_factory=list)
    suggestions: list[SuggestionSource] = field(default_factory=list)
    page_panels: list[PagePanel] = field(default_factory=list)
    titles: dict[str, Titles] = field(default_factory=dict)
    search_sources: list[SearchSource] = field(default_factory=list)
    refusals: dict[str, LazyString] = field(default_factory=dict)
    keepers: list[Keeper] = field(default_factory=list)
    after_sign_out: list[Callable[[int], None]] = field(default_factory=list)
    demo_accounts: Mapping[str, str] = field(default_factory=dict)


def state() -> State:
    """The state of the running application."""
    return state_of(current_app)


def state_of(app: Flask) -> State:
    """The state of this application."""
    return cast("State", app.extensions[KEY])


def settings() -> Settings:
    """The settings of the running application."""
    return state().settings
