"""What happens to sites; ``site_id`` of the event says to which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from incubator.kernel.events import Event

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteOpened(Event):
    """The network has a new site."""

    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteChanged(Event):
    """A site's description changed; ``changed`` names the fields."""

    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class OpeningHoursSet(Event):
    """A site has new opening hours."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DaysClosed(Event):
    """A site, or without ``site_id`` every site, will be shut; ``ends_on`` is excluded."""

    closure_id: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class DaysReopened(Event):
    """A closure was lifted."""

    closure_id: int
    starts_on: date
    ends_on: date
