"""Rules on announcements: pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from incubator.kernel.errors import Refusal

if TYPE_CHECKING:
    from datetime import datetime

TITLE_MOST = 120
BODY_MOST = 5000
LONGEST = timedelta(days=366)


def clean(text: str, field: str, most: int) -> str:
    """The text without spaces around it; refuse an empty or too long one."""
    trimmed = text.strip()
    if not trimmed:
        raise Refusal("notices.empty", field=field)
    if len(trimmed) > most:
        raise Refusal("notices.too_long", field=field, most=most)
    return trimmed


def check_end(expires_at: datetime, now: datetime) -> None:
    """Refuse an announcement that is over before it is read, or that lasts over a year."""
    if expires_at <= now:
        raise Refusal("notices.over", field="last_day")
    if expires_at > now + LONGEST:
        raise Refusal("notices.too_far", field="last_day")
