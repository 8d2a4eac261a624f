"""From sessions to counted minutes: civil days, union of what overlaps, one rounding; pure.

Instants are aware and in UTC, so that a difference is time that really passed (two instants of the
same zone would be subtracted by wall clock). A day is the civil day of the site where one was.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterable

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
NOTHING = timedelta()


@dataclass(frozen=True, slots=True)
class Stay:
    """Time spent at a site, by session; ``zone`` is the site's (IANA name)."""

    id: int
    site_id: int
    zone: str
    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """The time that passed."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Part:
    """What lies of a stay in one civil day of its site."""

    stay_id: int
    site_id: int
    day: date
    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """The time that passed."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class DayTotal:
    """What counts of a member's presence at a site on a day."""

    day: date
    site_id: int
    seconds: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Rounding:
    """How seconds become counted minutes: steps of ``step`` minutes, down or to the nearest."""

    step: int = 1
    mode: Literal["floor", "nearest"] = "floor"

    def minutes(self, seconds: int) -> int:
        """The counted minutes of a day at a site; half a step goes up when rounding to nearest."""
        step = self.step * 60
        return (seconds + (step // 2 if self.mode == "nearest" else 0)) // step * self.step


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """Bounds of a session and of a day, in minutes."""

    min_session: int
    max_session: int
    max_day: int


Problem = Literal["future", "order", "too_long", "day_full"]


def day_start(day: date, zone: str) -> datetime:
    """The first instant of a civil day in a zone; where midnight is skipped, the one after it."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def split(stay: Stay) -> list[Part]:
    """A stay cut at the midnights of its site: the parts are as long as the stay."""
    parts = []
    here, day = stay.start, stay.start.astimezone(ZoneInfo(stay.zone)).date()
    while here < stay.end:
        edge = min(day_start(day + DAY, stay.zone), stay.end)
        # A day that a zone left out (Apia, 30 December 2011) has no part.
        if edge > here:
            parts.append(Part(stay.id, stay.site_id, day, here, edge))
        here, day = edge, day + DAY
    return parts


def union(stays: Iterable[Stay]) -> list[Stay]:
    """One member's stays without their overlaps, which belong to the stay that began first."""
    free, seen = [], None
    for stay in sorted(stays, key=lambda one: (one.start, one.id)):
        start = stay.start if seen is None else max(stay.start, seen)
        if start < stay.end:
            free.append(replace(stay, start=start))
            seen = stay.end
    return free


def day_parts(stays: Iterable[Stay]) -> list[Part]:
    """One member's presence as parts of civil days, no instant twice, in order of time."""
    return [part for stay in union(stays) for part in split(stay)]


def day_totals(stays: Iterable[Stay], rounding: Rounding) -> list[DayTotal]:
    """What counts per day and site, rounded once each; in order of day, then site."""
    sums: dict[tuple[date, int], timedelta] = defaultdict(timedelta)
    for part in day_parts(stays):
        sums[part.day, part.site_id] += part.length
    return [
        DayTotal(day, site_id, total // SECOND, rounding.minutes(total // SECOND))
        for (day, site_id), total in sorted(sums.items())
    ]


def is_void(stay: Stay, limits: SessionLimits) -> bool:
    """Whether a stay is too short to be one: no error, it just counts for nothing."""
    return stay.length < limits.min_session * MINUTE


def problem(
    stay: Stay, others: Iterable[Stay], *, limits: SessionLimits, now: datetime
) -> Problem | None:
    """Why a stay may not be counted beside the member's others: a code, or None.

    A person at a form is told so; a session closed by the house becomes presumed.
    """
    if stay.end > now:
        return "future"
    if stay.end < stay.start:
        return "order"
    if stay.length > limits.max_session * MINUTE:
        return "too_long"
    touched = {part.day for part in split(stay)}
    sums: dict[date, timedelta] = defaultdict(timedelta)
    for part in day_parts([*others, stay]):
        sums[part.day] += part.length
    full = any(sums[day] > limits.max_day * MINUTE for day in touched)
    return "day_full" if full else None
