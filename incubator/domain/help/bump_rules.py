"""When news of a thread may be told by mail; pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from incubator.network.letters.quiet_rules import Quiet

# Several posts within these minutes make one letter; after it, a thread is silent for an hour.
GATHERED: Final = timedelta(minutes=2)
BETWEEN: Final = timedelta(hours=1)


def due_at(now: datetime, quiet: Quiet, *, told_at: datetime | None = None) -> datetime:
    """When a letter about something that happened ``now`` may go, outside the quiet hours."""
    earliest = now + GATHERED
    if told_at is not None:
        earliest = max(earliest, told_at + BETWEEN)
    return quiet.after(earliest)
