"""Duties that recur, in their site's local time: which slots there are, who comes, who fits; pure.

A slot of a series is known by its local day, so that a new hour moves it and adds none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from incubator.domain.commitments.rules import FOREVER, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DAY = timedelta(days=1)
WEEK = 7
MINUTE = timedelta(minutes=1)
TOLERANCE = 15 * MINUTE  # who misses less than that of a slot was there
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST_WEEKS = 52
USUAL_DAY, STILL_OWES, AT_HOME = 4, 2, 1  # what speaks for a slot, most first

Hours = tuple[datetime, datetime]
Coverage = Literal["empty", "thin", "ok", "full"]
Attendance = Literal["done", "partial", "missed"]


@dataclass(frozen=True, slots=True)
class Weekly:
    """On which weekdays (0 is Monday), every how many weeks."""

    weekdays: frozenset[int]
    every: int = 1

    @property
    def rrule(self) -> str:
        """The same as an RRULE of iCalendar."""
        days = ",".join(DAYS[number] for number in sorted(self.weekdays))
        return f"FREQ=WEEKLY;INTERVAL={self.every};BYDAY={days}"

    @classmethod
    def parse(cls, rrule: str) -> Weekly:
        """Read such an RRULE; raise ValueError for any other."""
        parts = dict(part.split("=", 1) for part in rrule.split(";"))
        weekdays = frozenset(DAYS.index(day) for day in parts.pop("BYDAY", "").split(","))
        every = int(parts.pop("INTERVAL", "1"))
        if parts != {"FREQ": "WEEKLY"} or not 1 <= every <= MOST_WEEKS:
            raise ValueError(rrule)
        return cls(weekdays, every)


@dataclass(frozen=True, slots=True)
class Series:
    """A recurring duty: minutes after local midnight, minutes long, from a day to before another.

    The weeks of ``every`` are counted from the one of ``valid_from``.
    """

    weekly: Weekly
    zone: str
    local_start: int
    duration: int
    valid_from: date
    valid_to: date | None = None

    def falls_on(self, day: date) -> bool:
        """Whether the duty recurs on a day."""
        if not self.valid_from <= day < (self.valid_to or FOREVER):
            return False
        weeks = (_monday(day) - _monday(self.valid_from)).days // WEEK
        return day.weekday() in self.weekly.weekdays and weeks % self.weekly.every == 0

    def hours(self, day: date) -> Hours:
        """Its start and end on a day: the wall clock says when, its length is time that passes.

        A start that the spring change leaves out is an hour later, one that comes twice in autumn
        is the first.
        """
        clock = datetime.combine(day, time(), ZoneInfo(self.zone)) + self.local_start * MINUTE
        start = clock.astimezone(UTC)
        return start, start + self.duration * MINUTE


@dataclass(frozen=True, slots=True)
class Kept:
    """A slot that exists: its hours, whether it is cancelled, whether it was changed by hand."""

    hours: Hours
    cancelled: bool = False
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    """What to do with the slots of a series, by local day.

    ``add`` are new or take place again, ``move`` have other hours, ``cancel`` no longer recur.
    """

    add: Mapping[date, Hours]
    move: Mapping[date, Hours]
    cancel: tuple[date, ...]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def expand(series: Series, span: Span, *, closed: Iterable[Span] = ()) -> dict[date, Hours]:
    """The slots of a series in a span by local day, without those of closed days."""
    shut = tuple(closed)
    days = (span.starts_on + number * DAY for number in range(span.days))
    return {
        day: series.hours(day)
        for day in days
        if series.falls_on(day) and not any(one.shared(day, day + DAY) for one in shut)
    }


def changes(wanted: Mapping[date, Hours], kept: Mapping[date, Kept], *, now: datetime) -> Changes:
    """What makes the slots of a series those wanted; ``kept`` are all there are, whatever state.

    What has begun and what was changed by hand (moved, or cancelled) stays as it is. Done once,
    there is nothing more to do.
    """
    bound = {day for day, one in kept.items() if one.moved or one.hours[0] <= now}
    live = {day: one for day, one in kept.items() if day not in bound and not one.cancelled}
    coming = {d: hours for d, hours in wanted.items() if hours[0] > now and d not in bound}
    return Changes(
        add={day: hours for day, hours in coming.items() if day not in live},
        move={d: h for d, h in coming.items() if d in live and live[d].hours != h},
        cancel=tuple(sorted(day for day in live if day not in wanted)),
    )


def coverage(booked: int, *, least: int, most: int) -> Coverage:
    """How a slot is staffed; whoever looks for a stand-in is not counted on."""
    if booked >= most:
        return "full"
    if booked >= least:
        return "ok"
    return "thin" if booked else "empty"


def cancelling(start: datetime, *, now: datetime, notice_hours: int) -> str | None:
    """What becomes of the sign-up of who cannot come: cancelled, stand_in_wanted, None (begun)."""
    if now >= start:
        return None
    early = now + timedelta(hours=notice_hours) <= start
    return "cancelled" if early else "stand_in_wanted"


def attendance(slot: Hours, stays: Iterable[Hours]) -> tuple[Attendance, int]:
    """What the sheet is filled in with, and the minutes there: from stays that do not overlap."""
    shared = (min(slot[1], end) - max(slot[0], start) for start, end in stays)
    there = sum((length for length in shared if length > timedelta()), timedelta())
    if not there // MINUTE:
        return "missed", 0
    whole = there + TOLERANCE >= slot[1] - slot[0]
    return "done" if whole else "partial", there // MINUTE


@dataclass(frozen=True, slots=True)
class Duty:
    """A slot to fill: where, when, on which local weekday, with which skill."""

    site_id: int
    hours: Hours
    weekday: int
    skill_id: int | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Who might come: skills, usual weekdays, home, minutes still owed, when they are taken."""

    id: int
    home_site_id: int | None
    skills: frozenset[int] = frozenset()
    usual: frozenset[int] = frozenset()
    left: int = 0
    busy: tuple[Hours, ...] = ()


def fit(duty: Duty, person: Person) -> int | None:
    """How well a slot suits a person: None when it cannot be, else the more the better.

    A suggestion for one person among slots, or of whom to ask for one slot: no mark of anybody.
    """
    if duty.skill_id is not None and duty.skill_id not in person.skills:
        return None
    if any(start < duty.hours[1] and duty.hours[0] < end for start, end in person.busy):
        return None
    return (
        USUAL_DAY * (duty.weekday in person.usual)
        + STILL_OWES * (person.left > 0)
        + AT_HOME * (duty.site_id == person.home_site_id)
    )


def usual_weekdays(days: Iterable[date], *, least: int = 3) -> frozenset[int]:
    """The weekdays on which somebody came at least so many times of late."""
    came = [day.weekday() for day in set(days)]
    return frozenset(number for number in range(WEEK) if came.count(number) >= least)
