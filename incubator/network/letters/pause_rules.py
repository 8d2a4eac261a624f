"""Until when nothing comes, by the clocks of where somebody lives: pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from incubator.network.letters.pace_rules import WEEK
from incubator.network.sites.rules import instant_of

MORNING: Final = 8 * 60


def until(length: str, now: datetime, zone: str) -> datetime | None:
    """The morning when it ends: «tomorrow», «monday» or in a «week»; None for anything else."""
    today = now.astimezone(ZoneInfo(zone)).date()
    days = {"tomorrow": 1, "monday": WEEK - today.weekday(), "week": WEEK}.get(length)
    return instant_of(today + timedelta(days=days), MORNING, zone) if days else None
