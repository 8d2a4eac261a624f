"""When things happened in the demo: days ago and a time of day, so that it is always fresh."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# Before nine the demo still lives the day before: nobody has said much at six in the morning.
DAY_BEGINS = time(9)
# The part of the current day that is squeezed into what has passed of it.
DAWN = 7 * 3600
DUSK = 22 * 3600


def day_zero(now: datetime, time_zone: str) -> date:
    """Return the civil date that the demo calls today in ``time_zone``."""
    local = now.astimezone(ZoneInfo(time_zone))
    return local.date() if local.time() >= DAY_BEGINS else local.date() - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class When:
    """A moment counted back from the present, on the clock of ``time_zone`` (IANA)."""

    days_ago: int
    at: time
    time_zone: str

    def day(self, now: datetime) -> date:
        """Return the civil date of this moment, seen from ``now``."""
        return day_zero(now, self.time_zone) - timedelta(days=self.days_ago)

    def instant(self, now: datetime) -> datetime:
        """Return the moment in UTC; never later than ``now``, and in the order of the clock."""
        zone = ZoneInfo(self.time_zone)
        local = now.astimezone(zone)
        day = self.day(now)
        seconds = _seconds(self.at)
        if day == local.date():
            seconds = _squeezed(seconds, _seconds(local.time()))
        at = datetime.combine(day, time(), tzinfo=zone) + timedelta(seconds=seconds)
        return at.astimezone(UTC)


def _seconds(at: time) -> int:
    return at.hour * 3600 + at.minute * 60 + at.second


def _squeezed(seconds: int, passed: int) -> int:
    """Fit a second of the working day into the part of it that has passed."""
    if passed >= DUSK or seconds <= DAWN:
        return seconds
    return DAWN + (seconds - DAWN) * (passed - DAWN - 1) // (DUSK - DAWN)
