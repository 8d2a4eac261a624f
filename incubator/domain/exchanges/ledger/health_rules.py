"""Figures of a network's health, pure: how long credit waits, and in how few hands it lies."""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

TOP_PCT = 5


def waits(
    entries: Iterable[tuple[float | None, int]], *, before: int = 0
) -> list[tuple[float, int]]:
    """How long each part of what an account gave waited until it was received for: days, cents.

    ``entries`` are (day, cents) in order, ``before`` the balance at their beginning. First in,
    first out; what pays back an earlier debt waited 0 days, what was there before or still waits
    is left out. What was no trade has no day: it moves the balance and tells no wait.
    """
    told: list[tuple[float, int]] = []
    queue: deque[tuple[float | None, int]] = deque([(None, before)] if before > 0 else [])
    debt = max(0, -before)
    for day, cents in entries:
        if cents > 0:
            repaid = min(debt, cents)
            debt -= repaid
            if repaid and day is not None:
                told.append((0.0, repaid))
            if cents > repaid:
                queue.append((day, cents - repaid))
        else:
            debt += _take(queue, -cents, day=day, told=told)
    return told


def _take(
    queue: deque[tuple[float | None, int]],
    cents: int,
    *,
    day: float | None,
    told: list[tuple[float, int]],
) -> int:
    """Take cents from the oldest of a queue; how many it did not hold."""
    while queue and cents:
        since, held = queue.popleft()
        used = min(held, cents)
        cents -= used
        if since is not None and day is not None:
            told.append((day - since, used))
        if held > used:
            queue.appendleft((since, held - used))
    return cents


def median_weighted(told: Sequence[tuple[float, int]]) -> float | None:
    """The days within which half of the cents were spent; None when none were."""
    total = sum(cents for _, cents in told)
    passed = 0
    for days, cents in sorted(told):
        passed += cents
        if passed * 2 >= total:
            return days
    return None


def concentration(balances: Iterable[int]) -> float | None:
    """Which share of all positive balances the top 5 % of accounts hold (at least one does)."""
    every = sorted(balances, reverse=True)
    total = sum(cents for cents in every if cents > 0)
    top = every[: math.ceil(len(every) * TOP_PCT / 100)]
    return sum(cents for cents in top if cents > 0) / total if total else None


def months_owed(negative: int, volume: int, *, months: float) -> float | None:
    """The sum of negative balances in months of average volume; None without any volume."""
    return -negative * months / volume if volume else None
