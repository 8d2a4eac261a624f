"""What features offer to shared pages: lines of the menu and panels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from incubator.edge.access import Access, members

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask_babel.speaklater import LazyString

    from incubator.network.members.actor import Actor
    from incubator.network.members.reader import Counter

# actions: buttons under the greeting; hero_side: in the green band beside it;
# main: the wide column; side: the narrow one.
SLOTS = ("actions", "hero_side", "main", "side")
PAGES = ("member", "site")
PAGE_SLOTS = ("main", "side")


@dataclass(frozen=True, kw_only=True, eq=False)
class NavEntry:
    """A line of the menu. ``count`` is what waits for the person; ``tab`` its place on a phone.

    Counters of all lines are read in one statement; a function is for what one cannot say.
    """

    key: str
    label: LazyString
    endpoint: str
    icon: str
    section: str = "main"
    order: int = 50
    tab: int | None = None
    may: Access = members
    count: Counter | Callable[[Actor], int] | None = None
    loud: bool = False


def _no_values(reader: Actor) -> Mapping[str, object]:
    del reader
    return {}


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A part of the first page.

    ``load`` gives the values of ``template`` for a reader, or None when there is nothing to
    show. ``order`` sorts the panels of a slot; ``may`` says who gets it.
    """

    key: str
    slot: str
    template: str
    load: Callable[[Actor], Mapping[str, object] | None] = _no_values
    order: int = 50
    may: Access = members

    def __post_init__(self) -> None:
        """Refuse a place that the page does not have."""
        if self.slot not in SLOTS:
            msg = f"panel {self.key}: no slot {self.slot}"
            raise ValueError(msg)


@dataclass(frozen=True, kw_only=True)
class PagePanel:
    """A part of the page of a member or of a site; ``load`` also gets the id of who or what."""

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
