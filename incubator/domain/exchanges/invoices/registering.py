"""An invoice that its issuer wrote elsewhere: entered, and compared with what was accepted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from incubator.domain.exchanges.deals import money
from incubator.domain.exchanges.invoices import drafting, numbering, rules
from incubator.domain.exchanges.invoices.models import Invoice
from incubator.kernel.db import db
from incubator.kernel.errors import Refusal
from incubator.kernel.text import one_line

if TYPE_CHECKING:
    from datetime import date, datetime

    from incubator.domain.exchanges.deals.models import DealLeg
    from incubator.kernel.stored_files import StoredFile
    from incubator.network.members.actor import Actor

# A file of an invoice, in bytes.
FILE_MOST: Final = 5 * 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """What an invoice that was issued elsewhere says: its number, its day, its cents, its file."""

    number: str
    issued_on: date
    ht: int
    vat: int
    ttc: int
    operation: str
    supplied_on: date
    file: StoredFile | None = None


def register(
    actor: Actor, deal_id: int, leg_id: int, *, paper: Paper, today: date, now: datetime
) -> Invoice:
    """Enter an invoice of a leg that was issued elsewhere; entered again it is the same one.

    Its total must be what was accepted: how its tax is reckoned may differ, and is then told to
    both firms. Raise as ``drafting.hold_leg``; Refusal beside a field: ``invoices.number``,
    ``invoices.taken``, ``invoices.dated``, ``invoices.closed``, ``invoices.total``,
    ``invoices.accepted``, ``invoices.supplied``, ``invoices.pdf``.
    """
    held = drafting.hold_leg(actor, deal_id, leg_id)
    number = one_line(paper.number.replace("\0", "")).strip()
    if held.live is not None and held.live.status != "draft":
        if held.live.number == number:
            return held.live
        raise Refusal("invoices.already")
    books = numbering.held_books([held.firm_id, held.leg.receiver_id])
    _check_said(paper, number, today)
    _check_cents(paper, held.leg)
    if numbering.taken(held.firm_id, number):
        raise Refusal("invoices.taken", field="number")
    numbering.check_open(books[held.firm_id], paper.issued_on, "issued_on")
    values = _said(paper, held.leg)
    if held.live is not None:
        db.session.delete(held.live)
        db.session.flush()
    made = Invoice(
        kind="invoice",
        origin="registered",
        status="issued",
        deal_id=deal_id,
        leg_id=leg_id,
        number=number,
        issued_on=paper.issued_on,
        booked_on=numbering.late(books[held.leg.receiver_id], paper.issued_on),
        made_by_id=actor.id,
        made_at=now,
        changed_at=now,
        **values,
    )
    db.session.add(made)
    drafting.told(held.deal, made, by=actor, now=now)
    return made


def _said(paper: Paper, leg: DealLeg) -> dict[str, Any]:
    """What the invoice says, by column: who is who as the firms said, its own cents and file."""
    choices = drafting.Choices(operation=paper.operation, supplied_on=paper.supplied_on)
    said = money.Amounts(paper.ht, paper.vat, paper.ttc)
    file = paper.file
    return drafting.said_of(leg, choices, today=paper.issued_on, said=said) | {
        "file_key": file.key if file else None,
        "file_name": file.name if file else "",
        "sha256": file.sha256 if file else "",
    }


def _check_said(paper: Paper, number: str, today: date) -> None:
    if not 0 < len(number) <= rules.NUMBER_MOST:
        raise Refusal("invoices.number", field="number", most=rules.NUMBER_MOST)
    if paper.operation not in rules.OPERATIONS:
        raise Refusal("invoices.choose", field="operation")
    if paper.issued_on > today:
        raise Refusal("invoices.dated", field="issued_on")
    if paper.supplied_on > today:
        raise Refusal("invoices.supplied", field="supplied_on")
    if paper.file is not None and paper.file.kind != "pdf":
        raise Refusal("invoices.pdf", field="file")


def _check_cents(paper: Paper, leg: DealLeg) -> None:
    for cents in (paper.ht, paper.vat, paper.ttc):
        money.whole(cents)
    if paper.ht + paper.vat != paper.ttc:
        raise Refusal("invoices.total", field="ttc")
    if leg.vat_bp is None and paper.vat:
        raise Refusal("invoices.no_vat", field="vat")
    if paper.ttc != drafting.accepted(leg).ttc:
        raise Refusal("invoices.accepted", field="ttc")


def differences(invoice: Invoice, leg: DealLeg) -> list[tuple[str, int, int]]:
    """Where an invoice and what was accepted say other cents: which, its own, the expected."""
    expected = drafting.accepted(leg)
    pairs = (
        ("ht", invoice.ht_cents, expected.ht),
        ("vat", invoice.vat_cents, expected.vat),
        ("ttc", invoice.ttc_cents, expected.ttc),
    )
    return [(name, said, due) for name, said, due in pairs if said != due]
