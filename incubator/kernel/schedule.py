"""Work that comes round: once an hour each kind becomes a job, whoever runs the jobs.

An hour and not a day, because the days of the sites begin at different instants. A handler
catches up by itself: an hour missed (the machine was off) is not done again later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.kernel.jobs import Handler, job, later

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

_hourly: list[str] = []


def hourly(kind: str) -> Callable[[Handler], Handler]:
    """Name the function that does ``kind`` once an hour; it may run twice and must not mind."""
    register = job(kind)

    def both(handler: Handler) -> Handler:
        if kind not in _hourly:
            _hourly.append(kind)
        return register(handler)

    return both


def write_hourly(now: datetime) -> None:
    """Write the jobs of this hour in the caller's transaction; those already written stay."""
    for kind in _hourly:
        later(kind, {}, at=now, key=f"{kind}:{now:%Y-%m-%dT%H}")
