"""After the signatures: deliver, accept, pay the soulte, or call it off together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.domain.exchanges.deals import queries, records, rules
from incubator.kernel.errors import NotAllowed, Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.exchanges.deals.models import Deal
    from incubator.network.members.actor import Actor


def deliver(actor: Actor, deal_id: int, leg_id: int, *, now: datetime) -> None:
    """Say that what one's firm owes is delivered; twice is once.

    Raise NotFound; NotAllowed ``deals.not_yours``; Refusal ``deals.state``.
    """
    seen = records.hold(actor, deal_id)
    deal, firm_id = seen.deal, records.acting(seen)
    leg = records.leg_of(deal, leg_id)
    if leg.giver_id != firm_id:
        raise NotAllowed("deals.not_yours")
    if leg.delivered_at is not None:
        return
    _check_bound(deal)
    records.move_leg(deal, leg, "deliver", cents=None, now=now)
    leg.delivered_at = now
    if deal.state == "signed":
        records.move(deal, "start")
    _no_longer_off(deal)
    records.note(deal, "delivered", by=actor, firm_id=firm_id, now=now, leg_id=leg.id)


def accept(actor: Actor, deal_id: int, leg_id: int, *, now: datetime) -> None:
    """Say that what one's firm received is as agreed; twice is once. Raise as ``deliver``."""
    seen = records.hold(actor, deal_id)
    deal, firm_id = seen.deal, records.acting(seen)
    leg = records.leg_of(deal, leg_id)
    if leg.receiver_id != firm_id:
        raise NotAllowed("deals.not_yours")
    if leg.state in rules.KEPT_LEGS:
        return
    if leg.state != "delivered":
        raise Refusal("deals.state")
    records.move_leg(deal, leg, "accept", cents=leg.ttc_cents, now=now)
    records.note(deal, "accepted", by=actor, firm_id=firm_id, now=now, leg_id=leg.id)
    records.tell_end(deal, leg)
    records.conclude(deal, now=now)


def note_paid(actor: Actor, deal_id: int, *, ref: str, now: datetime) -> None:
    """Say that the soulte came; only the firm that gets it can know. Twice is once.

    Raise NotFound; NotAllowed ``deals.not_yours``; Refusal ``deals.state``.
    """
    seen = records.hold(actor, deal_id)
    deal, firm_id = seen.deal, records.acting(seen)
    soulte = deal.soulte
    if soulte is None or soulte.payee_id != firm_id:
        raise NotAllowed("deals.not_yours")
    if soulte.paid_at is not None:
        return
    _check_bound(deal)
    soulte.paid_at, soulte.ref = now, rules.line(ref, rules.REF_MOST)
    if deal.state == "signed":
        records.move(deal, "start")
    records.note(deal, "paid", by=actor, firm_id=firm_id, now=now, cents=soulte.cents)
    records.conclude(deal, now=now)


def call_off(actor: Actor, deal_id: int, *, now: datetime) -> None:
    """Ask to call a signed deal off, or agree to it: it ends once every firm did.

    What was accepted stays accepted; what was only promised or delivered is let go of. Raise
    NotFound, NotAllowed; Refusal ``deals.state``, also while a leg is contested.
    """
    seen = records.hold(actor, deal_id)
    deal, firm_id = seen.deal, records.acting(seen)
    if deal.state == "cancelled":
        return
    if deal.state not in {"signed", "running"}:
        raise Refusal("deals.state")
    own = next(party for party in deal.parties if party.firm_id == firm_id)
    if own.cancel_at is None:
        own.cancel_at = now
        records.note(deal, "cancel_asked", by=actor, firm_id=firm_id, now=now)
    if all(party.cancel_at is not None for party in deal.parties):
        _release(deal, now=now)


def close(actor: Actor, deal_id: int, *, now: datetime) -> None:
    """Say that nothing more is to come of a settled deal; it closes once every firm did.

    Twice is once. Raise NotFound, NotAllowed; Refusal ``deals.state``.
    """
    seen = records.hold(actor, deal_id)
    deal, firm_id = seen.deal, records.acting(seen)
    if deal.state == "closed":
        return
    if deal.state != "settled":
        raise Refusal("deals.state")
    said = queries.closers(deal_id)
    if firm_id not in said:
        records.note(deal, "close_asked", by=actor, firm_id=firm_id, now=now)
    if said | {firm_id} >= {party.firm_id for party in deal.parties}:
        records.move(deal, "close")
        records.note(deal, "closed", by=None, firm_id=None, now=now)


def go_on(actor: Actor, deal_id: int, *, now: datetime) -> None:
    """Not call a deal off after all. Raise NotFound, NotAllowed; Refusal ``deals.state``."""
    seen = records.hold(actor, deal_id)
    deal, firm_id = seen.deal, records.acting(seen)
    if deal.state not in rules.BOUND:
        raise Refusal("deals.state")
    if any(party.cancel_at is not None for party in deal.parties):
        _no_longer_off(deal)
        records.note(deal, "going_on", by=actor, firm_id=firm_id, now=now)


def _no_longer_off(deal: Deal) -> None:
    for party in deal.parties:
        party.cancel_at = None


def _release(deal: Deal, *, now: datetime) -> None:
    released = [leg for leg in deal.legs if leg.state not in rules.ENDED_LEGS]
    for leg in released:
        records.move_leg(deal, leg, "release", cents=0, now=now)
    paid = deal.soulte is not None and deal.soulte.paid_at is not None
    part = paid or any(leg.state not in {"released", "refused"} for leg in deal.legs)
    records.move(deal, "part" if part else "cancel")
    records.note(deal, deal.state, by=None, firm_id=None, now=now)
    for leg in released:
        records.tell_end(deal, leg)


def _check_bound(deal: Deal) -> None:
    if deal.state not in rules.BOUND:
        raise Refusal("deals.state")
