"""The rules of hours, pure: what may be declared, what is owed, how a month goes.

Minutes are whole; days are civil; spans end before ``ends_on``. Fractions stay exact until the
one rounding.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from incubator.kernel.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

DECEMBER = 12
WEEK = 7
QUARTER = 15  # minutes; advice is given in quarters of an hour
FOREVER = date.max


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Days from ``starts_on`` to the day before ``ends_on``."""

    starts_on: date
    ends_on: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.ends_on - self.starts_on).days

    @property
    def last_day(self) -> date:
        """The last day that belongs to it."""
        return self.ends_on - timedelta(days=1)

    def elapsed(self, today: date) -> int:
        """The part of its days that has begun, in percent."""
        begun = min(max((today - self.starts_on).days + 1, 0), self.days)
        return begun * 100 // self.days

    def shared(self, starts_on: date, ends_on: date | None) -> int:
        """How many of its days lie between two others; no end is for ever."""
        start, end = max(self.starts_on, starts_on), min(self.ends_on, ends_on or FOREVER)
        return max(0, (end - start).days)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a declaration is checked against: minutes, and days back for residents.

    ``help_a_week`` are the minutes that help in threads may come to in a week.
    """

    least: int
    most_a_day: int
    step: int
    back_days: int
    help_a_week: int


@dataclass(frozen=True, slots=True)
class Promise:
    """Minutes per period between two days; no end means until further notice."""

    minutes: int
    valid_from: date
    valid_to: date | None = None


def free_between(
    start: date, end: date | None, taken: Iterable[tuple[date, date | None]]
) -> list[tuple[date, date | None]]:
    """What others leave of the days from ``start`` to ``end`` (excluded; None is for ever)."""
    left, here = [], start
    until = end or FOREVER
    for other_start, other_end in sorted(taken, key=lambda span: span[0]):
        if other_start >= until:
            break
        if other_start > here:
            left.append((here, other_start))
        here = max(here, other_end or FOREVER)
    if here < until:
        left.append((here, until))
    return [(first, None if last == FOREVER else last) for first, last in left]


def civil_day(now: datetime, zone: str) -> date:
    """The day it is in a zone (IANA name)."""
    return now.astimezone(ZoneInfo(zone)).date()


def month_of(day: date) -> Span:
    """The calendar month of a day."""
    return Span(day.replace(day=1), _next_month(day))


def month_before(day: date) -> Span:
    """The calendar month before the one of a day."""
    return month_of(day.replace(day=1) - timedelta(days=1))


def year_of(day: date) -> Span:
    """The calendar year of a day."""
    return Span(date(day.year, 1, 1), date(day.year + 1, 1, 1))


def _next_month(day: date) -> date:
    if day.month == DECEMBER:
        return date(day.year + 1, 1, 1)
    return date(day.year, day.month + 1, 1)


def missing_spans(day: date, first: date | None, end: date | None) -> list[Span]:
    """The spans to add so that ``day`` is covered, without a gap to what lies in [first, end).

    Whatever edges decisions have moved, the added spans stop at the turns of months.
    """
    if first is None or end is None:
        return [month_of(day)]
    if day >= end:
        return _months_between(end, month_of(day).ends_on)
    return _months_between(month_of(day).starts_on, first) if day < first else []


def _months_between(start: date, end: date) -> list[Span]:
    edges = [start]
    while edges[-1] < end:
        edges.append(min(_next_month(edges[-1]), end))
    return [Span(a, b) for a, b in pairwise(edges)]


def check_minutes(minutes: int, *, that_day: int, limits: Limits) -> None:
    """Refuse too few, odd or too many minutes; ``that_day`` are those already given that day."""
    if minutes < limits.least:
        raise Refusal("commitments.too_short", field="duration", least=limits.least)
    if minutes % limits.step:
        raise Refusal("commitments.odd_minutes", field="duration", step=limits.step)
    if minutes + that_day > limits.most_a_day:
        left = max(0, limits.most_a_day - that_day)
        raise Refusal("commitments.day_full", field="duration", left=left)


def week_of(day: date) -> Span:
    """The week of a day, from Monday on."""
    monday = day - timedelta(days=day.weekday())
    return Span(monday, monday + timedelta(days=WEEK))


def check_week(minutes: int, *, that_week: int, limits: Limits) -> None:
    """Refuse more help in threads than a week holds; ``that_week`` is given already."""
    if minutes + that_week > limits.help_a_week:
        left = max(0, limits.help_a_week - that_week)
        raise Refusal("commitments.week_full", field="duration", left=left)


def check_day(day: date, *, today: date, joined_on: date, back_days: int | None) -> None:
    """Refuse the future, days before the member came, and days too far back (None: no limit)."""
    if day > today:
        raise Refusal("commitments.in_the_future", field="day")
    if day < joined_on:
        raise Refusal("commitments.before_joining", field="day")
    if back_days is not None and (today - day).days > back_days:
        raise Refusal("commitments.too_long_ago", field="day", days=back_days)


def counted(minutes: int, percent: int) -> int:
    """The minutes that count of those given, rounded down."""
    return minutes * percent // 100


def due(span: Span, promises: Iterable[Promise], *, joined_on: date | None = None) -> int:
    """Minutes owed for a span: each day owes its promise's share; rounded half up, once.

    Days before ``joined_on`` owe nothing.
    """
    since = joined_on or span.starts_on
    owed = sum(
        (
            Fraction(p.minutes * span.shared(max(p.valid_from, since), p.valid_to), span.days)
            for p in promises
        ),
        Fraction(0),
    )
    return math.floor(owed + Fraction(1, 2))


@dataclass(frozen=True, slots=True)
class Outlook:
    """How a span goes for a member.

    ``state``: none (nothing owed), held, awaiting (held once confirmed), ahead (not begun), pace
    (held on ``day`` at this pace), push (``weekly`` minutes a week are needed), last (``weekly``
    minutes before the end, less than a week away), missed. ``left`` are the minutes still to give.
    """

    state: str
    left: int = 0
    day: date | None = None
    weekly: int = 0


def outlook(span: Span, *, today: date, owed: int, done: int, waiting: int) -> Outlook:
    """What to tell a member about a span; ``waiting`` minutes count as given until decided."""
    left = max(0, owed - done - waiting)
    if owed <= 0 or done >= owed:
        return Outlook("none" if owed <= 0 else "held")
    if not left:
        return Outlook("awaiting", owed - done)
    if span.starts_on <= today < span.ends_on:
        return _running(span, today, left=left, owed=owed)
    return Outlook("ahead" if today < span.starts_on else "missed", left)


def _running(span: Span, today: date, *, left: int, owed: int) -> Outlook:
    given = owed - left
    if given:
        elapsed = (today - span.starts_on).days + 1
        days = math.ceil(Fraction(owed * elapsed, given))
        if days <= span.days:
            return Outlook("pace", left, day=span.starts_on + timedelta(days=days - 1))
    remaining = (span.ends_on - today).days
    if remaining <= WEEK:
        return Outlook("last", left, weekly=left)
    weekly = math.ceil(Fraction(left * WEEK, remaining * QUARTER)) * QUARTER
    return Outlook("push", left, weekly=weekly)
