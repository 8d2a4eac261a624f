"""What happens to rings. None says who answered what: a no is nobody's business."""

from __future__ import annotations

from dataclasses import dataclass

from incubator.kernel.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class RingEvent(Event):
    """Something happened to a ring."""

    ring_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RingSuggested(RingEvent):
    """A ring was found and is suggested to its firms.

    ``by_letter`` are those that hear of it by letter too: the others had one within a day.
    """

    by_letter: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class RingLapsed(RingEvent):
    """A ring comes to nothing; who said no, or what changed, is not told."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RingBecameDeal(RingEvent):
    """All firms of a ring are interested: their deal waits for the signatures."""

    deal_id: int
