"""The menu: what each feature offers, to whom, and with which counter."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from flask import request
from flask_babel import lazy_gettext as _l

from incubator.edge.actor import viewer
from incubator.edge.state import state
from incubator.network.members.reader import Counter, counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from incubator.edge.entries import NavEntry, SettingsEntry
    from incubator.network.members.actor import Actor

    Count = Counter | Callable[[Actor], int]

BELL = "bell"
SECTIONS = {
    "main": _l("Menu"),
    "here": _l("On site"),
    "business": _l("Business"),
    "steering": _l("Steering"),
}


def settings_pages() -> list[SettingsEntry]:
    """The pages of settings that the reader has, in their order."""
    reader = viewer()
    return [entry for entry in state().settings_pages if entry.may.allows(reader)]


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of the menu and its counter, before anybody draws it."""

    key: str
    count: int


@dataclass(frozen=True)
class NavItem:
    """A line of the menu as drawn for one person."""

    key: str
    label: str
    endpoint: str
    icon: str
    count: int
    loud: bool
    letter: str


@dataclass(frozen=True)
class NavSection:
    """A titled group of lines."""

    key: str
    label: str
    entries: list[NavItem]


class Navigation:
    """The menu of one person, drawn when a page asks for it: sections, and tabs for the phone."""

    def __iter__(self) -> Iterator[NavSection]:
        """The sections of the side bar."""
        return iter(self.sections)

    @cached_property
    def _counted(self) -> dict[NavEntry, int]:
        reader = viewer()
        if reader is None:
            return {}
        offered = [entry for entry in state().navigation if entry.may.allows(reader)]
        asked = [each for entry in offered for each in (entry.count, entry.while_on) if each]
        numbers = _numbers(list(dict.fromkeys(asked)), reader)
        offered = [one for one in offered if one.while_on is None or numbers[one.while_on]]
        counts = {entry: numbers[entry.count] if entry.count else 0 for entry in offered}
        return {
            entry: count for entry, count in counts.items() if count or entry.always.allows(reader)
        }

    @cached_property
    def _drawn(self) -> dict[NavEntry, NavItem]:
        return {entry: _draw(entry, count) for entry, count in self._counted.items()}

    @cached_property
    def shown(self) -> tuple[Shown, ...]:
        """All that the menu shows besides its language, for whoever keeps a drawing of it."""
        lines = self._counted.items()
        return tuple(Shown(entry.key, n) for entry, n in lines if entry.section in SECTIONS)

    @cached_property
    def letters(self) -> tuple[tuple[str, str], ...]:
        """The letters that lead somewhere after «g», each with its endpoint; drawn by nobody."""
        return tuple((entry.letter, entry.endpoint) for entry in self._counted if entry.letter)

    @cached_property
    def bell(self) -> NavItem | None:
        """What rings at the top of each page; None where nothing may."""
        return next((self._drawn[each] for each in self._drawn if each.section == BELL), None)

    @cached_property
    def sections(self) -> list[NavSection]:
        """The titled groups that hold at least one line."""
        drawn = self._drawn.items()
        groups = (
            NavSection(key, str(label), [item for entry, item in drawn if entry.section == key])
            for key, label in SECTIONS.items()
        )
        return [group for group in groups if group.entries]

    @cached_property
    def tabs(self) -> list[NavItem]:
        """The lines that a phone shows at the bottom, in their order."""
        chosen = [entry for entry in self._drawn if entry.tab is not None]
        return [self._drawn[entry] for entry in sorted(chosen, key=lambda e: e.tab or 0)]


_MENU = "incubator.menu"


def menu() -> Navigation:
    """The menu of the person who asks, counted once a request."""
    found: Navigation = request.environ.setdefault(_MENU, Navigation())
    return found


def count_anew() -> None:
    """What the menu counts has changed within this request."""
    request.environ.pop(_MENU, None)


def _numbers(counts: Sequence[Count], reader: Actor) -> dict[Count, int]:
    counters = [count for count in counts if isinstance(count, Counter)]
    others = [count for count in counts if not isinstance(count, Counter)]
    numbers: dict[Count, int] = dict(zip(counters, counted(counters, reader), strict=True))
    return numbers | {count: count(reader) for count in others}


def _draw(entry: NavEntry, count: int) -> NavItem:
    return NavItem(
        key=entry.key,
        label=str(entry.label),
        endpoint=entry.endpoint,
        icon=entry.icon,
        count=count,
        loud=entry.loud,
        letter=entry.letter,
    )
