"""What features offer to shared pages: lines of menus, panels, finds of a search, titles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from incubator.edge.access import Access, anybody, members, signed_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from flask_babel.speaklater import LazyString

    from incubator.edge.ribbon import DayItem
    from incubator.edge.today_rules import Fact
    from incubator.network.members.actor import Actor
    from incubator.network.members.reader import Counter

# actions: buttons under the greeting; hero_side: in the green band beside it;
# desk: what who steers begins with, above; main: the wide column; side: the narrow one.
SLOTS = ("actions", "hero_side", "desk", "main", "side")
PAGES = ("member", "site", "firm", "circle", "thread", "deal", "credit_switch")
PAGE_SLOTS = ("main", "side")


@dataclass(frozen=True, kw_only=True, eq=False)
class NavEntry:
    """A line of the menu. ``count`` is what waits for the person; ``tab`` its place on a phone.

    ``letter`` leads there after «g» on a keyboard.

    Section «bell» is no line: it rings at the top of each page.

    Whom ``always`` leaves out sees the line while something waits; ``while_on`` takes it away
    from everybody while it counts nothing. Counters of all lines are
    read in one statement; a function is for what one cannot say.
    """

    key: str
    label: LazyString
    endpoint: str
    icon: str
    section: str = "main"
    order: int = 50
    tab: int | None = None
    letter: str = ""
    may: Access = members
    always: Access = anybody
    count: Counter | Callable[[Actor], int] | None = None
    while_on: Counter | None = None
    loud: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class SettingsEntry:
    """A page of the reader's settings: its line in their menu, and what is found there."""

    key: str
    label: LazyString
    hint: LazyString
    endpoint: str
    icon: str
    order: int = 50
    may: Access = signed_in


def _no_values(reader: Actor) -> Mapping[str, object]:
    del reader
    return {}


def no_facts(values: Mapping[str, Any]) -> Iterable[Fact]:
    """A panel of which no sentence is made."""
    del values
    return ()


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A part of the first page.

    ``load`` gives the values of ``template`` for a reader, or None when there is nothing to
    show; ``tells`` what of these values may become the sentence of the day. ``order`` sorts the
    panels of a slot; ``may`` says who gets it.
    """

    key: str
    slot: str
    template: str
    load: Callable[[Actor], Mapping[str, object] | None] = _no_values
    tells: Callable[[Mapping[str, Any]], Iterable[Fact]] = no_facts
    order: int = 50
    may: Access = members

    def __post_init__(self) -> None:
        """Refuse a place that the page does not have."""
        if self.slot not in SLOTS:
            msg = f"panel {self.key}: no slot {self.slot}"
            raise ValueError(msg)


@dataclass(frozen=True, kw_only=True)
class DaySource:
    """What a feature knows of a reader's day, between two instants (UTC), for its ribbon."""

    key: str
    load: Callable[[Actor, datetime, datetime], Sequence[DayItem]]
    may: Access = members


class Suggestion(NamedTuple):
    """Something that a member has not done yet: why it is good, what the button says, its page."""

    key: str
    why: LazyString | str
    label: LazyString | str
    address: str


@dataclass(frozen=True, kw_only=True)
class SuggestionSource:
    """What a feature may suggest on the first page: ``keys`` of domain/suggestions/rules.py.

    ``load`` gives those that fit a reader; it is asked only while one of them may be made.
    """

    keys: tuple[str, ...]
    load: Callable[[Actor], Iterable[Suggestion]]
    may: Access = members


@dataclass(frozen=True, kw_only=True)
class PagePanel:
    """A part of the page of a member, site, firm, circle, thread or deal; ``load`` gets its id.

    The page of the switch of mutual credit has no id: its parts get 0.
    """

    key: str
    page: str
    slot: str
    template: str
    load: Callable[[Actor, int], Mapping[str, object] | None]
    order: int = 50
    may: Access = members

    def __post_init__(self) -> None:
        """Refuse a place that no page has."""
        if self.page not in PAGES or self.slot not in PAGE_SLOTS:
            msg = f"panel {self.key}: no place {self.page} {self.slot}"
            raise ValueError(msg)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where an address of ours leads: the values in its path, what stands after its «#»."""

    values: Mapping[str, Any]
    anchor: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Titles:
    """What the pages of some endpoints are called, and what they are («Help thread»).

    ``load`` gives the titles of places in their order, all in few statements: empty where
    there is nothing, or nothing that the reader may read.
    """

    endpoints: tuple[str, ...]
    kind: LazyString
    load: Callable[[Actor, Sequence[Place]], Sequence[str]]


class Hit(NamedTuple):
    """One find of a search: its title, the address it opens and a line below it."""

    title: str
    address: str
    detail: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class SearchSource:
    """A kind of things that the search over everything finds.

    «in:…» names it by its label, its key or what else it is ``called``.
    ``find`` gives at most so many hits for a text, and only what the reader may open; ``more``
    the address of the feature's own search for the same text, if it has one.
    """

    key: str
    label: LazyString
    icon: str
    find: Callable[[Actor, str, int], Sequence[Hit]]
    called: LazyString | str = ""
    more: Callable[[str], str] | None = None
    order: int = 50
    may: Access = members
