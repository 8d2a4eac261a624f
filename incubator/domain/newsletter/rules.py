"""When a letter is drafted and leaves, in the time of its site, and what it may hold: pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from incubator.kernel.errors import Refusal
from incubator.network.sites.rules import instant_of

# In the order in which a new draft tells them.
KINDS: Final = ("notice", "solved", "answer", "member", "hours", "call", "slot", "closure")
# What waits for help waits every week: it is told, and makes no letter by itself.
STANDING: Final = frozenset({"call"})
FEWEST: Final = 3
STATES: Final = ("draft", "sent", "skipped", "quiet")
THURSDAY, FRIDAY, SUNDAY = 4, 5, 7
DRAFTED_AT: Final = 7 * 60
LEAVES_AT: Final = 9 * 60
WEEK: Final = timedelta(days=7)
# The matter of quiet weeks is carried so far.
CARRIED: Final = timedelta(days=35)
# A draft made late (the machine was off) still gives its managers these hours.
TIME_TO_READ: Final = timedelta(hours=4)
# What could not leave in time waits for a person: nobody wants old news by surprise.
TOO_LATE: Final = timedelta(days=3)
TITLE_MOST: Final = 120
WORDS_MOST: Final = 3000
LINE_MOST: Final = 200


class Week(NamedTuple):
    """A week as people number them (ISO): the year that its Thursday is in, and its number."""

    year: int
    number: int

    def day(self, weekday: int) -> date:
        """A day of it; 1 is Monday."""
        return date.fromisocalendar(self.year, self.number, weekday)

    @property
    def ends_month(self) -> bool:
        """Whether its Thursday is the last of a month."""
        return (self.day(THURSDAY) + WEEK).month != self.day(THURSDAY).month


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A letter to be: its week, what it tells of («since» included, «until» not), when it leaves.

    Instants are UTC.
    """

    week: Week
    since: datetime
    until: datetime
    leaves_at: datetime


def due_week(now: datetime, zone: str) -> Week | None:
    """The week whose letter is to be drafted at an instant: from Thursday 7:00 to Saturday."""
    week = Week(*now.astimezone(ZoneInfo(zone)).isocalendar()[:2])
    begins = instant_of(week.day(THURSDAY), DRAFTED_AT, zone)
    ends = instant_of(week.day(SUNDAY), 0, zone)
    return week if begins <= now < ends else None


def plan_for(week: Week, zone: str, *, now: datetime, carried: datetime | None) -> Plan:
    """The letter of a week: it begins where the last one ended (``carried``), 35 days at most."""
    until = instant_of(week.day(THURSDAY), DRAFTED_AT, zone)
    since = week_before(week, zone)
    if carried is not None and carried < until:
        since = max(carried, until - CARRIED)
    leaves = instant_of(week.day(FRIDAY), LEAVES_AT, zone)
    return Plan(week=week, since=since, until=until, leaves_at=max(leaves, now + TIME_TO_READ))


def week_before(week: Week, zone: str) -> datetime:
    """A week before a letter is drafted, by the clocks of its site."""
    return instant_of(week.day(THURSDAY) - WEEK, DRAFTED_AT, zone)


def days_of(since: datetime, until: datetime, zone: str) -> tuple[date, date]:
    """The days that a letter tells of, the second excluded: its Thursday is the next one's."""
    place = ZoneInfo(zone)
    return since.astimezone(place).date(), until.astimezone(place).date()


def clean(text: str, field: str, most: int) -> str:
    """The text without spaces around it; it may be empty, and not too long."""
    trimmed = text.strip()
    if len(trimmed) > most:
        raise Refusal("newsletter.too_long", field=field, most=most)
    return trimmed
