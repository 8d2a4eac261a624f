"""The daily charge: a job that arms itself for the next day, and may run twice or late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incubator.domain.commitments.pledges import TICK, arm, post_due
from incubator.kernel.db import transaction, utcnow
from incubator.kernel.jobs import job

if TYPE_CHECKING:
    from collections.abc import Mapping


def tick(payload: Mapping[str, Any]) -> None:
    """Charge what is due, and come back tomorrow."""
    del payload
    now = utcnow()
    with transaction():
        post_due(now=now)
        arm(now)


def register() -> None:
    """Let the job runner know the daily charge; safe to repeat."""
    job(TICK)(tick)
