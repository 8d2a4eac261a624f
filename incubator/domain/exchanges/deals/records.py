"""Holding a deal while it changes: its row first, so that two acts on it never cross."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from incubator.domain.exchanges.deals import policy, queries, rules
from incubator.domain.exchanges.deals.events import DealActed, LegEnded
from incubator.domain.exchanges.deals.models import Deal, DealStep
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.kernel.events import record

if TYPE_CHECKING:
    from incubator.domain.exchanges.deals.models import DealLeg, Dispute
    from incubator.domain.exchanges.deals.queries import Seen
    from incubator.network.members.actor import Actor

# A delivery that is due is told the day before.
REMINDED_BEFORE: Final = timedelta(days=1)


def lock(deal_id: int) -> None:
    """Hold a deal's row until the transaction ends; raise NotFound ``deals.deal``."""
    held = select(Deal.id).where(Deal.id == deal_id).with_for_update()
    if db.session.scalar(held) is None:
        raise NotFound("deals.deal")


def hold(actor: Actor, deal_id: int) -> Seen:
    """Hold a deal that the actor may see; raise NotFound ``deals.deal``."""
    lock(deal_id)
    return queries.visible_to(actor, deal_id)


def leg_of(deal: Deal, leg_id: int) -> DealLeg:
    """A leg of a deal; raise NotFound ``deals.leg``."""
    for leg in deal.legs:
        if leg.id == leg_id:
            return leg
    raise NotFound("deals.leg")


def move(deal: Deal, act: str) -> None:
    """Bring a deal to the state that an act leads to; raise Refusal ``deals.state``."""
    deal.state = rules.after(rules.DEAL, deal.state, act)


def move_leg(deal: Deal, leg: DealLeg, act: str, *, cents: int | None, now: datetime) -> None:
    """Bring a leg further; ``cents`` of it hold where the act ends it, and ``tell_end`` follows."""
    leg.state = rules.after(rules.LEG, leg.state, act)
    deal.due_at = next_look(deal)
    if cents and leg.delivered_at is None:
        # Said never to have come, and agreed since that it did: nobody knows an earlier instant.
        leg.delivered_at = now
    if cents:
        leg.accepted_at, leg.accepted_cents = now, cents
    elif leg.mode == "gift" and act == "accept":
        leg.accepted_at, leg.accepted_cents = now, 0


def tell_end(deal: Deal, leg: DealLeg) -> None:
    """Tell that a leg asks nothing more, once the timeline says why."""
    cents = leg.accepted_cents or 0
    record(
        LegEnded(
            actor_id=None,
            deal_id=deal.id,
            leg_id=leg.id,
            cents=cents,
            released_cents=leg.ttc_cents - cents,
        )
    )


def note(
    deal: Deal,
    verb: str,
    *,
    by: Actor | None,
    firm_id: int | None,
    now: datetime,
    leg_id: int | None = None,
    **data: Any,
) -> None:
    """Write a line of the timeline, tell it, and reckon when the clock looks again."""
    told = jot(deal, verb, by=by, firm_id=firm_id, now=now, leg_id=leg_id, **data)
    db.session.flush()
    record(told)


def jot(
    deal: Deal,
    verb: str,
    *,
    by: Actor | None,
    firm_id: int | None,
    now: datetime,
    leg_id: int | None = None,
    quiet: bool = False,
    **data: Any,
) -> DealActed:
    """Write a line that the caller flushes and then tells; ``quiet`` writes nobody of it."""
    db.session.add(
        DealStep(
            deal_id=deal.id,
            verb=verb,
            by_id=by.id if by else None,
            firm_id=firm_id,
            leg_id=leg_id,
            data=data,
            at=now,
        )
    )
    for party in deal.parties:
        if by is not None and party.firm_id == firm_id:
            party.person_id = by.id
    deal.changed_at = now
    deal.due_at = next_look(deal)
    return DealActed(
        actor_id=by.id if by else None,
        deal_id=deal.id,
        verb=verb,
        firm_id=firm_id,
        leg_id=leg_id,
        quiet=quiet,
    )


def conclude(deal: Deal, *, now: datetime) -> None:
    """End a deal in which nothing more is due; nothing otherwise."""
    if deal.state == "disputed" and not _disputed(deal):
        move(deal, "resume")
    soulte_open = deal.soulte is not None and deal.soulte.paid_at is None
    act = rules.ending([_how_it_ended(leg) for leg in deal.legs], soulte_open=soulte_open)
    if act is None or deal.state != "running":
        return
    move(deal, act)
    note(deal, deal.state, by=None, firm_id=None, now=now)


def _how_it_ended(leg: DealLeg) -> str:
    """The state of a leg; of one that went on since, whether a part of it was accepted."""
    part = leg.accepted_cents is not None and leg.accepted_cents < leg.ttc_cents
    return "part_accepted" if part and leg.state in rules.ENDED_LEGS else leg.state


def _disputed(deal: Deal) -> list[Dispute]:
    return [each for each in deal.disputes if each.state in rules.DISPUTED]


def next_look(deal: Deal) -> datetime | None:
    """When the clock has something to do about a deal: an end, a delivery, a dispute."""
    if deal.state in rules.TALKING:
        return deal.expires_at
    if deal.state == "settled":
        return deal.changed_at + rules.CLOSES_AFTER
    if deal.state not in rules.BOUND:
        return None
    looks = [
        leg.delivered_at + rules.REVIEW
        for leg in deal.legs
        if leg.state == "delivered" and leg.delivered_at is not None
    ]
    looks += [due for leg in deal.legs if (due := reminder(deal, leg)) is not None]
    looks += [due for each in _disputed(deal) if (due := call(each)) is not None]
    return min(looks, default=None)


def signed_at(deal: Deal) -> datetime:
    """When the last firm signed the present terms of a deal that holds."""
    return max(each.at for each in deal.signatures if each.terms_hash == deal.terms_hash)


def reminder(deal: Deal, leg: DealLeg) -> datetime | None:
    """When the giver of a leg is reminded that it is due; None when there is no need."""
    if leg.state != "committed" or leg.reminded_at is not None:
        return None
    if leg.due_on is None:
        return signed_at(deal) + rules.NEVER_CAME_AFTER - rules.NEVER_CAME_TOLD
    return datetime.combine(leg.due_on, time(0), UTC) - REMINDED_BEFORE


def call(dispute: Dispute) -> datetime | None:
    """When mediators are called: after a week without an answer, after three in any case."""
    week = dispute.opened_at + rules.ANSWER_WITHIN
    end = dispute.opened_at + rules.RESOLVE_WITHIN
    if dispute.state == "opened" and dispute.called_at is None:
        return week
    return end if dispute.called_at is None or dispute.called_at < end else None


def acting(seen: Seen) -> int:
    """The firm for which the actor acts; raise NotAllowed."""
    return policy.side(seen.own)
