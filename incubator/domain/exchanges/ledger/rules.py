"""Rules of the barter ledger, pure. Amounts are whole cents of euros."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from incubator.kernel.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

GENESIS: Final = "0" * 64
# More than all firms of a network will ever owe; a slip of the keyboard is not money.
MOST_CENTS: Final = 100_000_000_00
SOFT_PCT: Final = 80
# The line grows by such steps, so that its history is one of decisions and not of cents.
STEP_CENTS: Final = 50_00
# Months below zero until a plan is made with the site's manager, and until it is paid in euros.
PLAN_MONTHS, SETTLE_MONTHS = 9, 12
_MONTH: Final = timedelta(days=365.25 / 12)
# Kinds by which something was given, so that a line grows.
DELIVERIES: Final = frozenset({"settle", "fee"})
# What nobody takes back: a reversal, and what a round cleared, since its set-off stays.
FINAL_KINDS: Final = frozenset({"reversal", "clearing"})
# What «the fund» may owe before administrators decide otherwise.
FUND_LINE: Final = 5_000_00


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """What a firm starts with, how its line grows (percent of what it gave), and its ends."""

    start_cents: int = 500_00
    growth_pct: int = 20
    cap_cents: int = 5_000_00
    upper_cents: int = 10_000_00


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Between what an account may stand: ``lower`` and ``soft`` are negative or 0."""

    lower: int
    soft: int
    upper: int | None
    frozen: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """Where an account stands: its balance, what of it is reserved, and its limits."""

    balance: int
    reserved: int
    limits: Limits

    @property
    def available(self) -> int:
        """What it may still receive, in cents; never below 0."""
        free = self.balance - self.reserved - self.limits.lower
        return 0 if self.limits.frozen else max(0, free)


class NotWholeCents(Refusal):
    """An amount that is no whole number of cents: floats never reach the ledger."""


def whole_cents(value: object) -> int:
    """An amount as given; raise NotWholeCents for anything but a whole number in reach.

    A bool is a number to Python and none to people.
    """
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > MOST_CENTS:
        raise NotWholeCents("ledger.cents")
    return value


def limits_of(line: int, *, upper: int | None, frozen: bool = False) -> Limits:
    """The limits that a line of so many cents gives; the soft one is at 80 % of it."""
    return Limits(lower=-line, soft=-(line * SOFT_PCT // 100), upper=upper, frozen=frozen)


def line_for(policy: Policy, given: int) -> int:
    """The line of a firm that has given so much, in cents: full steps of growth, up to the cap."""
    grown = max(0, given) * policy.growth_pct // 100 // STEP_CENTS * STEP_CENTS
    return min(max(policy.cap_cents, policy.start_cents), policy.start_cents + grown)


def grown(policy: Policy, line: int, *, before: int, after: int) -> int | None:
    """The longer line that deliveries have earned, or None; what was set below it stays so.

    ``before`` and ``after`` are the cents given, ``line`` the present line.
    """
    earned = line_for(policy, after)
    return earned if line >= line_for(policy, before) and earned > line else None


def shrunk(policy: Policy, line: int, *, before: int, after: int) -> int | None:
    """The shorter line once a delivery was taken back, or None; what was decided otherwise stays.

    ``before`` and ``after`` are the cents given, ``line`` the present line.
    """
    earned = line_for(policy, after)
    return earned if line == line_for(policy, before) and earned < line else None


def coming_back(old: Limits, policy: Policy, given: int) -> Limits:
    """The limits of a firm that left and comes back: leaving undoes nothing that was decided."""
    line = min(-old.lower, line_for(policy, given))
    upper = policy.upper_cents if old.upper is None else min(old.upper, policy.upper_cents)
    return limits_of(line, upper=upper, frozen=old.frozen)


def shortfall(state: State, wanted: int) -> int:
    """How many cents are missing to receive ``wanted``; 0 when it may."""
    return max(0, wanted - state.available)


def excess(state: State, given: int) -> int:
    """By how much an account would be above its upper limit after giving; 0 when it may."""
    upper = state.limits.upper
    return 0 if upper is None else max(0, state.balance + given - upper)


def passes_soft_limit(limits: Limits, *, before: int, after: int) -> bool:
    """Whether an account has just fallen below its soft limit: warned once on the way down."""
    return after < limits.soft <= before


def age_of(negative_since: datetime | None, now: datetime) -> str:
    """How old a negative balance is: «fine», «plan» from 9 months on, «settle» from 12 on."""
    if negative_since is None:
        return "fine"
    months = (now - negative_since) / _MONTH
    if months >= SETTLE_MONTHS:
        return "settle"
    return "plan" if months >= PLAN_MONTHS else "fine"


def link_hash(prev_hash: str, txn: Mapping[str, object], parts: Iterable[Part]) -> str:
    """The link of a transaction: SHA-256 over the one before it and all that its rows say."""
    told = {name: _plain(value) for name, value in txn.items()}
    entries = sorted([part.account_id, part.amount, part.no, part.balance_after] for part in parts)
    text = json.dumps(
        {"txn": told, "entries": entries}, sort_keys=True, separators=(",", ":"), ensure_ascii=True
    )
    return hashlib.sha256(f"{prev_hash}\n{text}".encode()).hexdigest()


def _plain(value: object) -> object:
    # Microseconds always: what a database gives back is spelled as what was given to it.
    return value.isoformat(timespec="microseconds") if isinstance(value, datetime) else value


@dataclass(frozen=True, slots=True)
class Part:
    """What an entry says: whose, how much, which of the account's, and the balance after it."""

    account_id: int
    amount: int
    no: int
    balance_after: int
