"""An invoice as a Factur-X file: the PDF that people read, with the data that programs read.

The profile is BASIC WL (EN 16931 without lines), which the French tax office takes from firms
that are not bound to more. The product prepares the file; an accredited platform sends it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from facturx import generate_from_binary
from facturx.generate_xml import generate_xml
from flask import Response

from incubator.blueprints.invoices import words
from incubator.blueprints.invoices.printed import asked_language, name_of, paper_of
from incubator.blueprints.invoices.routes import INVOICE, pages
from incubator.domain.exchanges.invoices import abroad, queries
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.locale import language
from incubator.kernel.aside import aside
from incubator.kernel.errors import NotFound

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.exchanges.invoices.models import Invoice

LEVEL: Final = "basicwl"
# UNTDID 1001: a commercial invoice, a credit note.
TYPES: Final = {"invoice": "380", "credit": "381"}
# ISO 6523: what numbers SIREN are.
SIREN: Final = "0002"
# UNTDID 5305: standard rate, zero rated, exempt, reverse charge, outside the scope of VAT.
CATEGORIES: Final = {
    "normal": "S",
    "franchise_293B": "E",
    "reverse_charge": "AE",
    "foreign": "O",
}
# What the words of an invoice say more exactly: goods alone that leave France, within the European
# Union or exported; services that come from abroad, of which the customer declares the VAT.
BORDERS: Final = {abroad.WITHIN: "K", abroad.EXPORTED: "G", abroad.REVERSED_HERE: "AE"}
REASONS: Final = {
    "E": "VATEX-FR-FRANCHISE",
    "AE": "VATEX-EU-AE",
    "O": "VATEX-EU-O",
    "K": "VATEX-EU-IC",
    "G": "VATEX-EU-G",
}


@pages.get(f"/factures/{INVOICE}/factur-x.pdf", en=f"/invoices/{INVOICE}/factur-x.pdf", may=members)
def factur_x(invoice_id: int) -> ResponseReturnValue:
    """An issued invoice as a Factur-X file; raise NotFound for one that is none of ours."""
    invoice = queries.visible_to(actor(), invoice_id).invoice
    if invoice.number is None or invoice.origin != "prepared":
        raise NotFound("invoices.invoice")
    with asked_language():
        paper, code, name = paper_of(invoice), language(), name_of(invoice)
        said = content_of(invoice)
    made = aside(lambda: _joined(bytes(paper.output()), said, code))
    answer = Response(made, content_type="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}-factur-x.pdf")
    return answer


def content_of(invoice: Invoice) -> dict[str, Any]:
    """The data of an invoice by the numbers of EN 16931 («BT-1» is its number)."""
    said: dict[str, Any] = {
        "BT-1": invoice.number,
        "BT-2": invoice.issued_on,
        "BT-3": TYPES[invoice.kind],
        "BT-5": "EUR",
        "BT-72": invoice.supplied_on,
        "BG-1": [{"BT-22": invoice.title}, *_notes(invoice)],
        "BG-4": _party(invoice.seller, invoice.issuer_siren),
        "BG-7": _party(invoice.buyer, invoice.recipient_siren),
        "BG-23": [_taxed(invoice, part) for part in invoice.vat_by_rate],
        "BT-106": _euros(invoice.ht_cents),
        "BT-109": _euros(invoice.ht_cents),
        "BT-110": _euros(invoice.vat_cents),
        "BT-112": _euros(invoice.ttc_cents),
        "BT-115": _euros(invoice.ttc_cents),
    }
    if invoice.kind == "invoice":
        said["BT-9"] = invoice.due_on
    if (before := queries.credited(invoice)) is not None:
        said["BG-3"] = [{"BT-25": before.number, "BT-26": before.issued_on}]
    if invoice.regime == "normal" and invoice.vat_on == "debits":
        said["BT-8"] = "invoice"
    return said


def _notes(invoice: Invoice) -> list[dict[str, str]]:
    notes = [invoice.mention, str(words.OPERATIONS[invoice.operation])]
    return [{"BT-22": note} for note in notes if note]


def _party(told: dict[str, Any], siren: str) -> dict[str, Any]:
    party = {
        "name": told["legal_name"],
        "country_code": told["country"],
        "addr_l1": told["street"],
        "postcode": told["postcode"],
        "city": told["city"],
    }
    if told["country"] == "FR":
        party |= {"legal_identifier": siren, "legal_identifier_schemeid": SIREN}
    if told["vat_number"]:
        party["vat_identifier"] = told["vat_number"]
    return party


def _taxed(invoice: Invoice, part: dict[str, Any]) -> dict[str, Any]:
    """A rate of the invoice: what is taxed, the tax, and why there is none."""
    category = category_of(invoice)
    if category == "S" and not part["bp"]:
        category = "Z"
    said = {
        "BT-116": _euros(part["ht"]),
        "BT-117": _euros(part["vat"]),
        "BT-118": category,
        "BT-119": f"{(part['bp'] or 0) / 100:.2f}",
    }
    if category in REASONS:
        said["BT-120"] = invoice.mention or str(words.REGIMES[invoice.regime])
        said["BT-121"] = REASONS[category]
    return said


def category_of(invoice: Invoice) -> str:
    """The category of VAT by what the invoice itself says, which never changes."""
    first = invoice.mention.partition("\n")[0]
    return BORDERS.get(first, CATEGORIES[invoice.regime])


def _euros(cents: int) -> str:
    units, part = divmod(cents, 100)
    return f"{units}.{part:02d}"


def _joined(paper: bytes, said: dict[str, Any], code: str) -> bytes:
    data = generate_xml(said, level=LEVEL, check_xsd=True, check_schematron=False)
    joined: bytes = generate_from_binary(
        paper, data, flavor="factur-x", level=LEVEL, check_xsd=False, lang=code
    )
    return joined
