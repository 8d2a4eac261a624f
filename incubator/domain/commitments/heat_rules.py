"""How full a site is, by weekday and hour: the median and the peak of a window of days; pure.

Somebody is there in an hour if any of it is theirs, once however many sessions they had. A day on
which nobody came counts as an empty one, unless the site was shut.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HOUR = timedelta(hours=1)
LONGEST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cell:
    """People at a weekday (0 is Monday) and hour of the site's clock, over some days."""

    weekday: int
    hour: int
    median: float
    peak: int

    def percent(self, capacity: int) -> int:
        """The median in percent of the desks, as far as they are known."""
        return round(self.median * 100 / capacity) if capacity else 0


def cells(
    stays: Iterable[tuple[int, datetime, datetime]], days: Sequence[date], zone: str
) -> list[Cell]:
    """From (member, start, end) in UTC to the cells of a week, those without anybody left out.

    ``days`` are the days on which the site was open: those looked at.
    """
    there = _people(stays, zone)
    by_weekday: dict[int, list[date]] = defaultdict(list)
    for day in days:
        by_weekday[day.weekday()].append(day)
    found = []
    for weekday, some in sorted(by_weekday.items()):
        for hour in range(24):
            counts = [len(there.get((day, hour), ())) for day in some]
            if any(counts):
                found.append(Cell(weekday, hour, float(median(counts)), max(counts)))
    return found


def _people(
    stays: Iterable[tuple[int, datetime, datetime]], zone: str
) -> dict[tuple[date, int], set[int]]:
    """Who was there, by day and hour of the site's clock."""
    clock = ZoneInfo(zone)
    there: dict[tuple[date, int], set[int]] = defaultdict(set)
    for member_id, start, end in stays:
        # Whole hours of UTC are not those of every zone: half-hour zones begin between them.
        here = start
        last = min(end, start + LONGEST)
        while here < last:
            local = here.astimezone(clock)
            there[local.date(), local.hour].add(member_id)
            here += HOUR - timedelta(
                minutes=local.minute, seconds=local.second, microseconds=local.microsecond
            )
    return there


def hours_shown(found: Iterable[Cell]) -> range:
    """The hours between the first and the last with anybody; eight to eighteen if there is none."""
    seen = [cell.hour for cell in found]
    return range(min(seen), max(seen) + 1) if seen else range(8, 18)
