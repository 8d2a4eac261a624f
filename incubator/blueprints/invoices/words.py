"""Words of invoices: states, amounts, and why not."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from babel.numbers import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from incubator.edge.formats import euros
from incubator.edge.locale import LOCALES, language
from incubator.network.members.registration import spelled

if TYPE_CHECKING:
    from typing import Any

__all__ = ["euros"]

STATUSES: Final = {
    "draft": _l("draft"),
    "issued": _l("issued"),
    "received": _l("accepted"),
    "contested": _l("contested"),
    "compensated": _l("set off"),
    "paid": _l("paid"),
    "credited": _l("taken back"),
}
TAGS: Final = {
    "draft": "honey",
    "issued": "sky",
    "received": "brand",
    "contested": "poppy",
    "compensated": "brand",
    "paid": "brand",
}
VIEWS: Final = {
    "all": _l("All invoices"),
    "given": _l("Issued"),
    "received": _l("Invoices received"),
}
REGIMES: Final = {
    "normal": _l("It charges VAT"),
    "franchise_293B": _l("It charges no VAT: franchise, article 293 B"),
    "foreign": _l("It is not registered for VAT in France"),
}
VAT_ON: Final = {
    "debits": _l("when invoiced (on debits)"),
    "receipt": _l("when paid or set off (on receipts)"),
}
OPERATIONS: Final = {
    "goods": _l("Delivery of goods"),
    "services": _l("Services"),
    "mixed": _l("Goods and services"),
}
DIFFERENCES: Final = {
    "ht": _l("Before tax"),
    "vat": _l("VAT"),
    "ttc": _l("Total with tax"),
}
BASES: Final = {
    "1347": _l("article 1347 of the Civil Code: debts of two firms to one another"),
    "1348-2 + convention": _l("article 1348-2 of the Civil Code: several firms agree to it"),
}
REFUSALS: Final = {
    "invoices.accepted": _l("This is not what was accepted: it must be the same total with tax."),
    "invoices.already": _l("This delivery has an invoice already: take that one back first."),
    "invoices.buyer": _l(
        "The other firm has not said yet who it is on invoices: ask it to fill in its details."
    ),
    "invoices.cents": _l("What is set off is whole cents, more than nothing."),
    "invoices.choose": _l("Choose one of these."),
    "invoices.claims": _l(
        "%(number)s debts are due, more than the %(most)s of one round: choose an earlier day."
    ),
    "invoices.closed": _l("The books are closed at this day: choose a later one."),
    "invoices.closed_later": _l("A later day is closed already."),
    "invoices.country": _l("Write the country in two letters, like FR."),
    "invoices.dated": _l("This day is still to come."),
    "invoices.identity": _l("Say first who your firm is on invoices."),
    "invoices.invoice": _l("There is no such invoice."),
    "invoices.keepers": _l("Only those who keep the firm may do this."),
    "invoices.lines": _l("A set-off has 1 to %(most)s invoices."),
    "invoices.many": _l("More than %(most)s invoices: take it month by month."),
    "invoices.missing": _l("An invoice needs this, in at most %(most)s characters."),
    "invoices.moved": _l("An invoice has moved on meanwhile: look at it again."),
    "invoices.no_vat": _l("This firm charges no VAT in the deal: leave 0."),
    "invoices.not_in_euros": _l(
        "This invoice is not paid in euros: a set-off, or mutual credit, settles it."
    ),
    "invoices.not_over": _l("Only days that are over can be closed."),
    "invoices.not_ready": _l("Not every invoice is there and uncontested yet."),
    "invoices.number": _l("Write the number of the invoice, in at most %(most)s characters."),
    "invoices.partly": _l("A part of it is set off or paid already."),
    "invoices.pdf": _l("Choose a PDF."),
    "invoices.period": _l("Choose days that follow one another, at most a year."),
    "invoices.prefix": _l("Use capital letters, digits and hyphens, at most 12."),
    "invoices.regime": _l(
        "The deal and the details of your firm do not say the same about VAT: put one right."
    ),
    "invoices.regime_abroad": _l("This does not go with the country."),
    "invoices.series": _l(
        "An invoice from elsewhere has the number %(number)s already: choose another beginning "
        "for your numbers."
    ),
    "invoices.setoff": _l("There is no such set-off."),
    "invoices.siren": _l("Write the number of the firm: in France its SIREN, nine digits."),
    "invoices.stale": _l("The set-off has changed since you opened this page: read it again."),
    "invoices.soulte": _l("A soulte is still to come: note it on the page of the deal."),
    "invoices.state": _l("The invoice has moved on: this is no longer possible."),
    "invoices.supplied": _l("Nothing is invoiced before its delivery: this day is to come."),
    "invoices.taken": _l("Your firm has given this number to another invoice."),
    "invoices.too_early": _l("There is an invoice once the delivery was accepted."),
    "invoices.total": _l("Before tax and VAT do not add up to this."),
    "invoices.unequal": _l("Each firm sets off as much as is set off for it."),
    "invoices.vat_abroad": _l(
        "Your firm charges no French VAT: enter an invoice of your own, of the same total "
        "without VAT."
    ),
    "invoices.vat_number": _l("This is no VAT number of the firm."),
    "invoices.vat_of_another": _l("This VAT number belongs to another SIREN."),
}


def each(cents: int, quantity: int) -> str:
    """The price of one of several, to a hundredth of a cent where it is no whole one."""
    whole, rest = divmod(cents, quantity)
    if not rest:
        return euros(whole)
    code = language()
    told = format_decimal(Decimal(cents) / 100 / quantity, "#,##0.00##", locale=LOCALES[code])
    return f"{told}\u00a0€" if code == "fr" else f"€{told}"


def rate(bp: int) -> str:
    """«20 %», «5,5 %»: a rate of VAT."""
    code = language()
    told = format_decimal(Decimal(bp) / 100, "#,##0.##", locale=LOCALES[code])
    return f"{told}\u00a0%" if code == "fr" else f"{told}%"


def party(told: dict[str, Any]) -> list[str]:
    """A firm as its invoice names it, a line each."""
    lines = [
        f"{told['legal_name']}, {told['legal_form']}",
        told["street"],
        f"{told['postcode']} {told['city']} {told['country']}",
        f"SIREN {spelled(told['siren'], 'FR')}" if told["country"] == "FR" else told["siren"],
    ]
    if told["vat_number"]:
        lines.append(_("VAT number %(number)s", number=told["vat_number"]))
    return lines


def late() -> str:
    """What the law says of who pays late, which an invoice has to say (L. 441-10 C. com.)."""
    return _(
        "Late payment: penalties at three times the legal rate of interest, and €40 for the cost "
        "of recovery. No discount for early payment."
    )


def no_platform() -> str:
    """What the product is not: it prepares and records."""
    return _(
        "This site prepares and records invoices; it is not an accredited platform (plateforme "
        "agréée). Firms that charge VAT in France must be able to receive electronic invoices "
        "through such a platform since 1 September 2026, and small firms must issue them so from "
        "1 September 2027."
    )
