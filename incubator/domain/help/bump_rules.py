"""When news of a thread may be told by mail; pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

# Several posts within these minutes make one letter; after it, a thread is silent for an hour.
GATHERED: Final = timedelta(minutes=2)
BETWEEN: Final = timedelta(hours=1)
# In the member's own time no letter goes between these.
EVENING: Final = time(20)
MORNING: Final = time(8)


def due_at(now: datetime, zone: str, *, told_at: datetime | None = None) -> datetime:
    """When a letter about something that happened ``now`` may go, for a member of a time zone."""
    earliest = now + GATHERED
    if told_at is not None:
        earliest = max(earliest, told_at + BETWEEN)
    local = earliest.astimezone(ZoneInfo(zone))
    if MORNING <= local.time() < EVENING:
        return earliest
    day = local.date() + timedelta(days=local.time() >= EVENING)
    return datetime.combine(day, MORNING, tzinfo=ZoneInfo(zone)).astimezone(now.tzinfo)
