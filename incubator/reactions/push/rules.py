"""How long and how urgently a push is worth delivering, and when it is tried again. Pure."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from incubator.network.letters.kinds import kind_named
from incubator.reactions.push.keys import text_of

MOST_TRIES: Final = 8
SOONEST: Final = timedelta(seconds=15)
LATEST: Final = timedelta(hours=6)
# As long as a service may ask us to wait.
LONGEST: Final = timedelta(days=1)
# A service that did not answer is left alone for so long.
REST: Final = timedelta(minutes=5)
A_DAY: Final = timedelta(days=1)
# Who is there may be gone in an hour.
LIVES: Final = {"arrivals": timedelta(hours=1)}
GONE: Final = frozenset({404, 410})
LATER: Final = frozenset({408, 425, 429})
SERVER: Final = 500
TITLE_MOST: Final = 120
TEXT_MOST: Final = 240
TOPIC: Final = 32


def life(kind: str) -> int:
    """For how many seconds a service keeps a push of a kind for a browser that is away (TTL)."""
    return int(LIVES.get(kind, A_DAY).total_seconds())


def urgency(kind: str) -> str:
    """Whether a push may wake a device (RFC 8030): as quiet hours are kept or not."""
    return "normal" if kind_named(kind).waits else "high"


def topic(secret: str, area: str, item_id: int) -> str:
    """By what a service replaces an older push of the same subject; it tells nobody which."""
    told = f"{secret}:{area}:{item_id}".encode()
    return text_of(hashlib.sha256(told).digest())[:TOPIC]


def again(tries: int, wait: str, *, now: datetime) -> datetime:
    """When what was not taken ``tries`` times goes again; ``wait`` is the Retry-After, if any."""
    own = min(SOONEST * int(4 ** (tries - 1)), LATEST)
    return now + max(own, min(_asked(wait, now), LONGEST))


def _asked(wait: str, now: datetime) -> timedelta:
    """How long a service wants us to wait: seconds, or until an instant (RFC 9110)."""
    if wait.isascii() and wait.isdigit():
        return timedelta(seconds=min(int(wait[:9]), int(LONGEST.total_seconds())))
    try:
        until = parsedate_to_datetime(wait)
    except ValueError:
        return timedelta(0)
    return (until if until.tzinfo else until.replace(tzinfo=UTC)) - now


def is_gone(status: int) -> bool:
    """Whether a browser has taken its address back."""
    return status in GONE


def is_late(status: int) -> bool:
    """Whether a service may take it later."""
    return status in LATER or status >= SERVER
