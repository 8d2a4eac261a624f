"""The set-off of a deal: what its firms owe one another by invoice, agreed to by each of them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.domain.exchanges.deals import policy, records
from incubator.domain.exchanges.deals import queries as deals
from incubator.domain.exchanges.deals import rules as deal_rules
from incubator.domain.exchanges.invoices import crediting, queries, rules, setoffs, settling
from incubator.domain.exchanges.invoices.models import Setoff, SetoffConsent
from incubator.domain.exchanges.invoices.rules import Claim
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, NotAllowed, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime

    from incubator.domain.exchanges.deals.models import Deal, DealLeg
    from incubator.domain.exchanges.invoices.models import Invoice
    from incubator.network.members.actor import Actor


@dataclass(frozen=True)
class Plan:
    """What is to be set off, in cents by invoice, and the hash that a firm agrees to."""

    applied: Mapping[int, int]
    invoices: Mapping[int, Invoice]
    hash: str

    @property
    def firm_ids(self) -> frozenset[int]:
        """The firms of which something is set off: each has to agree."""
        firms = (self.invoices[number] for number in self.applied)
        return frozenset(firm for one in firms for firm in (one.issuer_id, one.recipient_id))

    def sums_of(self, firm_id: int) -> tuple[int, int]:
        """In cents, what a firm gives up of its claims and what it is freed of: the same."""
        given = self._sum(lambda one: one.issuer_id == firm_id)
        return given, self._sum(lambda one: one.recipient_id == firm_id)

    def _sum(self, which: Callable[[Invoice], bool]) -> int:
        return sum(cents for one, cents in self.applied.items() if which(self.invoices[one]))


def plan_of(deal: Deal) -> Plan | None:
    """What can be set off in a deal now; None while an invoice is missing or contested.

    Legs that were not accepted at all need no invoice, gifts and legs in cash take no part, nor
    does what mutual credit pays.
    """
    live = settling.live_of(deal.id)
    wanted = _legs_to_set_off(deal)
    under_way = any(leg.state in rules.UNDER_WAY for leg in wanted) or crediting.undecided(deal)
    if deal.kind == "credit" or not wanted or under_way:
        return None
    invoices = [live.get(leg.id) for leg in wanted]
    owed = {
        one.id: one
        for one in invoices
        if one is not None and one.status in {*rules.OWED, "compensated", "paid"}
    }
    if len(owed) != len(wanted):
        return None
    applied = rules.circular(
        Claim(one.id, one.issuer_id, one.recipient_id, one.left_cents)
        for one in owed.values()
        if one.status in rules.OWED
    )
    if not applied:
        return None
    said = [[number, owed[number].number, applied[number]] for number in sorted(applied)]
    digest = hashlib.sha256(json.dumps([deal.id, said]).encode()).hexdigest()
    return Plan(applied, owed, digest)


def _legs_to_set_off(deal: Deal) -> list[DealLeg]:
    paid = crediting.paying(deal)
    legs = (leg for leg in deal.legs if leg.mode == "barter" and leg.state not in rules.GONE)
    return [leg for leg in legs if leg.id not in paid]


def awaits_setoff(deal: Deal, leg_id: int) -> bool:
    """Whether a set-off of the deal may still settle a leg, as far as can be seen by now."""
    live = settling.live_of(deal.id)
    claims = []
    for leg in _legs_to_set_off(deal) if deal.kind != "credit" else ():
        cents = leg.ttc_cents if leg.accepted_cents is None else leg.accepted_cents
        if leg.id in live and live[leg.id].status != "draft":
            cents = live[leg.id].left_cents
        claims.append(Claim(leg.id, leg.giver_id, leg.receiver_id, cents))
    return leg_id in rules.circular(claim for claim in claims if claim.cents)


def is_for_euros(deal: Deal, invoice: Invoice) -> bool:
    """Whether what is left of an invoice is to come in euros: nothing else will settle it.

    A soulte that is still to come is noted on its deal, not on the invoice.
    """
    if awaits_soulte(deal, invoice.issuer_id):
        return False
    if invoice.in_cash or invoice.applied_cents:
        return True
    return crediting.is_in_euros(invoice.id) and not awaits_setoff(deal, invoice.leg_id)


def awaits_soulte(deal: Deal, payee_id: int) -> bool:
    """Whether a firm still waits for the soulte of a deal that goes on."""
    soulte = deal.soulte
    open_ = soulte is not None and soulte.payee_id == payee_id and soulte.paid_at is None
    return open_ and deal.state in deal_rules.BOUND


def agree(actor: Actor, deal_id: int, *, seen_hash: str, today: date, now: datetime) -> Setoff:
    """Agree for one's firm to the set-off that one has read; the last firm brings it into effect.

    Twice is once. Raise NotFound ``deals.deal``; NotAllowed ``deals.not_yours``; Conflict
    ``invoices.stale`` when it is another by now; Refusal ``invoices.not_ready``.
    """
    seen = records.hold(actor, deal_id)
    deal, firm_id = seen.deal, policy.side(seen.own)
    done = _in_effect(deal_id, seen_hash)
    if done is not None:
        return done
    plan = plan_of(deal)
    if plan is None:
        raise Refusal("invoices.not_ready")
    if plan.hash != seen_hash:
        raise Conflict("invoices.stale")
    if firm_id not in plan.firm_ids:
        raise NotAllowed("deals.not_yours")
    setoff = _open(deal_id, plan, actor, now=now)
    agreed = _agreed(setoff)
    if firm_id not in agreed:
        values = {"person_id": actor.id, "plan_hash": plan.hash, "at": now}
        db.session.add(SetoffConsent(setoff_id=setoff.id, firm_id=firm_id, **values))
        db.session.flush()
        records.note(deal, "setoff_agree", by=actor, firm_id=firm_id, now=now)
        agreed.add(firm_id)
    if agreed >= plan.firm_ids:
        held = setoffs.hold(plan.applied)
        _count_soulte(deal, plan, held)
        setoffs.take(setoff, plan.applied, held, on=today, by=None, now=now)
    return setoff


def _in_effect(deal_id: int, plan_hash: str) -> Setoff | None:
    query = select(Setoff).where(Setoff.deal_id == deal_id, Setoff.plan_hash == plan_hash)
    return db.session.scalar(query.where(Setoff.state == "effective").limit(1))


def _open(deal_id: int, plan: Plan, actor: Actor, *, now: datetime) -> Setoff:
    """The set-off that waits with this plan; one with another plan is void."""
    found = queries.open_setoff(deal_id)
    if found is not None and found.plan_hash == plan.hash:
        return found
    if found is not None:
        found.state = rules.after(rules.SETOFF, found.state, "void")
        db.session.flush()
    two = len(plan.firm_ids) == len((rules.BETWEEN_TWO, rules.AGREED))
    made = Setoff(
        kind="deal",
        basis=rules.BETWEEN_TWO if two else rules.AGREED,
        state="draft",
        deal_id=deal_id,
        plan_hash=plan.hash,
        made_by_id=actor.id,
        made_at=now,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _agreed(setoff: Setoff) -> set[int]:
    query = select(SetoffConsent.firm_id).where(
        SetoffConsent.setoff_id == setoff.id, SetoffConsent.plan_hash == setoff.plan_hash
    )
    return set(db.session.scalars(query))


def count_soulte(deal_id: int, *, now: datetime) -> None:
    """A soulte that came after the set-off pays what that left; again changes nothing."""
    deal = deals.whole(deal_id)
    if deal.soulte is None or deal.soulte.paid_at is None:
        return
    left = deal.soulte.cents
    for one in settling.live_of(deal_id).values():
        mine = one.issuer_id == deal.soulte.payee_id and one.status in rules.OWED
        if not mine or not one.applied_cents or one.paid_cents:
            continue
        cents = min(left, one.left_cents)
        one.paid_cents += cents
        left -= cents
        db.session.flush()
        if not one.left_cents:
            settling.settled(deals.whole(deal_id), one, by=None, firm_id=None, now=now)


def _count_soulte(deal: Deal, plan: Plan, held: Mapping[int, Invoice]) -> None:
    """A soulte that came has paid what the set-off leaves of its payee's invoices."""
    if deal.soulte is None or deal.soulte.paid_at is None:
        return
    left = deal.soulte.cents
    for number in sorted(held):
        one = held[number]
        if one.issuer_id != deal.soulte.payee_id or one.paid_cents:
            continue
        cents = min(left, one.left_cents - plan.applied[number])
        one.paid_cents += cents
        left -= cents
    db.session.flush()
