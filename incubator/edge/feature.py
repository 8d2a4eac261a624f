"""What a feature gives to the application: one record, one line in features.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from flask_babel.speaklater import LazyString

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
    from incubator.edge.pages import Pages
    from incubator.kernel.personal import PersonalRows


def nothing() -> None:
    """A feature that hears no event."""


def no_rows(member_id: int) -> PersonalRows:
    """A feature that keeps nothing about anybody."""
    del member_id
    return {}


def no_files(member_id: int) -> Iterable[tuple[str, Path]]:
    """A feature that keeps no files of anybody."""
    del member_id
    return ()


def forget_nothing(member_id: int) -> None:
    """A feature with nothing to forget."""
    del member_id


@dataclass(frozen=True, kw_only=True)
class Feature:
    """Pages, titles, lines of menus, panels, finds, words of refusal, subscriptions.

    ``day`` is what stands on the ribbon of the first page, ``suggestions`` what it may suggest.

    ``kept_offline`` names pages that a browser keeps for reading without a network; ``guide`` the
    chapter or part of the guide that tells how its pages work.
    ``personal_data`` gives what is kept about a member, rows by name; ``personal_files`` the
    files they sent, name and place; ``forget`` takes away what says who a member was.
    """

    name: str
    pages: Pages | None = None
    titles: tuple[Titles, ...] = ()
    navigation: tuple[NavEntry, ...] = ()
    settings: tuple[SettingsEntry, ...] = ()
    kept_offline: tuple[str, ...] = ()
    guide: str = ""
    panels: tuple[Panel, ...] = ()
    day: tuple[DaySource, ...] = ()
    suggestions: tuple[SuggestionSource, ...] = ()
    page_panels: tuple[PagePanel, ...] = ()
    search: tuple[SearchSource, ...] = ()
    refusals: Mapping[str, LazyString] = field(default_factory=dict)
    subscribe: Callable[[], None] = nothing
    personal_data: Callable[[int], PersonalRows] = no_rows
    personal_files: Callable[[int], Iterable[tuple[str, Path]]] = no_files
    forget: Callable[[int], None] = forget_nothing
