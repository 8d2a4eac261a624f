"""When a site is open: pure, in local time, safe on the days when clocks change."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from incubator.kernel.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MINUTES_A_DAY = 1440
SPANS_A_DAY = 2
MOST_CLOSED_DAYS = 366
LOOK_AHEAD_DAYS = 60

# Minutes after local midnight: from, to (excluded).
Span = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Timetable:
    """A site's week (0 is Monday), and the days on which it stays shut.

    ``closures`` are pairs of dates, the second excluded; ``holidays`` are public holidays.
    ``former`` are the weeks that held before, each with the first day on which it no longer did,
    in order.
    """

    time_zone: str
    week: Mapping[int, Sequence[Span]]
    closures: Sequence[tuple[date, date]] = ()
    holidays: frozenset[date] = field(default_factory=frozenset)
    former: Sequence[tuple[date, Mapping[int, Sequence[Span]]]] = ()

    def week_on(self, day: date) -> Mapping[int, Sequence[Span]]:
        """The week that held on a day."""
        return next((week for until, week in self.former if day < until), self.week)


@dataclass(frozen=True)
class Opening:
    """A stretch of time during which a site is open; UTC instants, the end excluded."""

    starts: datetime
    ends: datetime


@dataclass(frozen=True)
class Status:
    """Whether a site is open at an instant, until when, or when it opens next (UTC)."""

    is_open: bool
    until: datetime | None = None
    opens: datetime | None = None


def instant_of(day: date, minutes: int, time_zone: str) -> datetime:
    """The first instant at which a zone's clocks show so many minutes after midnight, or later.

    On the day when clocks jump over that time, it is the instant of the jump.
    """
    zone = ZoneInfo(time_zone)
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    found = wall.replace(tzinfo=zone).astimezone(UTC)
    if _shown(found, zone) == wall:
        return found
    found = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    while _shown(found, zone) < wall:
        found += timedelta(minutes=1)
    return found


def _shown(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)


def is_shut(table: Timetable, day: date) -> bool:
    """Whether a closure or a public holiday shuts the site on a day."""
    return day in table.holidays or any(start <= day < end for start, end in table.closures)


def openings_on(table: Timetable, day: date) -> list[Opening]:
    """When the site is open on a local day, in order."""
    if is_shut(table, day):
        return []
    spans = (
        Opening(instant_of(day, opens, table.time_zone), instant_of(day, closes, table.time_zone))
        for opens, closes in sorted(table.week_on(day).get(day.weekday(), ()))
    )
    return [span for span in spans if span.starts < span.ends]


def openings_from(table: Timetable, instant: datetime) -> Iterator[Opening]:
    """The openings that end after an instant, within the next 60 days."""
    today = instant.astimezone(ZoneInfo(table.time_zone)).date()
    for ahead in range(-1, LOOK_AHEAD_DAYS):
        for opening in openings_on(table, today + timedelta(days=ahead)):
            if opening.ends > instant:
                yield opening


def open_at(table: Timetable, instant: datetime) -> bool:
    """Whether the site is open at an instant."""
    return status_at(table, instant).is_open


def status_at(table: Timetable, instant: datetime) -> Status:
    """Whether the site is open, and when that changes; an opening that goes on at once is one."""
    coming = openings_from(table, instant)
    current = next(coming, None)
    if current is None:
        return Status(is_open=False)
    if current.starts > instant:
        return Status(is_open=False, opens=current.starts)
    until = current.ends
    for following in coming:
        if following.starts != until:
            break
        until = following.ends
    return Status(is_open=True, until=until)


def check_week(week: Mapping[int, Sequence[Span]]) -> None:
    """Refuse hours that end before they begin, overlap, or are more than two a day."""
    for weekday, spans in week.items():
        ordered = sorted(spans)
        name = f"day{weekday}"
        if not 0 <= weekday <= 6 or len(ordered) > SPANS_A_DAY:  # noqa: PLR2004 - days of a week
            raise Refusal("sites.too_many_spans", field=name, most=SPANS_A_DAY)
        if any(not 0 <= opens < closes <= MINUTES_A_DAY for opens, closes in ordered):
            raise Refusal("sites.hours_order", field=name)
        if any(before[1] > after[0] for before, after in pairwise(ordered)):
            raise Refusal("sites.hours_overlap", field=name)


def check_closure(starts_on: date, ends_on: date) -> None:
    """Refuse a closure that ends before it begins (the end is excluded) or lasts over a year."""
    if ends_on <= starts_on:
        raise Refusal("sites.closure_order", field="ends_on")
    if (ends_on - starts_on).days > MOST_CLOSED_DAYS:
        raise Refusal("sites.closure_long", field="ends_on", most=MOST_CLOSED_DAYS)
