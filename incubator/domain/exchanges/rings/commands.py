"""What firms say of a ring, and what becomes of it: a deal once all are interested, or nothing."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from incubator.domain.exchanges.deals import commands as deals
from incubator.domain.exchanges.deals import queries as dealt
from incubator.domain.exchanges.deals.money import before_tax, checked_rate
from incubator.domain.exchanges.deals.terms import LegTerms, Terms
from incubator.domain.exchanges.rings import loading, queries, records, rules
from incubator.domain.exchanges.rings.events import RingBecameDeal
from incubator.domain.exchanges.rings.models import Ring
from incubator.domain.exchanges.rings.values import Span, equal_total
from incubator.kernel.db import db
from incubator.kernel.errors import Refusal
from incubator.kernel.events import record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incubator.domain.exchanges.deals.models import Deal
    from incubator.domain.exchanges.listings.models import Listing
    from incubator.domain.exchanges.rings.models import RingMember
    from incubator.network.members.actor import Actor

# How the deal of a ring ends, and what the ring is then.
_FALLS: Final = {
    "declined": ("refuse", "refused"),
    "withdrawn": ("refuse", "refused"),
    "expired": ("lapse", "deal"),
    "cancelled": ("lapse", "deal"),
}
_DONE: Final = ("fulfilled", "part_settled")
# Of a leg by which nothing was received.
_NOTHING_CAME: Final = ("refused", "released")


def interested(actor: Actor, ring_id: int, *, vat_bp: int | None, now: datetime) -> Ring:
    """Say yes for one's firm, with the VAT that it charges; the last yes makes the deal.

    ``vat_bp`` is in basis points, None under the franchise. Twice is once. The ring lapses where a
    listing is gone or another ring has it. Raise NotFound ``rings.ring``; NotAllowed
    ``rings.both``; Refusal ``deals.rate``, ``deals.vat_abroad`` or ``rings.state``.
    """
    ring, mine = _held(actor, ring_id)
    rate = checked_rate(vat_bp)
    if rate and dealt.abroad([mine.firm_id]):
        raise Refusal("deals.vat_abroad", field="vat")
    if mine.said == "interested":
        return ring
    _check_open(ring, now)
    _say(actor, mine, "interested", now=now)
    mine.vat_bp = rate
    if ring.state == "suggested":
        records.move(ring, "open", now=now)
    ring.changed_at = now
    db.session.flush()
    if all(each.said == "interested" for each in ring.members):
        _accept(actor, mine.firm_id, ring, now=now)
    return ring


def refuse(actor: Actor, ring_id: int, *, reason: str, now: datetime) -> None:
    """Say no for one's firm: the ring is over, and nobody hears whose no it was.

    Twice is once. Raise NotFound ``rings.ring``; NotAllowed ``rings.both``; Refusal
    ``rings.reason`` or ``rings.state``.
    """
    ring, mine = _held(actor, ring_id)
    kept = rules.reason(reason)
    if mine.said == "refused":
        return
    _check_open(ring, now)
    _say(actor, mine, "refused", now=now)
    mine.reason, mine.vat_bp = kept, None
    records.end(ring, "refuse", cause="refused", now=now)


def _held(actor: Actor, ring_id: int) -> tuple[Ring, RingMember]:
    """A ring in hand and the actor's firm in it."""
    queries.own_firm(actor, ring_id)
    ring = records.hold(ring_id)
    firm_id = queries.own_firm(actor, ring_id)
    return ring, next(each for each in ring.members if each.firm_id == firm_id)


def _check_open(ring: Ring, now: datetime) -> None:
    if ring.state not in rules.OPEN or now >= ring.expires_at:
        raise Refusal("rings.state")


def _say(actor: Actor, mine: RingMember, said: str, *, now: datetime) -> None:
    mine.said, mine.said_by_id, mine.said_at = said, actor.id, now


def _accept(actor: Actor, firm_id: int, ring: Ring, *, now: datetime) -> None:
    """Make the deal of a ring, unless a listing went; other rings with its listings lapse."""
    records.move(ring, "accept", now=now)
    listings = [each for member in ring.members for each in (member.offer, member.need)]
    if not all(each.live and each.barter and each.ends_at > now for each in listings):
        records.end(ring, "lapse", cause="listing", now=now)
        return
    if not records.take(ring):
        records.end(ring, "lapse", cause="taken", now=now)
        return
    deal = _propose(actor, firm_id, ring, now=now)
    ring.deal_id = deal.id
    records.move(ring, "deal", now=now)
    db.session.flush()
    for other_id in records.open_with(records.units(ring), but=ring.id):
        records.lock(other_id)
        records.end(records.whole(other_id), "lapse", cause="taken", now=now)
    made = RingBecameDeal(actor_id=actor.id, ring_id=ring.id, deal_id=deal.id)
    record(made)


def _propose(actor: Actor, firm_id: int, ring: Ring, *, now: datetime) -> Deal:
    """The deal of a ring: the same total with tax for each leg, to the cent."""
    members = ring.members
    rates = [each.vat_bp for each in members]
    total = equal_total(ring.value_cents, _spans(members), rates)
    legs = tuple(
        _leg(giver, receiver, total) for giver, receiver in pairwise((*members, members[0]))
    )
    new = deals.New(firm_id=firm_id, once=f"ring-{ring.id}")
    return deals.propose(actor, new, wish=Terms(legs=legs, kind="ring"), now=now)


def _spans(members: Sequence[RingMember]) -> list[Span]:
    """What suits the two sides of each leg, before tax."""
    spans = []
    for giver, receiver in pairwise((*members, members[0])):
        offered, needed = _span(giver.offer), _span(receiver.need)
        spans.append(offered.with_other(needed) or offered)
    return spans


def _span(listing: Listing) -> Span:
    return Span(listing.min_cents, listing.max_cents)


def _leg(giver: RingMember, receiver: RingMember, total: int) -> LegTerms:
    return LegTerms(
        giver_id=giver.firm_id,
        receiver_id=receiver.firm_id,
        title=giver.offer.title,
        quantity=receiver.need.quantity,
        unit=receiver.need.unit,
        skill_id=giver.skill_id,
        listing_id=giver.offer_id,
        ht_cents=before_tax(total, giver.vat_bp) or 0,
        vat_bp=giver.vat_bp,
    )


def listing_changed(listing_id: int, *, now: datetime) -> None:
    """Let the rings lapse that need a listing which is no longer what they were made of."""
    for ring_id in records.open_with([listing_id]):
        records.lock(ring_id)
        ring = records.whole(ring_id)
        if ring.state in rules.OPEN and not _still_holds(ring, now):
            records.end(ring, "lapse", cause="listing", now=now)


def _still_holds(ring: Ring, now: datetime) -> bool:
    """Whether its listings are live and say what they said when it was found."""
    lots = loading.of_listings(records.units(ring), now)
    members = ring.members
    legs = list(pairwise((*members, members[0])))
    if any(giver.offer_id not in lots or taker.need_id not in lots for giver, taker in legs):
        return False
    inputs = [[lots[giver.offer_id].inputs, lots[taker.need_id].inputs] for giver, taker in legs]
    return rules.hash_of(inputs) == ring.input_hash


def deal_moved(deal_id: int, verb: str, *, now: datetime) -> None:
    """Follow the deal of a ring.

    Where it ends without being bound, or is called off, the ring is over and its listings are free
    again. Where it was kept, what was offered is free, and what was needed stays taken by those
    who got it.
    """
    if verb not in (*_FALLS, *_DONE):
        return
    ring_id = db.session.scalar(select(Ring.id).where(Ring.deal_id == deal_id))
    if ring_id is None:
        return
    records.lock(ring_id)
    ring = records.whole(ring_id)
    if verb in _DONE:
        legs = dealt.whole(deal_id).legs
        without = {leg.receiver_id for leg in legs if leg.state in _NOTHING_CAME}
        met = [each.need_id for each in ring.members if each.firm_id not in without]
        records.free(ring_id, but=met)
    elif ring.state == "became_deal":
        act, cause = _FALLS[verb]
        records.end(ring, act, cause=cause, now=now)


def due(now: datetime, *, after: int = 0, most: int = 500) -> Sequence[int]:
    """The ids of ideas whose time is over, a batch of them, from an id on."""
    over = (Ring.state.in_(rules.OPEN), Ring.expires_at <= now, Ring.id > after)
    return db.session.scalars(select(Ring.id).where(*over).order_by(Ring.id).limit(most)).all()


def expire(ring_id: int, *, now: datetime) -> None:
    """End an idea whose time is over; again changes nothing."""
    records.lock(ring_id)
    ring = records.whole(ring_id)
    if ring.state in rules.OPEN and now >= ring.expires_at:
        records.end(ring, "lapse", cause="time", now=now)
