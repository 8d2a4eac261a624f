"""What the clock does to deals, hour by hour: ends, acceptances by time, calls and reminders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from incubator.domain.exchanges.deals import queries, records, rules
from incubator.domain.exchanges.deals.events import DealDue
from incubator.domain.exchanges.deals.models import Deal
from incubator.kernel.db import db
from incubator.kernel.events import record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

AT_ONCE: Final = 500


def due(now: datetime, *, after: int = 0) -> Sequence[int]:
    """The ids of deals at which the clock has something to do, a batch, from an id on."""
    waiting = (Deal.due_at <= now, Deal.id > after)
    return db.session.scalars(
        select(Deal.id).where(*waiting).order_by(Deal.id).limit(AT_ONCE)
    ).all()


def pass_hour(deal_id: int, *, now: datetime) -> None:
    """Do what is due about one deal; again changes nothing."""
    records.lock(deal_id)
    deal = queries.whole(deal_id)
    if deal.state in rules.TALKING:
        if now >= deal.expires_at:
            records.move(deal, "expire")
            records.note(deal, "expired", by=None, firm_id=None, now=now)
        return
    if deal.state == "settled" and now >= deal.changed_at + rules.CLOSES_AFTER:
        records.move(deal, "close")
        records.note(deal, "closed", by=None, firm_id=None, now=now)
    if deal.state not in rules.BOUND:
        return
    _accept(deal, now=now)
    _call(deal, now=now)
    _remind(deal, now=now)
    deal.due_at = records.next_look(deal)
    db.session.flush()


def _accept(deal: Deal, *, now: datetime) -> None:
    """What was delivered and not contested in time counts as accepted."""
    for leg in deal.legs:
        delivered = leg.delivered_at
        if leg.state != "delivered" or delivered is None or now < delivered + rules.REVIEW:
            continue
        records.move_leg(deal, leg, "accept", cents=leg.ttc_cents, now=now)
        records.note(deal, "auto", by=None, firm_id=leg.receiver_id, now=now, leg_id=leg.id)
        records.tell_end(deal, leg)
    records.conclude(deal, now=now)


def _call(deal: Deal, *, now: datetime) -> None:
    """Mediators are called where a week goes by in silence, and when three are over."""
    for dispute in deal.disputes:
        if dispute.state not in rules.DISPUTED:
            continue
        at = records.call(dispute)
        if at is not None and now >= at:
            dispute.called_at = now
            records.note(deal, "called", by=None, firm_id=None, now=now, leg_id=dispute.leg_id)


def _remind(deal: Deal, *, now: datetime) -> None:
    for leg in deal.legs:
        at = records.reminder(deal, leg)
        if at is not None and now >= at:
            leg.reminded_at = now
            record(DealDue(actor_id=None, deal_id=deal.id, leg_id=leg.id, firm_id=leg.giver_id))
