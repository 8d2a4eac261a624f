"""VAT of a line, in whole cents, and what VAT a deal means for each firm. Pure.

Rates are basis points (2000 is 20 %); None is a firm under the franchise of article 293 B of the
CGI, which charges no VAT and recovers none. Rounding is by line, half up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from incubator.kernel.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

# Cents: a hundred million euros is a slip of the finger.
MOST: Final = 10_000_000_000
WHOLE: Final = 10_000
RATES: Final = (2000, 1000, 550, 210, 0)
_BLANKS: Final = re.compile(r"[\s\u00a0\u202f]+")
_GROUPED: Final = re.compile(r"\d{1,3}([.,])\d{3}(?:\1\d{3})*(?:(?!\1)[.,]\d{1,2})")
_PLAIN: Final = re.compile(r"\d+(?:[.,]\d{1,2})?")


class Priced(Protocol):
    """What a leg says of money: who gives to whom, and its cents."""

    @property
    def giver_id(self) -> int:
        """The firm that gives."""

    @property
    def receiver_id(self) -> int:
        """The firm that receives."""

    @property
    def vat_bp(self) -> int | None:
        """The rate in basis points; None under the franchise."""

    @property
    def vat_cents(self) -> int:
        """The VAT in cents."""


class Amounts(NamedTuple):
    """Cents of a line: before tax, its VAT, and both together."""

    ht: int
    vat: int
    ttc: int


def whole(cents: object) -> int:
    """These cents, which must be a whole number of 0 to ``MOST``; Refusal ``deals.cents``.

    A float is refused even when it looks whole: what is not exact has been rounded by somebody.
    """
    if isinstance(cents, bool) or not isinstance(cents, int) or not 0 <= cents <= MOST:
        raise Refusal("deals.cents")
    return cents


def checked_rate(vat_bp: int | None) -> int | None:
    """A rate in basis points that the law knows, or the franchise; Refusal ``deals.rate``."""
    if vat_bp is not None and vat_bp not in RATES:
        raise Refusal("deals.rate", field="vat")
    return vat_bp


def amounts(ht: int, vat_bp: int | None) -> Amounts:
    """The VAT and the total of a line; raise Refusal ``deals.cents`` or ``deals.rate``."""
    checked_rate(vat_bp)
    net = whole(ht)
    vat = (net * (vat_bp or 0) + WHOLE // 2) // WHOLE
    return Amounts(net, vat, net + vat)


def split(ttc: int, vat_bp: int | None) -> Amounts:
    """A total with tax parted into what is before tax and its VAT: they add up to the cent.

    For a part of a line: where some amount before tax gives exactly this total, it is that one;
    raise Refusal ``deals.cents`` or ``deals.rate``.
    """
    total = whole(ttc)
    checked_rate(vat_bp)
    exact = before_tax(total, vat_bp)
    if exact is not None:
        return amounts(exact, vat_bp)
    share = WHOLE + (vat_bp or 0)
    net = (2 * total * WHOLE + share) // (2 * share)
    return Amounts(net, total - net, total)


def before_tax(ttc: int, vat_bp: int | None) -> int | None:
    """The amount before tax whose total is exactly this; None when rounding lets none reach it.

    At 20 %, one total of six has none: 0.03 € is no amount with its VAT.
    """
    near = whole(ttc) * WHOLE // (WHOLE + (vat_bp or 0))
    for ht in (near, near + 1):
        if ht <= MOST and amounts(ht, vat_bp).ttc == ttc:
            return ht
    return None


def reachable_total(ttc: int, rates: Collection[int | None]) -> int:
    """The total nearest to this one, the smaller of two, that all these rates reach exactly."""
    for away in range(WHOLE):
        for total in (ttc - away, ttc + away):
            if 0 < total <= MOST and all(before_tax(total, rate) is not None for rate in rates):
                return total
    raise Refusal("deals.cents")


@dataclass(frozen=True, slots=True)
class Effect:
    """What VAT a deal means for a firm, in cents.

    It owes ``due`` to the state for what it gives, deducts ``recoverable`` of what it receives,
    and ``lost`` it cannot deduct. ``franchise`` says that it is under article 293 B, ``abroad``
    that it is not registered for VAT in France.
    """

    due: int
    recoverable: int
    lost: int
    franchise: bool
    abroad: bool = False

    @property
    def in_cash(self) -> int:
        """What is left to pay to the state in money; below 0 comes back from it."""
        return self.due - self.recoverable


def recovers(regime: str | None) -> bool:
    """Whether a firm of this regime deducts the VAT of what it receives: only «normal» does.

    Of an unknown one, None, it is taken that it does.
    """
    return regime in {None, "normal"}


def effect(firm_id: int, legs: Iterable[Priced], regime: str | None = None) -> Effect:
    """The effect on a firm whose «normal», «franchise_293B» or «foreign» regime may be known.

    It recovers as ``recovers`` says; of an unknown regime, who gives under the franchise recovers
    nothing.
    """
    known = list(legs)
    given = [leg for leg in known if leg.giver_id == firm_id]
    unsaid = regime is None and any(leg.vat_bp is None for leg in given)
    told = "franchise_293B" if unsaid else regime
    received = sum(leg.vat_cents for leg in known if leg.receiver_id == firm_id)
    back = received if recovers(told) else 0
    return Effect(
        due=sum(leg.vat_cents for leg in given),
        recoverable=back,
        lost=received - back,
        franchise=told == "franchise_293B",
        abroad=told == "foreign",
    )


def cents_of(typed: str, field: str) -> int | None:
    """The cents of «1 200,50», «1200.5» or «1 200 €»; None of nothing typed.

    Raise Refusal ``deals.amount`` about ``field``: «1,200» could be read in two ways.
    """
    bare = _BLANKS.sub("", typed).removesuffix("€").removeprefix("€")
    if not bare:
        return None
    if not bare.isascii() or not (_PLAIN.fullmatch(bare) or _GROUPED.fullmatch(bare)):
        raise Refusal("deals.amount", field=field)
    units, _, part = re.sub(r"[.,](?=\d{1,2}$)", "|", bare).partition("|")
    cents = int(re.sub(r"[.,]", "", units)[:20]) * 100 + int(part.ljust(2, "0") or 0)
    if cents > MOST:
        raise Refusal("deals.amount", field=field)
    return cents


def typed_of(cents: int | None) -> str:
    """An amount as a form shows it again: «1200,50», «1200»; empty for None."""
    if cents is None:
        return ""
    units, part = divmod(cents, 100)
    return f"{units},{part:02d}" if part else str(units)
