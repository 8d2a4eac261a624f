"""Invoices and set-offs on paper, in French or English: for the firms' people alone."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from flask import request
from flask_babel import force_locale
from flask_babel import gettext as _

from incubator.blueprints.invoices import words
from incubator.blueprints.invoices.routes import INVOICE, SETOFF, pages
from incubator.domain.exchanges.invoices import queries
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.formats import plain_day
from incubator.edge.locale import language
from incubator.edge.paper import Column, Paper
from incubator.kernel.settings import LANGUAGES
from incubator.kernel.text import slugify

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from flask.typing import ResponseReturnValue

    from incubator.domain.exchanges.invoices.models import Invoice, Setoff, SetoffLine


@contextmanager
def asked_language() -> Generator[None]:
    """The language that the address asks for, the reader's where it asks for none."""
    asked = request.args.get("lang", "")
    with force_locale(asked if asked in LANGUAGES else language()):
        yield


@pages.get(f"/factures/{INVOICE}/facture.pdf", en=f"/invoices/{INVOICE}/invoice.pdf", may=members)
def invoice_pdf(invoice_id: int) -> ResponseReturnValue:
    """An invoice on paper; one that was issued elsewhere as it was entered."""
    invoice = queries.visible_to(actor(), invoice_id).invoice
    with asked_language():
        return paper_of(invoice).response(name_of(invoice))


@pages.get(
    f"/factures/compensations/{SETOFF}/releve.pdf",
    en=f"/invoices/set-offs/{SETOFF}/statement.pdf",
    may=members,
)
def setoff_pdf(setoff_id: int) -> ResponseReturnValue:
    """The statement of a set-off on paper."""
    found, lines = queries.setoff_visible_to(actor(), setoff_id)
    with asked_language():
        return statement_of(found, lines).response(f"{slugify(_('Set-off'))}-{found.id}")


def name_of(invoice: Invoice) -> str:
    """What the file of an invoice is called, without its ending."""
    kind = _("Credit note") if invoice.kind == "credit" else _("Invoice")
    return f"{slugify(kind)}-{slugify(invoice.number or _('draft'))}"


def paper_of(invoice: Invoice) -> Paper:
    """An invoice or credit note with all that the law wants on it."""
    kind = _("Credit note") if invoice.kind == "credit" else _("Invoice")
    sheet = Paper(
        title=_("%(kind)s %(number)s", kind=kind, number=invoice.number or _("draft")),
        foot=_("Prepared by the intranet of the network, which is no accredited platform"),
        language=language(),
        made_at=invoice.made_at,
    )
    if invoice.issued_on:
        sheet.words(_("Issued on %(day)s", day=plain_day(invoice.issued_on, year=True)))
    sheet.words(_("Delivered on %(day)s", day=plain_day(invoice.supplied_on, year=True)))
    if invoice.kind == "invoice":
        sheet.words(_("Due on %(day)s", day=plain_day(invoice.due_on, year=True)))
    sheet.words(str(words.OPERATIONS[invoice.operation]))
    sheet.heading(_("Issuer"))
    sheet.words("\n".join(words.party(invoice.seller)))
    sheet.heading(_("Customer"))
    sheet.words("\n".join(words.party(invoice.buyer)))
    sheet.heading(_("What"))
    _amounts(sheet, invoice)
    _mentions(sheet, invoice)
    return sheet


def _amounts(sheet: Paper, invoice: Invoice) -> None:
    counted, said = [], [invoice.title]
    if invoice.quantity:
        counted = [Column(_("Quantity"), 28), Column(_("Unit price before tax"), 32, right=True)]
        quantity = f"{invoice.quantity} {invoice.unit}".strip()
        said += [quantity, words.each(invoice.ht_cents, invoice.quantity)]
    sheet.grid(
        [
            Column(_("What"), 50 if counted else 110),
            *counted,
            Column(_("Before tax"), 31, right=True),
            Column(_("VAT"), 33, right=True),
        ],
        [
            [
                *(said if number == 0 else [""] * len(said)),
                words.euros(part["ht"]),
                f"{words.rate(part['bp'])} · {words.euros(part['vat'])}",
            ]
            for number, part in enumerate(invoice.vat_by_rate)
        ],
    )
    sheet.ln(3)
    sheet.pairs(
        [
            (_("Total before tax"), words.euros(invoice.ht_cents)),
            (_("VAT"), words.euros(invoice.vat_cents)),
            (_("Total with tax"), words.euros(invoice.ttc_cents)),
        ]
    )


def _mentions(sheet: Paper, invoice: Invoice) -> None:
    sheet.ln(3)
    if invoice.mention:
        sheet.words(invoice.mention)
    if invoice.regime == "normal" and invoice.vat_on == "debits":
        sheet.words(_("Option for the payment of VAT on debits"))
    if (before := queries.credited(invoice)) is not None:
        day = plain_day(before.issued_on or before.supplied_on, year=True)
        told = {"number": before.number, "day": day, "why": invoice.words}
        sheet.words(_("Takes back invoice %(number)s of %(day)s: %(why)s", **told))
    else:
        sheet.words(words.late(), pale=True, size=8)
    sheet.words(words.no_platform(), pale=True, size=8)


def statement_of(setoff: Setoff, lines: Sequence[SetoffLine]) -> Paper:
    """The statement of a set-off: each invoice, what was set off, what is left to pay."""
    day = setoff.effective_on or setoff.made_at.date()
    sheet = Paper(
        title=_("Statement of set-off %(number)s", number=setoff.id),
        foot=_("Prepared by the intranet of the network, which is no accredited platform"),
        language=language(),
        made_at=datetime.combine(day, time(0), UTC),
    )
    sheet.words(_("In effect on %(day)s", day=plain_day(day, year=True)))
    sheet.words(_("On the basis of %(basis)s.", basis=words.BASES[setoff.basis]))
    _debts(sheet, lines)
    _left(sheet, lines)
    sheet.words(_("Each invoice stays in the books of both firms with its full amount."), pale=True)
    sheet.words(words.no_platform(), pale=True, size=8)
    return sheet


def _debts(sheet: Paper, lines: Sequence[SetoffLine]) -> None:
    sheet.heading(_("Debts that extinguish one another"))
    sheet.grid(
        [
            Column(_("Invoice"), 30),
            Column(_("Owed by"), 40),
            Column(_("Owed to"), 40),
            Column(_("Total with tax"), 32, right=True),
            Column(_("Set off"), 32, right=True),
        ],
        [
            [
                line.invoice.number or "",
                line.invoice.buyer.get("legal_name", ""),
                line.invoice.seller.get("legal_name", ""),
                words.euros(line.invoice.ttc_cents),
                words.euros(line.applied_cents),
            ]
            for line in lines
        ],
    )
    sheet.heading(_("What each firm gives up and is freed of"))
    sheet.grid(
        [
            Column(_("Firm"), 80),
            Column(_("Claims given up"), 47, right=True),
            Column(_("Debts freed of"), 47, right=True),
        ],
        [[name, words.euros(given), words.euros(freed)] for name, given, freed in sides(lines)],
    )


def _left(sheet: Paper, lines: Sequence[SetoffLine]) -> None:
    sheet.ln(3)
    for line in lines:
        if line.invoice.left_cents:
            sheet.words(
                _(
                    "Still to pay in euros on %(number)s: %(sum)s",
                    number=line.invoice.number,
                    sum=words.euros(line.invoice.left_cents),
                )
            )


def sides(lines: Sequence[SetoffLine]) -> list[tuple[str, int, int]]:
    """By firm: its name, the claims it gives up and the debts it is freed of, in cents."""
    found: dict[str, list[int]] = {}
    for line in lines:
        for firm, side in ((line.invoice.issuer, 0), (line.invoice.recipient, 1)):
            found.setdefault(firm.name, [0, 0])[side] += line.applied_cents
    return [(name, given, freed) for name, (given, freed) in found.items()]
