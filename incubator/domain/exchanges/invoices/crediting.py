"""What mutual credit pays of invoices, and gives back when its posting is taken back.

Both are lines that are only added: an invoice is paid by the line of a posting, and open again by
the line of its reversal. Decision 0045.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from incubator.domain.exchanges.deals import queries as deals
from incubator.domain.exchanges.deals.models import Deal, DealStep
from incubator.domain.exchanges.invoices import numbering, settling
from incubator.domain.exchanges.invoices.models import CreditLine, Invoice
from incubator.domain.exchanges.ledger.models import Txn
from incubator.kernel.db import db

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

# What a transaction says that it moved: a leg of a deal.
SOURCE: Final = "deal_leg"
_BACK = aliased(Txn)


def in_euros() -> ColumnElement[bool]:
    """Whether an invoice, joined to its deal, is to be paid in euros, or set off.

    Of a deal on mutual credit that is what credit did not move, or moved and was taken back.
    """
    said = select(DealStep.id).where(
        DealStep.deal_id == Invoice.deal_id,
        DealStep.leg_id == Invoice.leg_id,
        DealStep.verb.in_(("in_euros", "taken_back")),
    )
    return or_(Deal.kind != "credit", Invoice.in_cash, said.exists())


def is_in_euros(invoice_id: int) -> bool:
    """Whether this invoice is to be paid in euros, or set off."""
    query = select(Invoice.id).join(Deal, Deal.id == Invoice.deal_id)
    return db.session.scalar(query.where(Invoice.id == invoice_id, in_euros())) is not None


def pay(deal_id: int, *, now: datetime) -> None:
    """What mutual credit has moved, and not back, pays the accepted invoices of a held deal."""
    standing = and_(Txn.source_type == SOURCE, Txn.source_id == Invoice.leg_id)
    query = (
        select(Invoice, Txn.id)
        .join(Deal, Deal.id == Invoice.deal_id)
        .join(Txn, standing)
        .where(Invoice.deal_id == deal_id, Invoice.status == "received", Deal.kind == "credit")
        .where(~select(_BACK.id).where(_BACK.reverses_id == Txn.id).exists())
        .order_by(Invoice.id)
        .execution_options(populate_existing=True)
    )
    for invoice, txn_id in db.session.execute(query).all():
        _write(invoice, txn_id, invoice.left_cents, now=now)
        settling.settled(deals.whole(deal_id), invoice, by=None, firm_id=None, now=now)


def give_back(deal_id: int, *, now: datetime) -> None:
    """What was paid by postings that were taken back is owed again; again changes nothing."""
    told = aliased(CreditLine)
    query = (
        select(Invoice, _BACK.id, CreditLine.cents)
        .join(CreditLine, CreditLine.invoice_id == Invoice.id)
        .join(_BACK, _BACK.reverses_id == CreditLine.txn_id)
        .where(Invoice.deal_id == deal_id)
        .where(~select(told.id).where(told.txn_id == _BACK.id).exists())
        .order_by(Invoice.id)
    )
    for invoice, txn_id, cents in db.session.execute(query).all():
        _write(invoice, txn_id, -cents, now=now)
        settling.reopened(deals.whole(deal_id), invoice, cents=cents, now=now)


def lines_of(invoice_id: int) -> Sequence[tuple[CreditLine, str]]:
    """What mutual credit paid of an invoice and took back, and why, the oldest first."""
    query = (
        select(CreditLine, Txn.reason)
        .join(Txn, Txn.id == CreditLine.txn_id)
        .where(CreditLine.invoice_id == invoice_id)
        .order_by(CreditLine.id)
    )
    return [(line, reason) for line, reason in db.session.execute(query)]


def _write(invoice: Invoice, txn_id: int, cents: int, *, now: datetime) -> None:
    day = numbering.day_at(invoice.recipient_id, now)
    day = numbering.open_day([invoice.issuer_id, invoice.recipient_id], day)
    line = CreditLine(invoice_id=invoice.id, txn_id=txn_id, cents=cents, applied_on=day)
    db.session.add(line)
    db.session.flush()
    db.session.refresh(invoice)
