"""What happens to listings; ``site_id`` of the event is the listing's."""

from __future__ import annotations

from dataclasses import dataclass

from incubator.kernel.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class ListingEvent(Event):
    """Something happened to a listing."""

    listing_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ListingWritten(ListingEvent):
    """A listing was begun, or says something else."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ListingMoved(ListingEvent):
    """A listing is in another state by ``act``; ``reason`` is a manager's who withdrew it."""

    act: str
    before: str
    after: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ListingEnding(ListingEvent):
    """The end of a listing is near or there: ``stage`` is «week», «day» or «end»."""

    stage: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchFound(Event):
    """A search that somebody keeps has found something new."""

    search_id: int
    member_id: int
    number: int
