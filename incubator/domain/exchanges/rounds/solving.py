"""A round is solved outside of the database's locks, and again while debts move under it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from incubator.domain.exchanges.rounds import computing, records, rules, running
from incubator.kernel.db import end_read, transaction
from incubator.kernel.errors import Conflict

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.exchanges.rounds.models import Round
    from incubator.network.members.actor import Actor

TRIES: Final = 5
# A debt, a firm or the round itself is no longer what it was when the round was solved.
MOVED: Final = frozenset({"rounds.moved", "invoices.moved"})


def compute(
    by: Actor | None, round_id: int, *, reason: str, now: datetime, agreed_only: bool = False
) -> Round:
    """Compute a round and keep what was found; makes transactions of its own.

    Raise as ``computing.keep``; Conflict ``rounds.moved`` if debts move faster than it solves.
    """
    for _ in range(TRIES - 1):
        try:
            return _once(by, round_id, reason=reason, now=now, agreed_only=agreed_only)
        except Conflict as moved:
            _again(moved)
    return _once(by, round_id, reason=reason, now=now, agreed_only=agreed_only)


def execute(by: Actor, round_id: int, *, now: datetime) -> Round:
    """Execute a round; what drops out at the last moment is computed away first.

    Raise as ``running.execute``.
    """
    for _ in range(TRIES - 1):
        try:
            with transaction():
                return running.execute(by, round_id, now=now)
        except Conflict as moved:
            _again(moved)
            compute(None, round_id, reason="moved", now=now, agreed_only=True)
    with transaction():
        return running.execute(by, round_id, now=now)


def compute_again(round_id: int, *, reason: str, now: datetime) -> None:
    """Compute a round that was shown once firms are out of it; nothing of one that has ended."""
    state = records.seen(round_id).state
    end_read()
    if state in rules.SHOWN:
        compute(None, round_id, reason=reason, now=now, agreed_only=reason == "silent")


def _once(
    by: Actor | None, round_id: int, *, reason: str, now: datetime, agreed_only: bool
) -> Round:
    planned = computing.plan(round_id, reason=reason, agreed_only=agreed_only)
    with transaction():
        return computing.keep(by, planned, now=now)


def _again(conflict: Conflict) -> None:
    if conflict.code not in MOVED:
        raise conflict
