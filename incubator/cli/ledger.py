"""What an administrator does about the barter ledger from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.domain.exchanges.ledger import door, verifying

if TYPE_CHECKING:
    from datetime import datetime


def verify() -> list[str]:
    """Each fault of the ledger in a line; none is well."""
    return [f"invariant {fault.invariant}: {fault.words}" for fault in verifying.verify()]


def heads(now: datetime) -> list[str]:
    """Whether mutual credit is on, and the last links of the latest days, in a line each."""
    state = "on" if door.head().switched_on else "off"
    told = [f"{one.day}  link {one.length}  {one.hash}" for one in verifying.heads(now)]
    return [f"Mutual credit is {state}.", *(told or ["The chain has no link yet."])]
