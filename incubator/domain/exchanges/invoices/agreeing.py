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
    return leg_id in rules.circular(_foreseen(deal).values())


def _foreseen(deal: Deal) -> dict[int, Claim]:
    """What is owed of each leg that may be set off, by leg: of its invoice, or what it will say."""
    live = settling.live_of(deal.id)
    claims = {}
    for leg in _legs_to_set_off(deal) if deal.kind != "credit" else ():
        cents = leg.ttc_cents if leg.accepted_cents is None else leg.accepted_cents
        if leg.id in live and live[leg.id].status != "draft":
            cents = live[leg.id].left_cents
        claims[leg.id] = Claim(leg.id, leg.giver_id, leg.receiver_id, cents)
    return claims


def is_for_euros(deal: Deal, invoice: Invoice) -> bool:
    """Whether what is left of an invoice is to come in euros: nothing else will settle it.

    A soulte is noted on its deal, not on the invoice, and counts once it is known what of the
    deal was accepted.
    """
    if invoice.in_cash:
        return True
    if _takes_soulte(deal, invoice) and deal.state in deal_rules.BOUND:
        return False
    if invoice.applied_cents:
        return True
    return crediting.is_in_euros(invoice.id) and not awaits_setoff(deal, invoice.leg_id)


def awaits_soulte(deal: Deal, invoice: Invoice) -> bool:
    """Whether an invoice waits for the soulte of a deal that goes on, which is still to come."""
    open_ = deal.soulte is not None and deal.soulte.paid_at is None
    return open_ and _takes_soulte(deal, invoice) and deal.state in deal_rules.BOUND


def _takes_soulte(deal: Deal, invoice: Invoice) -> bool:
    """Whether the soulte of a deal may pay an invoice."""
    soulte = deal.soulte
    return soulte is not None and invoice.issuer_id == soulte.payee_id and not invoice.in_cash


def by_soulte(deal: Deal, invoice: Invoice) -> int:
    """The cents of an unsettled invoice that the soulte has paid: euros settle it at once."""
    settled = invoice.status in {"paid", "compensated", "credited"}
    return invoice.paid_cents if _takes_soulte(deal, invoice) and not settled else 0


def is_untouched(deal: Deal, invoice: Invoice) -> bool:
    """Whether an invoice may still be contested or taken back: nothing but the soulte paid of it.

    What the soulte paid of an invoice that is taken back counts on the next one of its leg.
    """
    return not invoice.applied_cents and (not invoice.paid_cents or _takes_soulte(deal, invoice))


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
        setoffs.take(setoff, plan.applied, held, on=today, by=None, now=now)
        count_soulte(deal_id, now=now)
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
    """A soulte that came pays what no set-off takes of its payee's invoices, the oldest first.

    Never more than came, and again changes nothing. It waits until the deal has ended: before, it
    is not known what of it is owed. An invoice that is paid whole is settled once its receiver has
    said that it is right, or has agreed to the set-off of the deal.
    """
    deal = deals.whole(deal_id)
    if not _has_come(deal):
        return
    owed = [one.id for one in _paid_by_soulte(deal) if one.status in rules.OWED]
    held, agreed = setoffs.hold(owed), _was_set_off(deal_id)
    rest, beyond = _not_counted(deal), _beyond_setoff(deal)
    for number in sorted(held):
        one = held[number]
        cents = min(rest, beyond[one.leg_id])
        one.paid_cents += cents
        rest -= cents
        db.session.flush()
        if not one.left_cents and (one.status == "received" or one.applied_cents or agreed):
            settling.settled(deals.whole(deal_id), one, by=None, firm_id=None, now=now)


def to_give_back(deal: Deal) -> int:
    """The cents of a soulte that came which are not owed for what was accepted: they go back.

    None while the deal goes on. What its payer still owes beyond the set-off comes off first.
    """
    if not _has_come(deal) or deal.soulte is None:
        return 0
    claims, beyond = _foreseen(deal), _beyond_setoff(deal)
    mine = (leg for leg, one in claims.items() if one.issuer_id == deal.soulte.payee_id)
    return max(0, _not_counted(deal) - sum(beyond[leg] for leg in mine))


def _has_come(deal: Deal) -> bool:
    """Whether a deal that has ended had a soulte, and it came."""
    soulte = deal.soulte
    return soulte is not None and soulte.paid_at is not None and deal.state not in deal_rules.BOUND


def _beyond_setoff(deal: Deal) -> dict[int, int]:
    """By leg, the cents of what is owed that no set-off of the deal will take."""
    claims = _foreseen(deal)
    taken = rules.circular(claims.values())
    return {leg_id: one.cents - taken.get(leg_id, 0) for leg_id, one in claims.items()}


def _paid_by_soulte(deal: Deal) -> list[Invoice]:
    return [one for one in settling.live_of(deal.id).values() if _takes_soulte(deal, one)]


def _not_counted(deal: Deal) -> int:
    """The cents of a soulte that pay no invoice yet.

    No euros are noted on an invoice before the soulte has paid what it can: it came first.
    """
    came = deal.soulte.cents if deal.soulte is not None else 0
    return max(0, came - sum(one.paid_cents for one in _paid_by_soulte(deal)))


def _was_set_off(deal_id: int) -> bool:
    query = select(Setoff.id).where(Setoff.deal_id == deal_id, Setoff.state == "effective")
    return db.session.scalar(query.limit(1)) is not None
