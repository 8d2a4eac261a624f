"""The ribbon of a day: where each thing stands between morning and evening. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

COLUMNS = 48
MARKS = 12
HOUR = 60
DAY = 24 * HOUR
# From eight to twenty; the whole day when something lies outside.
USUAL, WHOLE = (8 * HOUR, 20 * HOUR), (0, DAY)
LANES = 3
# What is shorter has no room for its words, which take so many columns beside it.
ROOMY, WORDS = 4, 7


@dataclass(frozen=True, kw_only=True)
class DayItem:
    """Something of a person's day, in UTC. ``kind`` is «due», «here» or «event»."""

    starts_at: datetime
    ends_at: datetime
    title: str
    address: str
    kind: str = "event"


class Placed(NamedTuple):
    """An item on the ribbon: from column to column, in which lane.

    Its words stand in it, «after» or «before» it where these columns are free, or are but «told».
    """

    item: DayItem
    start: int
    end: int
    lane: int
    words: str = "in"


class Mark(NamedTuple):
    """An hour written above the ribbon: minutes after midnight and the column."""

    minutes: int
    start: int


class Ribbon(NamedTuple):
    """A day as it is drawn; ``now`` is the column of the present, if it is on the ribbon."""

    marks: tuple[Mark, ...]
    placed: tuple[Placed, ...]
    now: int | None
    lanes: int


def ribbon(items: Iterable[DayItem], *, now: datetime, time_zone: str) -> Ribbon:
    """The ribbon of the civil day that it is in a zone (IANA name)."""
    zone = ZoneInfo(time_zone)
    local = now.astimezone(zone)
    today = local.date()
    spans = sorted(
        (
            (_minutes(item.starts_at, today, zone), _minutes(item.ends_at, today, zone), item)
            for item in items
        ),
        key=lambda span: span[:2],
    )
    spans = [span for span in spans if span[1] > 0 and span[0] < DAY]
    fits = all(USUAL[0] <= start and end <= USUAL[1] for start, end, _item in spans)
    window = USUAL if fits else WHOLE
    placed = _placed(spans, window)
    minute = local.hour * HOUR + local.minute
    return Ribbon(
        tuple(_marks(window)),
        placed,
        _column(minute, window) if window[0] <= minute < window[1] else None,
        max((each.lane for each in placed), default=1),
    )


def _minutes(instant: datetime, today: date, zone: ZoneInfo) -> int:
    """Minutes after the midnight of a day by the clock on the wall, kept within the day."""
    local = instant.astimezone(zone)
    if local.date() != today:
        return 0 if local.date() < today else DAY
    return local.hour * HOUR + local.minute


def _column(minute: int, window: tuple[int, int]) -> int:
    return round((minute - window[0]) * COLUMNS / (window[1] - window[0]))


def _marks(window: tuple[int, int]) -> Iterable[Mark]:
    step = (window[1] - window[0]) // MARKS
    for minute in range(window[0], window[1], step):
        yield Mark(minute, _column(minute, window))


def _placed(
    spans: Iterable[tuple[int, int, DayItem]], window: tuple[int, int]
) -> tuple[Placed, ...]:
    """Each in the first lane that is free; what finds none shares the last."""
    free = [0] * LANES
    placed = []
    for start, end, item in spans:
        first = min(_column(start, window), COLUMNS - 1)
        last = max(_column(end, window), first + 1)
        lane = next((n for n, until in enumerate(free) if until <= first), LANES - 1)
        free[lane] = last
        placed.append(Placed(item, first, last, lane + 1))
    return tuple(_worded(placed))


def _worded(placed: Sequence[Placed]) -> Iterable[Placed]:
    """Where the words of each stand: two never share a column of a lane."""
    taken = {(each.lane, column) for each in placed for column in range(each.start, each.end)}
    for each in placed:
        places = {
            "after": range(each.end, each.end + WORDS),
            "before": range(each.start - WORDS, each.start),
        }
        words = "in" if each.end - each.start >= ROOMY else "told"
        for place, columns in places.items():
            wanted = {(each.lane, column) for column in columns}
            inside = columns.start >= 0 and columns.stop <= COLUMNS
            if words == "told" and inside and not wanted & taken:
                words, taken = place, taken | wanted
        yield each._replace(words=words)
