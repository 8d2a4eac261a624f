"""What follows for a deal as its invoices are settled: its legs, then the deal itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.domain.exchanges.deals import records
from incubator.domain.exchanges.deals import rules as deal_rules
from incubator.domain.exchanges.deals.models import Deal
from incubator.domain.exchanges.invoices import rules
from incubator.domain.exchanges.invoices.models import Invoice
from incubator.kernel.db import db
from incubator.kernel.events import record_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from incubator.domain.exchanges.deals.events import DealActed
    from incubator.network.members.actor import Actor

AT_ONCE = 5000


def locked_deals(deal_ids: Iterable[int]) -> None:
    """Hold deals, the lowest number first, as every act on several of them does."""
    for some in batches(sorted(set(deal_ids))):
        held = select(Deal.id).where(Deal.id.in_(some)).order_by(Deal.id).with_for_update()
        db.session.execute(held).all()


def batches(numbers: Sequence[int]) -> Iterable[Sequence[int]]:
    """As many at once as every database takes in one statement."""
    return (numbers[at : at + AT_ONCE] for at in range(0, len(numbers), AT_ONCE))


def live_of(*deal_ids: int) -> dict[int, Invoice]:
    """The invoices of deals that hold, drafts too, by leg, as they are now."""
    query = (
        select(Invoice)
        .where(Invoice.deal_id.in_(deal_ids), Invoice.kind == "invoice")
        .where(Invoice.status != "credited")
        .order_by(Invoice.id)
        .execution_options(populate_existing=True)
    )
    return {each.leg_id: each for each in db.session.scalars(query)}


def settled(
    deal: Deal, invoice: Invoice, *, by: Actor | None, firm_id: int | None, now: datetime
) -> None:
    """An invoice of a deal is settled to the last cent: so is its leg, and maybe the deal."""
    told = settle(deal, invoice, live_of(deal.id), by=by, firm_id=firm_id, now=now)
    db.session.flush()
    record_all(told)


def settle(
    deal: Deal,
    invoice: Invoice,
    live: Mapping[int, Invoice],
    *,
    by: Actor | None,
    firm_id: int | None,
    now: datetime,
) -> list[DealActed]:
    """The same for a caller that flushes, then tells what is returned; ``live`` by leg."""
    act = "settle" if invoice.applied_cents else "pay"
    invoice.status = rules.after(rules.INVOICE, invoice.status, act)
    invoice.changed_at = now
    leg = records.leg_of(deal, invoice.leg_id)
    verb = "inv_paid"
    if invoice.applied_cents or leg.mode == "barter":
        records.move_leg(deal, leg, "compensate", cents=None, now=now)
        verb = "compensated"
    told = [
        records.jot(
            deal, verb, by=by, firm_id=firm_id, now=now, leg_id=leg.id, cents=invoice.ttc_cents
        )
    ]
    return told + _conclude(deal, live, now=now)


def conclude(deal: Deal, *, now: datetime) -> None:
    """A deal that is fulfilled is settled at once where nothing of it waits to be."""
    told = _conclude(deal, live_of(deal.id), now=now)
    db.session.flush()
    record_all(told)


def _conclude(deal: Deal, live: Mapping[int, Invoice], *, now: datetime) -> list[DealActed]:
    if deal.state != "fulfilled" or not _all_settled(deal, live):
        return []
    records.move(deal, "settle")
    return [records.jot(deal, "settled", by=None, firm_id=None, now=now)]


def _all_settled(deal: Deal, live: Mapping[int, Invoice]) -> bool:
    """Whether every invoice of a deal is."""
    for leg in deal.legs:
        paid = leg.id in live and live[leg.id].status == "paid"
        if leg.mode != "gift" and leg.state != "compensated" and not paid:
            return False
    return True


def reopened(deal: Deal, invoice: Invoice, *, cents: int, now: datetime) -> None:
    """An invoice of a deal is owed again: so is its leg, and the deal is no longer settled."""
    invoice.changed_at = now
    leg = records.leg_of(deal, invoice.leg_id)
    if leg.state == "compensated":
        records.move_leg(deal, leg, "reopen", cents=None, now=now)
    if "reopen" in deal_rules.DEAL[deal.state]:
        records.move(deal, "reopen")
    db.session.flush()
    records.note(deal, "inv_reopened", by=None, firm_id=None, now=now, leg_id=leg.id, cents=cents)
