"""States of invoices and set-offs, what they may say, and what is left of one. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from incubator.kernel.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Exits = dict[str, dict[str, str]]

# «settle» is the last cent set off, «pay» the last one paid in euros outside of the product.
INVOICE: Final[Exits] = {
    "draft": {"issue": "issued"},
    "issued": {
        "receive": "received",
        "contest": "contested",
        "settle": "compensated",
        "pay": "paid",
        "credit": "credited",
    },
    "received": {
        "contest": "contested",
        "settle": "compensated",
        "pay": "paid",
        "credit": "credited",
    },
    "contested": {"receive": "received", "credit": "credited"},
    "compensated": {},
    "paid": {},
    "credited": {},
}
SETOFF: Final[Exits] = {
    "draft": {"sign": "signed", "void": "void"},
    "signed": {"take": "effective", "void": "void"},
    "effective": {},
    "void": {},
}
STATUSES: Final = tuple(INVOICE)
SETOFF_STATES: Final = tuple(SETOFF)
# An invoice, or a credit note that takes one back.
KINDS: Final = ("invoice", "credit")
ORIGINS: Final = ("prepared", "registered")
REGIMES: Final = ("normal", "franchise_293B", "reverse_charge", "foreign")
# When VAT is due on services: as they are invoiced, or as they are paid.
VAT_ON: Final = ("debits", "receipt")
OPERATIONS: Final = ("goods", "services", "mixed")
SETOFF_KINDS: Final = ("bilateral", "deal", "round")
# Between two persons; between several who agreed to it.
BETWEEN_TWO, AGREED = "1347", "1348-2 + convention"
BASES: Final = (BETWEEN_TWO, AGREED)
# What is owed and not questioned: it may be set off or paid.
OWED: Final = ("issued", "received")
# What a credit note may still take back.
TO_TAKE_BACK: Final = tuple(state for state, exits in INVOICE.items() if "credit" in exits)
# Legs of a deal that will never be invoiced, and those of which it is not known yet.
GONE: Final = frozenset({"refused", "released"})
UNDER_WAY: Final = frozenset({"committed", "delivered", "contested"})
# Legs that end with something of which there is an invoice to write.
TO_INVOICE: Final = ("accepted", "part_accepted", "posted")
# Those that may be invoiced: also anew, once their invoice was taken back.
MAY_INVOICE: Final = (*TO_INVOICE, "invoiced")
NUMBER_MOST, LINES_MOST, WORDS_MOST = 40, 20_000, 1000
# The debts of a round are solved and set off at once, in memory: some 2 kB each.
ROUND_MOST: Final = 200_000
# An invoice that is not set off is to be paid within these days (L. 441-10 C. com.).
USUAL_DAYS: Final = 30


class Rate(NamedTuple):
    """What of an invoice is taxed at a rate: basis points, cents before tax, cents of VAT."""

    bp: int
    ht: int
    vat: int


class Claim(NamedTuple):
    """What one firm owes another by an invoice, or a part of it, in cents."""

    invoice_id: int
    issuer_id: int
    recipient_id: int
    cents: int


def after(exits: Mapping[str, Mapping[str, str]], state: str, act: str) -> str:
    """The state that an act leads to; raise Refusal ``invoices.state`` where it does not fit."""
    found = exits[state].get(act)
    if found is None:
        raise Refusal("invoices.state")
    return found


def whole(cents: object) -> int:
    """These cents, which must be a whole number above 0; raise Refusal ``invoices.cents``."""
    if isinstance(cents, bool) or not isinstance(cents, int) or cents <= 0:
        raise Refusal("invoices.cents")
    return cents


def circular(claims: Iterable[Claim]) -> dict[int, int]:
    """The most that firms can set off among themselves in circles, in cents by invoice.

    The shortest circles first, the oldest invoices before others: each circle takes as much of
    every claim in it, so that what a firm gives up is what it is freed of.
    """
    left = {claim.invoice_id: claim for claim in claims if claim.cents > 0}
    found: dict[int, int] = {}
    while circle := _shortest(sorted(left.values())):
        cents = min(claim.cents for claim in circle)
        for claim in circle:
            found[claim.invoice_id] = found.get(claim.invoice_id, 0) + cents
            rest = claim._replace(cents=claim.cents - cents)
            if rest.cents:
                left[claim.invoice_id] = rest
            else:
                del left[claim.invoice_id]
    return found


def _shortest(claims: list[Claim]) -> list[Claim]:
    """A shortest circle of claims: each one's debtor is the creditor of the next."""
    best: list[Claim] = []
    for first in claims:
        ways = [[first]]
        while ways and (not best or len(ways[0]) < len(best)):
            way = ways.pop(0)
            if way[-1].recipient_id == first.issuer_id:
                best = way
                break
            seen = {claim.issuer_id for claim in way}
            ways += [
                [*way, claim]
                for claim in claims
                if claim.issuer_id == way[-1].recipient_id and claim.issuer_id not in seen
            ]
    return best


def balances(claims: Iterable[Claim]) -> dict[int, int]:
    """By firm, what is set off of its claims less what is set off of its debts, in cents."""
    found: dict[int, int] = {}
    for claim in claims:
        found[claim.issuer_id] = found.get(claim.issuer_id, 0) + claim.cents
        found[claim.recipient_id] = found.get(claim.recipient_id, 0) - claim.cents
    return found
