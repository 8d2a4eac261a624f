"""What an administrator does about hours from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.domain.commitments import slot_hourly, ticking, verifying
from incubator.kernel.db import transaction

if TYPE_CHECKING:
    from datetime import datetime


def tick(now: datetime) -> str:
    """Do what time owes; what was done, in a sentence."""
    return f"{ticking.tick(now).words} {slot_hourly.slots_tick(now)} act(s) about slots."


def verify(now: datetime) -> list[str]:
    """Each fault of the hours in a line; none is well."""
    return [f"invariant {fault.invariant}: {fault.words}" for fault in verifying.verify(now)]


def rebuild(now: datetime) -> str:
    """Add the standings up again; how many, in a sentence."""
    with transaction():
        made = verifying.rebuild(now)
    return f"{made} standing(s) added up from the ledger."
