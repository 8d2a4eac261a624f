"""When digests come, by the clocks of where somebody lives: pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from incubator.kernel.errors import Refusal
from incubator.network.letters.kinds import DAILY
from incubator.network.letters.quiet_rules import DAY
from incubator.network.sites.rules import instant_of

WEEK: Final = 7


@dataclass(frozen=True)
class Pace:
    """A daily digest comes at ``minutes`` after local midnight, a weekly one on ``weekday`` then.

    Monday is 0.
    """

    minutes: int = 8 * 60
    weekday: int = 0


USUAL: Final = Pace()


class Due(NamedTuple):
    """When a digest may go, and of which local day it is: there is one a day."""

    at: datetime
    day: date


def check(pace: Pace) -> Pace:
    """What may be stored; raise Refusal ``letters.pace``."""
    if not (0 <= pace.minutes < DAY and 0 <= pace.weekday < WEEK):
        raise Refusal("letters.pace", field="digest_at")
    return pace


def next_due(rhythm: str, now: datetime, *, pace: Pace, zone: str) -> Due:
    """The first digest after an instant; on a day whose clocks jump over it, when they jump."""
    day = now.astimezone(ZoneInfo(zone)).date()
    while True:
        comes = rhythm == DAILY or day.weekday() == pace.weekday
        if comes and (at := instant_of(day, pace.minutes, zone)) > now:
            return Due(at, day)
        day += timedelta(days=1)
