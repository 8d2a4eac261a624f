"""What an accountant writes of invoices and set-offs: entries that balance, piece by piece.

Both sides are shown gross (PCG 130-2): an invoice first, on «à compenser» accounts of customers
and suppliers, then the set-off of one by the other, or what mutual credit paid of it and gave
back. Payments in euros are in the bank's journal. Pure over what is passed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from incubator.domain.exchanges.deals import money
from incubator.domain.exchanges.invoices.abroad import is_self_assessed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from incubator.domain.exchanges.invoices.models import CreditLine, Invoice, SetoffLine

SALES, PURCHASES, SETOFFS = "VE", "AC", "OD"
CUSTOMER, SUPPLIER = "411", "401"
SOLD: Final = {"goods": "707", "services": "706", "mixed": "706"}
BOUGHT: Final = {"goods": "607", "services": "604", "mixed": "604"}
VAT_COLLECTED, VAT_DEDUCTIBLE = "44571", "44566"
# What stands between a firm and the mutual credit of the network.
MUTUAL_CREDIT: Final = "467"
CREDIT, GIVEN_BACK = "Crédit mutuel du réseau", "écriture reprise"
SELF_ASSESSED: Final = "TVA à autoliquider"
TO_SET_OFF: Final = "à compenser"
HEADER: Final = ("Date", "Journal", "Pièce", "Compte", "Libellé", "Débit", "Crédit")


class Piece(NamedTuple):
    """What the lines of one paper have in common: its day, its journal, its number."""

    day: date
    journal: str
    number: str


class Line(NamedTuple):
    """A line of the journal; ``debit`` and ``credit`` in cents, one of them 0."""

    day: date
    journal: str
    piece: str
    account: str
    label: str
    debit: int
    credit: int


def of_invoice(invoice: Invoice, firm_id: int) -> list[Line]:
    """The lines of an invoice or credit note in the books of one of its firms."""
    sells = invoice.issuer_id == firm_id
    other = str((invoice.buyer if sells else invoice.seller)["legal_name"])
    how = "" if invoice.in_cash else f" {TO_SET_OFF}"
    deducts = money.recovers(invoice.buyer["regime"])
    vat = invoice.vat_cents if sells or deducts else 0
    net = invoice.ttc_cents - vat
    if sells:
        parts = [
            (CUSTOMER, f"Client {other}{how}", invoice.ttc_cents),
            (SOLD[invoice.operation], invoice.title, -net),
            (VAT_COLLECTED, f"TVA {invoice.number}", -vat),
        ]
    else:
        parts = [
            (
                BOUGHT[invoice.operation],
                f"{invoice.title}{_late(invoice)}{_to_declare(invoice)}",
                net,
            ),
            (VAT_DEDUCTIBLE, f"TVA {invoice.number}", vat),
            (SUPPLIER, f"Fournisseur {other}{how}", -invoice.ttc_cents),
        ]
    sign = -1 if invoice.kind == "credit" else 1
    journal = SALES if sells else PURCHASES
    day = invoice.issued_on if sells else invoice.booked_on or invoice.issued_on
    piece = invoice.number
    assert day is not None  # noqa: S101 - a draft has no entry
    assert piece is not None  # noqa: S101 - as above
    piece_of = Piece(day, journal, piece)
    return [
        _line(piece_of, (account, label, sign * cents)) for account, label, cents in parts if cents
    ]


def _late(invoice: Invoice) -> str:
    """The day of an invoice that is booked later, since its own was closed when it came."""
    return f", facture du {invoice.issued_on:%d/%m/%Y}" if invoice.booked_on else ""


def _to_declare(invoice: Invoice) -> str:
    """That who receives declares the VAT itself; its rate is not known, so that none is booked."""
    seller, buyer = invoice.seller["regime"], invoice.buyer["country"]
    return f", {SELF_ASSESSED}" if is_self_assessed(seller, buyer, invoice.operation) else ""


def of_setoff(lines: Iterable[SetoffLine], firm_id: int) -> list[Line]:
    """The lines of one set-off in the books of a firm: suppliers against customers."""
    found: list[Line] = []
    rest = 0
    for each in lines:
        invoice, day = each.invoice, each.setoff.effective_on
        assert day is not None  # noqa: S101 - only a set-off in effect has lines
        sells = invoice.issuer_id == firm_id
        other = str((invoice.buyer if sells else invoice.seller)["legal_name"])
        who = f"Client {other}" if sells else f"Fournisseur {other}"
        cents = -each.applied_cents if sells else each.applied_cents
        account = CUSTOMER if sells else SUPPLIER
        piece = Piece(day, SETOFFS, f"COMP-{each.setoff_id}")
        label = f"{who} {TO_SET_OFF}, {invoice.number}"
        found.append(_line(piece, (account, label, cents)))
        rest -= cents
    if rest and found:
        piece = Piece(*found[-1][:3])
        found.append(_line(piece, (MUTUAL_CREDIT, CREDIT, rest)))
    return found


def of_credit(line: CreditLine, firm_id: int) -> list[Line]:
    """What mutual credit paid of an invoice, or gave back, in the books of one of its firms."""
    invoice = line.invoice
    sells = invoice.issuer_id == firm_id
    other = str((invoice.buyer if sells else invoice.seller)["legal_name"])
    who, account = (f"Client {other}", CUSTOMER) if sells else (f"Fournisseur {other}", SUPPLIER)
    back = "" if line.cents > 0 else f", {GIVEN_BACK}"
    cents = -line.cents if sells else line.cents
    piece = Piece(line.applied_on, SETOFFS, f"CM-{line.txn_id}")
    return [
        _line(piece, (account, f"{who}, {invoice.number}{back}", cents)),
        _line(piece, (MUTUAL_CREDIT, f"{CREDIT}{back}", -cents)),
    ]


def cents_in_french(cents: int) -> str:
    """«1800,00»; empty for nothing, as a journal leaves its other column."""
    return f"{cents // 100},{cents % 100:02d}" if cents else ""


def row(line: Line) -> tuple[str, ...]:
    """A line as a file for the accountant holds it."""
    debit, credit = cents_in_french(line.debit), cents_in_french(line.credit)
    day = line.day.strftime("%d/%m/%Y")
    return (day, line.journal, line.piece, line.account, line.label, debit, credit)


def _line(piece: Piece, told: tuple[str, str, int]) -> Line:
    account, label, cents = told
    return Line(*piece, account, label, max(cents, 0), max(-cents, 0))
