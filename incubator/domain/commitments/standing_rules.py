"""How a member stands with their promise, and what may follow: never without a warning; pure.

ok → watch → late → plan → ok; late → paused by a manager's decision, after grace. A relief changes
what is shown and nothing else. The balance that decides is the balance that is shown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

State = Literal["ok", "watch", "late", "plan", "paused", "exiting", "left"]
Reason = Literal[
    "held",
    "behind",
    "debt",
    "plan_agreed",
    "plan_broken",
    "plan_kept",
    "decided",
    "lifted",
    "unchanged",
]
LEAVING: frozenset[State] = frozenset({"exiting", "left"})


@dataclass(frozen=True, slots=True)
class Terms:
    """Days before the end of a period in which one is watched, and of grace after a warning."""

    warn_days: int
    grace_days: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A member's state since a day; ``warned_on`` is when they were told that a pause may follow.

    ``plan_until`` is the day by which an agreed plan makes up for the debt.
    """

    state: State
    since: date
    warned_on: date | None = None
    plan_until: date | None = None

    def pause_from(self, terms: Terms) -> date | None:
        """The first day on which a manager may pause them; None as long as none may."""
        if self.state != "late" or self.warned_on is None:
            return None
        return self.warned_on + timedelta(days=terms.grace_days)


@dataclass(frozen=True, slots=True)
class Balance:
    """Minutes, signed: what closed periods left, with the open one as it is, as it is planned.

    ``ends_on`` is the first day after the open period.
    """

    carried: int
    current: int
    projected: int
    ends_on: date

    @classmethod
    def of(cls, *, carried: int, done: int, planned: int, due: int, ends_on: date) -> Balance:
        """From what was carried, is done, is signed up for and is owed."""
        current = carried + done - due
        return cls(carried, current, current + planned, ends_on)

    @property
    def in_debt(self) -> bool:
        """Whether a debt of closed periods is left, that the open one has not made good yet."""
        return self.carried < 0 and self.current < 0


@dataclass(frozen=True, slots=True)
class Step:
    """Where a member stands now, why, whether to warn them of it, and when to look again."""

    standing: Standing
    reason: Reason
    warn: bool = False
    review_on: date | None = None


def covers(debt: int, signups: Iterable[tuple[date, int]], *, until: date) -> bool:
    """Whether the dated sign-ups of a plan, beyond what is owed anyway, make up for a debt."""
    return sum(minutes for day, minutes in signups if day <= until) >= debt


def step(now: Standing, balance: Balance, *, terms: Terms, today: date) -> Step:
    """Where a member stands today; asked again on the same day, it changes and warns no more."""
    if now.state in LEAVING or (now.state == "paused" and balance.in_debt):
        return Step(now, "unchanged")
    if not balance.in_debt:
        return _without_debt(now, balance, terms=terms, today=today)
    if now.state == "plan" and now.plan_until is not None and today <= now.plan_until:
        return Step(now, "plan_agreed", review_on=now.plan_until + timedelta(days=1))
    return _in_debt(now, terms=terms, today=today)


def _without_debt(now: Standing, balance: Balance, *, terms: Terms, today: date) -> Step:
    watched_from = balance.ends_on - timedelta(days=terms.warn_days)
    behind = balance.projected < 0 and today >= watched_from
    state: State = "watch" if behind else "ok"
    standing = now if now.state == state else Standing(state, today)
    if behind:
        return Step(standing, "behind", warn=now.state != "watch", review_on=balance.ends_on)
    kept: Reason = "plan_kept" if now.state in {"plan", "late", "paused"} else "held"
    return Step(standing, kept, review_on=max(watched_from, today + timedelta(days=1)))


def _in_debt(now: Standing, *, terms: Terms, today: date) -> Step:
    """Late, warned at once; whoever broke a plan is warned again and has the grace again."""
    reason: Reason = "plan_broken" if now.state == "plan" else "debt"
    if now.state == "late" and now.warned_on is not None:
        return Step(now, reason, review_on=now.pause_from(terms))
    since = now.since if now.state == "late" else today
    standing = Standing("late", since, warned_on=today)
    return Step(standing, reason, warn=True, review_on=standing.pause_from(terms))


def agree_plan(now: Standing, *, until: date, today: date) -> Standing | None:
    """The standing with an agreed plan; None where there is nothing to agree or no time left."""
    if now.state not in {"late", "plan", "paused"} or until < today:
        return None
    since = now.since if now.state == "plan" else today
    return replace(now, state="plan", since=since, plan_until=until)


def pause(now: Standing, *, terms: Terms, today: date) -> Standing | None:
    """The standing of who is paused by a manager's decision; None before grace is over."""
    first = now.pause_from(terms)
    if first is None or today < first:
        return None
    return replace(now, state="paused", since=today, plan_until=None)


def lift(now: Standing, *, today: date) -> Standing | None:
    """The standing of who is no longer paused, by decision; None for who is not.

    What they owe stays owed: they are late again, and warned with the whole grace before more.
    """
    if now.state != "paused":
        return None
    return Standing("late", today)


def shown(state: State, *, relieved: bool) -> str:
    """The word that is displayed: whoever is relieved is told so, unless they leave."""
    return "relief" if relieved and state not in LEAVING else state
