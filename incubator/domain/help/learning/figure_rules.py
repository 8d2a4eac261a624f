"""How long help takes: medians, nine tenths, working hours; pure.

A month is told by the questions asked in it, and by what came within 31 days of each: so a past
month always tells the same, however late one asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WINDOW: Final = timedelta(days=31)
MINUTE: Final = timedelta(minutes=1)
DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)
OPENS, CLOSES = time(9), time(18)
SATURDAY: Final = 5
DECEMBER: Final = 12
NINE_TENTHS: Final = (9, 10)
# Fewer tell of one person rather than of a skill or a site.
FEW: Final = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as figures need it; ``zone`` is its site's (IANA name)."""

    id: int
    site_id: int | None
    zone: str
    asked_at: datetime
    replied_at: datetime | None
    useful_at: datetime | None
    solved_at: datetime | None
    reopened: int


@dataclass(frozen=True, slots=True)
class Times:
    """The middle and nine tenths of some durations, in minutes; None without any."""

    median: int | None
    most: int | None


@dataclass(frozen=True, slots=True)
class Figures:
    """What became of some questions; see ``models.MonthFigures``."""

    asked: int
    replied: int
    within_24: int
    within_48: int
    within_72: int
    useful: int
    solved: int
    reopened: int
    reply: Times
    reply_work: Times
    solution: Times
    solution_work: Times


def first_of(day: date) -> date:
    """The first day of a month."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """The first day of the month after."""
    if month.month == DECEMBER:
        return date(month.year + 1, 1, 1)
    return date(month.year, month.month + 1, 1)


def months_before(month: date, number: int) -> list[date]:
    """So many months up to one, the oldest first."""
    place = month.year * DECEMBER + month.month - 1
    return [
        date(each // DECEMBER, each % DECEMBER + 1, 1)
        for each in range(place - number + 1, place + 1)
    ]


def working_minutes(start: datetime, end: datetime, zone: str) -> int:
    """Minutes between two instants from 9:00 to 18:00, Monday to Friday, by the clock of a zone."""
    place = ZoneInfo(zone)
    day, last = start.astimezone(place).date(), end.astimezone(place).date()
    total = timedelta()
    while day <= last:
        if day.weekday() < SATURDAY:
            opens = datetime.combine(day, OPENS, place).astimezone(start.tzinfo)
            closes = datetime.combine(day, CLOSES, place).astimezone(start.tzinfo)
            total += max(timedelta(), min(end, closes) - max(start, opens))
        day += DAY
    return total // MINUTE


def times(durations: Sequence[int]) -> Times:
    """The middle and nine tenths; an even number has the mean of the two in the middle."""
    if not durations:
        return Times(None, None)
    ordered = sorted(durations)
    number = len(ordered)
    middle = (ordered[(number - 1) // 2] + ordered[number // 2]) // 2
    part, whole = NINE_TENTHS
    return Times(middle, ordered[-(-number * part // whole) - 1])


def within(asked: Asked, at: datetime | None) -> datetime | None:
    """An instant, if it came in the time in which a question is watched."""
    return at if at is not None and at - asked.asked_at <= WINDOW else None


def figures(some: Iterable[Asked]) -> Figures:
    """What became of some questions."""
    questions = list(some)
    replies = [(each, at) for each in questions if (at := within(each, each.replied_at))]
    solutions = [(each, at) for each in questions if (at := within(each, each.solved_at))]
    waited = [at - each.asked_at for each, at in replies]
    return Figures(
        asked=len(questions),
        replied=len(replies),
        within_24=sum(each <= 24 * HOUR for each in waited),
        within_48=sum(each <= 48 * HOUR for each in waited),
        within_72=sum(each <= 72 * HOUR for each in waited),
        useful=sum(within(each, each.useful_at) is not None for each in questions),
        solved=len(solutions),
        reopened=sum(each.reopened > 0 for each in questions),
        reply=_elapsed(replies),
        reply_work=_working(replies),
        solution=_elapsed(solutions),
        solution_work=_working(solutions),
    )


def _elapsed(some: Sequence[tuple[Asked, datetime]]) -> Times:
    return times([(at - each.asked_at) // MINUTE for each, at in some])


def _working(some: Sequence[tuple[Asked, datetime]]) -> Times:
    return times([working_minutes(each.asked_at, at, each.zone) for each, at in some])
