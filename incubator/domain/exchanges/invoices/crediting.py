"""What mutual credit pays of invoices, and gives back when its posting is taken back.

Both are lines that are only added: an invoice is paid by the line of a posting, and open again by
the line of its reversal. Decisions 0045 and 0049.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from incubator.domain.exchanges.deals import queries as deals
from incubator.domain.exchanges.deals.models import Deal, DealStep
from incubator.domain.exchanges.invoices import numbering, rules, settling
from incubator.domain.exchanges.invoices.models import CreditLine, Invoice
from incubator.domain.exchanges.ledger.models import Txn
from incubator.kernel.db import db

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select

# What a transaction says that it moved: a leg of a deal.
SOURCE: Final = "deal_leg"
_IN_EUROS: Final = ("in_euros", "taken_back")
_BACK = aliased(Txn)


def in_euros() -> ColumnElement[bool]:
    """Whether an invoice, joined to its deal, is to be paid in euros, or set off.

    Of a deal that the ledger carries that is what credit did not move, or moved and was taken back.
    """
    steps = select(DealStep.id).where(DealStep.deal_id == Invoice.deal_id)
    carried = steps.where(DealStep.verb == "carried")
    said = steps.where(DealStep.leg_id == Invoice.leg_id, DealStep.verb.in_(_IN_EUROS))
    free = and_(Deal.kind != "credit", ~carried.exists())
    return or_(free, Invoice.in_cash, and_(said.exists(), ~_moved().exists()))


def is_in_euros(invoice_id: int) -> bool:
    """Whether this invoice is to be paid in euros, or set off."""
    query = select(Invoice.id).join(Deal, Deal.id == Invoice.deal_id)
    return db.session.scalar(query.where(Invoice.id == invoice_id, in_euros())) is not None


def paying(deal: Deal) -> frozenset[int]:
    """The legs of a deal whose posting pays their invoice.

    Of a deal on mutual credit all that stand. Of a swap or ring that the ledger carries too, once
    nothing more is to come, unless they even out for every firm: then the invoices are set off.
    """
    standing = _standing(deal)
    if deal.kind == "credit" or not standing:
        return standing
    legs = [leg for leg in deal.legs if leg.id in standing]
    net = Counter({leg.giver_id: 0 for leg in legs})
    for leg in legs:
        net[leg.giver_id] += leg.accepted_cents or 0
        net[leg.receiver_id] -= leg.accepted_cents or 0
    return standing if any(net.values()) and not undecided(deal) else frozenset()


def undecided(deal: Deal) -> bool:
    """Whether the ledger carries a deal of which a leg is still to end, or to be posted."""
    told = select(DealStep.leg_id, DealStep.verb).where(DealStep.deal_id == deal.id)
    steps = db.session.execute(told).all()
    if all(verb != "carried" for _leg_id, verb in steps):
        return False
    ended = {leg_id for leg_id, verb in steps if verb in {"posted", "in_euros"}}
    return any(
        leg.state in rules.UNDER_WAY or (leg.accepted_cents and leg.id not in ended)
        for leg in deal.legs
        if leg.mode == "barter"
    )


def _standing(deal: Deal) -> frozenset[int]:
    """The legs that were posted and not taken back."""
    ids = [leg.id for leg in deal.legs]
    query = select(Txn.source_id).where(Txn.source_type == SOURCE, Txn.source_id.in_(ids))
    back = select(_BACK.id).where(_BACK.reverses_id == Txn.id)
    return frozenset(number for number in db.session.scalars(query.where(~back.exists())) if number)


def _moved() -> Select[int]:
    """The posting of an invoice's leg that was not taken back."""
    query = select(Txn.id).where(Txn.source_type == SOURCE, Txn.source_id == Invoice.leg_id)
    return query.where(~select(_BACK.id).where(_BACK.reverses_id == Txn.id).exists())


def pay(deal_id: int, *, now: datetime) -> None:
    """What mutual credit has moved, and not back, pays the accepted invoices of a held deal."""
    legs = paying(deals.whole(deal_id))
    query = (
        select(Invoice, Txn.id)
        .join(Txn, and_(Txn.source_type == SOURCE, Txn.source_id == Invoice.leg_id))
        .where(Invoice.deal_id == deal_id, Invoice.status == "received")
        .where(Invoice.leg_id.in_(legs))
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
