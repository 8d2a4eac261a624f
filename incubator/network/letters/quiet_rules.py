"""Hours in which nobody is to be disturbed, by the clocks of where somebody lives: pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from incubator.kernel.errors import Refusal
from incubator.network.sites.rules import instant_of

DAY: Final = 24 * 60
MONDAY: Final = 7
SATURDAY: Final = 5


@dataclass(frozen=True)
class Hours:
    """From ``starts`` to ``ends``, in minutes after local midnight, over midnight or not.

    ``nights`` tells whether they hold at all; ``weekends`` are quiet from Saturday's midnight to
    Monday's as well.
    """

    nights: bool = True
    starts: int = 20 * 60
    ends: int = 8 * 60
    weekends: bool = False


USUAL: Final = Hours()


def check(hours: Hours) -> Hours:
    """What may be stored; raise Refusal ``letters.quiet_time`` or ``letters.quiet_same``."""
    for name in ("starts", "ends"):
        if not 0 <= getattr(hours, name) < DAY:
            raise Refusal("letters.quiet_time", field=name)
    if hours.starts == hours.ends:
        raise Refusal("letters.quiet_same", field="ends")
    return hours


@dataclass(frozen=True)
class Quiet:
    """The quiet hours of somebody who lives in a time zone."""

    hours: Hours
    zone: str

    def holds(self, instant: datetime) -> bool:
        """Whether an instant is one of them, as the clocks there show it."""
        local = instant.astimezone(ZoneInfo(self.zone))
        return self._by_weekend(local) or self._by_night(local)

    def after(self, instant: datetime) -> datetime:
        """The first instant from this one on at which somebody may be written to."""
        found = instant
        while self.holds(found):
            found = self._end(found)
        return found

    def _by_weekend(self, local: datetime) -> bool:
        return self.hours.weekends and local.weekday() >= SATURDAY

    def _by_night(self, local: datetime) -> bool:
        minute, hours = local.hour * 60 + local.minute, self.hours
        if hours.starts < hours.ends:
            return hours.nights and hours.starts <= minute < hours.ends
        return hours.nights and not hours.ends <= minute < hours.starts

    def _end(self, instant: datetime) -> datetime:
        """When the quiet span ends that holds at an instant: it is later."""
        local = instant.astimezone(ZoneInfo(self.zone))
        if self._by_weekend(local):
            monday = local.date() + timedelta(days=MONDAY - local.weekday())
            return instant_of(monday, 0, self.zone)
        past = local.hour * 60 + local.minute >= self.hours.ends
        day = local.date() + timedelta(days=past)
        found = instant_of(day, self.hours.ends, self.zone)
        if found > instant:
            return found
        # The clocks were set back over the end: they show it once more.
        again = datetime.combine(day, time(*divmod(self.hours.ends, 60)), ZoneInfo(self.zone))
        return again.replace(fold=1).astimezone(UTC)
