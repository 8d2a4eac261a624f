"""What the pages show of a site's hours: now, this week, and the days that are off."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from incubator.blueprints.sites.words import weekdays
from incubator.edge.clock import now, today
from incubator.edge.formats import clock, clock_minutes, day
from incubator.edge.locale import clocks_differ, language, time_zone
from incubator.network.sites import public_holidays
from incubator.network.sites.rules import (
    LOOK_AHEAD_DAYS,
    Status,
    Timetable,
    is_shut,
    openings_on,
    status_at,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from incubator.network.sites.models import Closure, Site
    from incubator.network.sites.rules import Opening


@dataclass(frozen=True)
class Standing:
    """Whether a site is open now, in words of its own time."""

    is_open: bool
    words: str


@dataclass(frozen=True)
class WeekdayHours:
    """A line of the week: hours at the site, and at the reader's when their clocks differ."""

    name: str
    here: str
    there: str
    is_today: bool


@dataclass(frozen=True)
class DayOff:
    """A closure (``closure_id``) or a public holiday, the last day included."""

    first: date
    last: date
    words: str
    kind: str
    closure_id: int | None = None
    everywhere: bool = False


def standing(site: Site, table: Timetable) -> Standing:
    """Open until when, or closed until when."""
    status = status_at(table, now())
    return Standing(status.is_open, _words(status, site.time_zone))


def _words(status: Status, zone: str) -> str:
    if status.until:
        return _("Open until %(clock)s", clock=clock(status.until, zone))
    if status.opens is None:
        return _("Closed for now")
    opens = clock(status.opens, zone)
    ahead = (status.opens.astimezone(ZoneInfo(zone)).date() - today(zone)).days
    if ahead > 1:
        return _("Closed, opens %(day)s at %(clock)s", day=day(status.opens, zone), clock=opens)
    near = (_("Closed, opens at %(clock)s"), _("Closed, opens tomorrow at %(clock)s"))
    return near[ahead] % {"clock": opens}


def hours_of_day(table: Timetable) -> str:
    """The hours of today at the site: «8 h 00 – 12 h 00, 13 h 00 – 19 h 00»."""
    local_day = today(table.time_zone)
    if is_shut(table, local_day):
        return _("Closed today")
    return _spans(table.week.get(local_day.weekday(), ())) or _("Closed today")


def _spans(spans: Sequence[tuple[int, int]]) -> str:
    return ", ".join(
        f"{clock_minutes(opens)} – {clock_minutes(closes % 1440)}"
        for opens, closes in sorted(spans)
    )


def week_of(table: Timetable) -> list[WeekdayHours]:
    """The usual week from Monday on, as it falls in the coming seven days."""
    usual = replace(table, closures=(), holidays=frozenset())
    local_day = today(table.time_zone)
    other = clocks_differ(table.time_zone)
    lines = []
    for weekday, name in enumerate(weekdays()):
        date_of = local_day + timedelta(days=(weekday - local_day.weekday()) % 7)
        there = _theirs(openings_on(usual, date_of), date_of) if other else ""
        here = _spans(table.week.get(weekday, ()))
        lines.append(WeekdayHours(name, here, there, is_today=date_of == local_day))
    return lines


def _theirs(openings: Iterable[Opening], local_day: date) -> str:
    """The same hours on the reader's clock, with the day where it is another."""
    zone = ZoneInfo(time_zone())

    def told(instant: datetime) -> str:
        shift = (instant.astimezone(zone).date() - local_day).days
        mark = {1: _("next day"), -1: _("day before")}.get(shift)
        return f"{clock(instant)} ({mark})" if mark else clock(instant)

    return ", ".join(f"{told(each.starts)} – {told(each.ends)}" for each in openings)


def days_off(site: Site, closures: Iterable[Closure]) -> list[DayOff]:
    """Closures and public holidays of the next 60 days, in order."""
    first = today(site.time_zone)
    end = first + timedelta(days=LOOK_AHEAD_DAYS)
    holidays = public_holidays.between(
        site.country, site.subdivision, span=(first, end), language=language()
    )
    found = [DayOff(each, each, name, "public") for each, name in holidays.items()]
    found += [
        DayOff(
            closure.starts_on,
            closure.ends_on - timedelta(days=1),
            closure.reason,
            closure.kind,
            closure_id=closure.id,
            everywhere=closure.site_id is None,
        )
        for closure in closures
        if closure.starts_on < end and closure.ends_on > first
    ]
    return sorted(found, key=lambda each: (each.first, each.last))
