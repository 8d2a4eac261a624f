"""Rounds that time moves, and rounds that are computed anew once a firm is out of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incubator.domain.exchanges.rounds import answering, clock, solving
from incubator.kernel.db import end_read, transaction, utcnow
from incubator.kernel.jobs import job
from incubator.kernel.schedule import hourly

if TYPE_CHECKING:
    from collections.abc import Mapping


@hourly("rounds.hour")
def pass_hour(payload: Mapping[str, Any]) -> None:
    """Remind and leave out who does not answer, one round a transaction."""
    del payload
    now = utcnow()
    due = clock.due(now)
    end_read()
    for round_id in due:
        with transaction():
            clock.pass_hour(round_id, now=now)


@job(answering.RECOMPUTE)
def recompute(payload: Mapping[str, Any]) -> None:
    """Compute a round without the firms that are out of it."""
    solving.compute_again(int(payload["round_id"]), reason=str(payload["reason"]), now=utcnow())
