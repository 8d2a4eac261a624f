"""Who drifts from their promise, and why: whom to call, not whom to blame; pure.

Minutes, signed. Whoever is watched, late, on a plan or paused drifts, and so does who would end the
period below nothing; but before a third of it has gone, nobody who owes nothing of before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from incubator.domain.commitments.rules import Span

Cause = Literal["away", "new", "never", "behind"]
THIRD = 33  # percent of a period; before, a pace means nothing
NEW = timedelta(days=45)
# In which order states are told: where somebody is needed soonest first.
ORDER = ("late", "paused", "plan", "watch", "ok")


@dataclass(frozen=True, slots=True)
class Account:
    """What the open period holds of somebody, and what they have signed up for."""

    carried: int
    given: int
    planned: int
    owed: int


def begun(span: Span, today: date) -> int:
    """How many days of a period have begun, at least one."""
    return min(max((today - span.starts_on).days + 1, 1), span.days)


def projected(account: Account, span: Span, today: date) -> int:
    """The balance at the end of the period: at the pace so far, or by sign-ups if they are more."""
    pace = account.given * span.days // begun(span, today)
    coming = max(pace, account.given + account.planned)
    return account.carried + coming - account.owed


def cause(*, away: bool, joined_on: date, ever_signed_up: bool, today: date) -> Cause:
    """Why, as far as anybody can know without asking."""
    if away:
        return "away"
    if today - joined_on < NEW:
        return "new"
    return "behind" if ever_signed_up else "never"
