"""The one place where pages read the clock, so that tests can stop it."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Generator

_stopped: ContextVar[datetime | None] = ContextVar("stopped", default=None)


def now() -> datetime:
    """The present instant, in UTC."""
    return _stopped.get() or datetime.now(UTC)


def today(time_zone: str) -> date:
    """The civil day it is in a zone (IANA name)."""
    return now().astimezone(ZoneInfo(time_zone)).date()


@contextmanager
def stopped_at(instant: datetime) -> Generator[None]:
    """Stop the clock at an instant."""
    token = _stopped.set(instant)
    try:
        yield
    finally:
        _stopped.reset(token)
