"""What goes from one period to the next: caps, expiry, late facts by replay, leaving; pure.

``end = carry_in + done − due``; what may be kept is carried, what is above the cap goes to the
pool or expires, debt below the cap is waived: each with a line of its own, so that the period sums
to zero. Credit is kept in lots by age, and the oldest is spent first. Minutes, signed; a debt is
negative.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Surplus = Literal["expire", "pool"]


@dataclass(frozen=True, slots=True)
class Terms:
    """The caps of a rule, in minutes, and for how many periods credit may wait (None: for ever).

    ``lowered_cap``: whether credit from before a lower cap is kept while it lasts, or cut. Who
    gives all surplus to the pool has a cap of nothing.
    """

    credit_cap: int
    debt_cap: int
    surplus: Surplus = "pool"
    credit_expiry_periods: int | None = None
    lowered_cap: Literal["keep", "cut"] = "keep"


@dataclass(frozen=True, slots=True)
class Lot:
    """Credit of one period; ``age`` is how many closings it has been through since."""

    minutes: int
    age: int = 0


@dataclass(frozen=True, slots=True)
class Carry:
    """What a member takes into a period: a debt, or credit in lots, the oldest first."""

    debt: int = 0
    lots: tuple[Lot, ...] = ()

    @property
    def minutes(self) -> int:
        """The signed sum: what CARRY_IN says."""
        return sum(lot.minutes for lot in self.lots) - self.debt

    @classmethod
    def of(cls, minutes: int) -> Carry:
        """An opening balance, as a debt or as fresh credit."""
        return cls(lots=(Lot(minutes),)) if minutes > 0 else cls(debt=-minutes)


@dataclass(frozen=True, slots=True)
class Facts:
    """A member's period: ``done`` is all but what is owed and carried (help, gifts, corrections).

    ``done`` may be negative (more given away than done); ``due`` is not.
    """

    due: int
    done: int
    terms: Terms


@dataclass(frozen=True, slots=True)
class Entry:
    """A line to write: kind and signed minutes; ``into_next`` when it opens the next period."""

    kind: str
    minutes: int
    into_next: bool = False


@dataclass(frozen=True, slots=True)
class Closing:
    """How a period ends: what is carried, given up for age or cap, waived."""

    carry: Carry
    expired: int
    above_cap: int
    waived: int
    to_pool: int

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The lines of the closing; the period's own sum to zero with what was there before."""
        out = self.carry.minutes
        lines = (
            Entry("SURPLUS", -(self.expired + self.above_cap)),
            Entry("WAIVED_DEBT", self.waived),
            Entry("CARRY_OUT", -out),
            Entry("CARRY_IN", out, into_next=True),
        )
        return tuple(line for line in lines if line.minutes)


@dataclass(frozen=True, slots=True)
class Correction:
    """What late facts change: a member's minutes in the open period, and the pool's."""

    minutes: int
    pool: int = 0


def close(carry_in: Carry, facts: Facts) -> Closing:
    """End a period: pay what is owed from the oldest credit on, then keep what may be kept."""
    terms = facts.terms
    credit = [Lot(lot.minutes, lot.age + 1) for lot in carry_in.lots]
    if facts.done > 0:
        credit.append(Lot(facts.done))
    owed, lots = _take(credit, carry_in.debt + facts.due + max(0, -facts.done))
    expired = sum(lot.minutes for lot in lots if _is_old(lot, terms))
    kept = [lot for lot in lots if not _is_old(lot, terms)]
    above = max(0, sum(lot.minutes for lot in kept) - _cap(carry_in, terms))
    debt = min(owed, terms.debt_cap)
    return Closing(
        carry=Carry(debt, tuple(_take(kept, above)[1])),
        expired=expired,
        above_cap=above,
        waived=owed - debt,
        to_pool=expired + above if terms.surplus == "pool" else 0,
    )


def _cap(carry_in: Carry, terms: Terms) -> int:
    """The most that is carried; credit that was lawful before a lower cap may be left alone."""
    before = carry_in.minutes if terms.lowered_cap == "keep" else 0
    return max(terms.credit_cap, before)


def _is_old(lot: Lot, terms: Terms) -> bool:
    """Whether credit has been through as many periods as it may wait."""
    return terms.credit_expiry_periods is not None and lot.age >= terms.credit_expiry_periods


def _take(lots: Iterable[Lot], minutes: int) -> tuple[int, list[Lot]]:
    """Spend minutes from the first lots on: what was missing, and what is left of them."""
    left = []
    for lot in lots:
        spent = min(lot.minutes, minutes)
        minutes -= spent
        if lot.minutes > spent:
            left.append(Lot(lot.minutes - spent, lot.age))
    return minutes, left


def replay(opening: Carry, chain: Iterable[Facts]) -> list[Closing]:
    """The closings of consecutive periods, each with its own terms."""
    closings: list[Closing] = []
    for facts in chain:
        closings.append(close(closings[-1].carry if closings else opening, facts))
    return closings


def carried(opening: Carry, chain: Sequence[Facts]) -> Carry:
    """What consecutive closed periods leave to the open one.

    With the facts known now, its sum is that of the open period's CARRY_IN and CORRECTION lines;
    its lots are those to close the open period with.
    """
    closings = replay(opening, chain)
    return closings[-1].carry if closings else opening


def correction(
    opening: Carry, chain: Sequence[Facts], *, posted: int, pooled: int = 0, pool: int = 0
) -> Correction:
    """The line that makes the open period what it would be, had all facts been known in time.

    ``posted`` is what the open period holds of the past: CARRY_IN and earlier CORRECTION lines;
    ``pooled`` what these periods gave the pool, ``pool`` what it holds: it never goes below zero.
    Asked again once written, it answers zero.
    """
    closings = replay(opening, chain)
    wanted = closings[-1].carry.minutes if closings else opening.minutes
    to_pool = sum(one.to_pool for one in closings) - pooled
    return Correction(wanted - posted, max(to_pool, -pool))


def settle(balance: int, *, to_pool: bool = True) -> tuple[Entry, Correction]:
    """The EXIT line of a member who leaves, after which nothing is owed either way.

    Credit goes to the pool, or is certified; a debt is waived, and the pool pays nothing for it.
    """
    return Entry("EXIT", -balance), Correction(-balance, max(0, balance) if to_pool else 0)
