"""The clockwork of the hours: everything that time owes, done once however often it is asked.

``tick`` may run at any frequency, twice at once, or weeks late. Each step has its own
transactions: who is stopped half-way goes on where they were.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from incubator.domain.commitments import (
    closing,
    dues,
    history,
    planned,
    reviews,
    rounds,
    telling,
)
from incubator.domain.commitments.dues import post_due
from incubator.domain.commitments.pledges import TICK, arm
from incubator.kernel.db import transaction, utcnow
from incubator.kernel.jobs import job
from incubator.kernel.schedule import hourly

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from incubator.domain.commitments.models import Period

HOURLY = "hours.tick"


@dataclass(slots=True)
class Done:
    """What a tick has done, in numbers."""

    presumed: int = 0
    settled: int = 0
    handed_on: int = 0
    charged: int = 0
    counted: int = 0
    accounts: int = 0
    periods: int = 0
    reviewed: int = 0
    told: int = 0

    @property
    def words(self) -> str:
        """One sentence for the log and the command line."""
        return (
            f"{self.presumed} session(s) presumed, {self.settled} settled, {self.handed_on} "
            f"declaration(s) handed to managers, {self.charged} due(s) reckoned, "
            f"{self.counted} session(s) counted, {self.periods} period(s) closed with "
            f"{self.accounts} account(s), {self.reviewed} standing(s) changed, {self.told} told."
        )


def tick(now: datetime) -> Done:
    """Do what is owed at an instant."""
    done = Done()
    with transaction():
        closing.plan_ahead(now)
        closing.begin_closing(now)
    done.presumed = rounds.presume(now)
    done.settled = rounds.settle_unanswered(now)
    done.handed_on = rounds.pass_on_silence(now)
    done.counted = rounds.count_stray(now)
    done.charged = charge_all(now)
    done.periods, done.accounts = close_all(now)
    planned.refresh(now)
    done.reviewed = reviews.review(now)
    done.told = telling.tell(now)
    return done


def charge_all(now: datetime) -> int:
    """Reckon what everybody owes for the periods that have begun and are not closed."""
    with transaction():
        begun = _begun(now)
        some = dues.holders(begun)
    charged = 0
    for batch in dues.batches(some):
        with transaction():
            charged += dues.charge(batch, _begun(now), now=now)
    return charged


def _begun(now: datetime) -> Sequence[Period]:
    today = now.date()
    return [one for one in history.calendar() if one.state != "closed" and one.starts_on <= today]


def close_all(now: datetime) -> tuple[int, int]:
    """Close the periods whose time has come, in their order: how many, and how many accounts."""
    periods = accounts = 0
    while True:
        with transaction():
            period = closing.next_to_close(now)
        if period is None:
            return periods, accounts
        accounts += closing.close(period.id, now=now)
        periods += 1


def charge(payload: Mapping[str, Any]) -> None:
    """The daily charge: right after midnight, and armed for the next one."""
    del payload
    now = utcnow()
    with transaction():
        post_due(now=now)
        arm(now)


@hourly(HOURLY)
def hourly_tick(payload: Mapping[str, Any]) -> None:
    """The hourly job; catches up with whatever was missed."""
    del payload
    tick(utcnow())


def register() -> None:
    """Let the job runner know the daily charge; safe to repeat."""
    job(TICK)(charge)
