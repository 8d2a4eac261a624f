"""What happens in the barter ledger. Cents are euros that nobody can pay out."""

from __future__ import annotations

from dataclasses import dataclass

from incubator.kernel.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class CreditSwitched(Event):
    """Mutual credit was switched on or off for the network."""

    turned_on: bool
    text_sha256: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CreditAccountOpened(Event):
    """A firm takes part in mutual credit, or does so again."""

    firm_id: int
    line_cents: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CreditAccountClosed(Event):
    """A firm left mutual credit with nothing given or received beyond the other."""

    firm_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CreditLimitsChanged(Event):
    """An account has other limits.

    By what it gave («growth»), by what of it was taken back («reversal»), or as somebody decided.
    """

    firm_id: int | None
    cause: str
    line_cents: int
    frozen: bool
    comment: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CreditMoved(Event):
    """A transaction was sealed; ``cents`` is the sum of what was given.

    ``firm_ids`` names at most 50 firms: a clearing tells its own.
    """

    txn_id: int
    kind: str
    cents: int
    firm_ids: tuple[int, ...]
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CreditReversed(CreditMoved):
    """A transaction was taken back, once and for all; ``over_limit`` tells that a line broke."""

    reverses_id: int
    over_limit: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class CreditSoftLimitPassed(Event):
    """A firm has less than a fifth of its line left."""

    firm_id: int | None
    available_cents: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CreditAged(Event):
    """A firm is below zero for so long that a plan is due («plan»), or euros («settle»)."""

    firm_id: int
    age: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CreditAdjustmentAsked(Event):
    """A manager proposes to correct what stands between two firms."""

    firm_id: int
    receiver_firm_id: int
    cents: int
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CreditAdjustmentWithdrawn(Event):
    """A proposed correction fell; one that another manager agreed to is told as moved."""

    firm_id: int
    receiver_firm_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CreditDepartureAsked(Event):
    """A manager proposes that the fund takes over the balance of a firm that leaves."""

    firm_id: int
    balance_cents: int
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CreditDepartureDecided(Event):
    """Another manager agreed that the fund takes over, or the proposal was withdrawn."""

    firm_id: int
    agreed: bool
