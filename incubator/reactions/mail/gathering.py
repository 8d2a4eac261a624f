"""Letters that gather: what comes within half an hour is told in one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

HALF_HOUR: Final = timedelta(minutes=30)


def next_half_hour(now: datetime) -> datetime:
    """The end of the half hour that runs."""
    start = now.replace(minute=now.minute - now.minute % 30, second=0, microsecond=0)
    return start + HALF_HOUR
