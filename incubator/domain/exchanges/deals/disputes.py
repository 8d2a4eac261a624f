"""A delivery that is not as agreed or never came: contested, answered, mediated, over.

An amount is on the table, first the receiver's. It holds once both firms agree to it; after three
weeks a mediator, who runs a site and is of neither firm, decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.domain.exchanges.deals import money, policy, records, rules
from incubator.domain.exchanges.deals.models import Dispute
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, NotAllowed, NotFound, Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.exchanges.deals.models import Deal, DealLeg
    from incubator.domain.exchanges.deals.queries import Seen
    from incubator.network.members.actor import Actor


def contest(
    actor: Actor, deal_id: int, leg_id: int, *, reason: str, cents: int, now: datetime
) -> Dispute:
    """Say why a delivery is not as agreed, and how much of its total one accepts.

    Raise NotFound; NotAllowed ``deals.not_yours``; Refusal ``deals.words``, ``deals.too_much``,
    ``deals.cents`` or ``deals.state``.
    """
    seen = records.hold(actor, deal_id)
    deal, firm_id = seen.deal, records.acting(seen)
    leg = records.leg_of(deal, leg_id)
    if leg.receiver_id != firm_id:
        raise NotAllowed("deals.not_yours")
    if leg.mode == "gift":
        raise Refusal("deals.gift_as_it_is")
    words = rules.words(reason, "reason")
    rules.outcome(money.whole(cents), leg.ttc_cents)
    if cents == leg.ttc_cents and cents:
        raise Refusal("deals.all_of_it", field="cents")
    records.move_leg(deal, leg, "contest", cents=None, now=now)
    return opened(seen, leg, "contested", by=actor, reason=words, cents=cents, now=now)


def opened(
    seen: Seen, leg: DealLeg, verb: str, *, by: Actor, reason: str, cents: int, now: datetime
) -> Dispute:
    """The dispute that the receiver of a leg begins, told to the others."""
    deal = seen.deal
    if deal.state != "disputed":
        records.move(deal, "contest")
    made = Dispute(
        deal_id=deal.id,
        leg_id=leg.id,
        state="opened",
        reason=reason,
        answer="",
        advice="",
        cents=cents,
        giver_agrees=False,
        receiver_agrees=True,
        opened_by_id=by.id,
        opened_at=now,
    )
    deal.disputes.append(made)
    db.session.flush()
    told = {"leg_id": leg.id, "cents": cents}
    records.note(deal, verb, by=by, firm_id=leg.receiver_id, now=now, **told)
    return made


def answer(
    actor: Actor, deal_id: int, dispute_id: int, *, words: str, cents: int, now: datetime
) -> None:
    """Answer as the giver, with the amount that one finds right.

    Raise NotFound, NotAllowed; Refusal as ``contest``, and ``deals.state`` once somebody mediates.
    """
    seen = records.hold(actor, deal_id)
    deal, firm_id = seen.deal, records.acting(seen)
    dispute, leg = _open(deal, dispute_id)
    if leg.giver_id != firm_id:
        raise NotAllowed("deals.not_yours")
    told = rules.words(words, "words")
    rules.outcome(money.whole(cents), leg.ttc_cents)
    dispute.state = rules.after(rules.DISPUTE, dispute.state, "answer")
    _put(dispute, cents, giver=True, receiver=cents == dispute.cents and dispute.receiver_agrees)
    dispute.answer = told
    records.note(deal, "answered", by=actor, firm_id=firm_id, now=now, leg_id=leg.id, cents=cents)
    _agreed(deal, dispute, leg, now=now)


def agree(actor: Actor, deal_id: int, dispute_id: int, *, cents: int, now: datetime) -> None:
    """Agree to the amount on the table, which is ``cents`` as one read it.

    Raise NotFound, NotAllowed; Conflict ``deals.stale_amount``; Refusal ``deals.state``.
    """
    seen = records.hold(actor, deal_id)
    deal, firm_id = seen.deal, records.acting(seen)
    dispute, leg = _open(deal, dispute_id)
    if dispute.cents != cents:
        raise Conflict("deals.stale_amount")
    if firm_id == leg.giver_id:
        dispute.giver_agrees = True
    elif firm_id == leg.receiver_id:
        dispute.receiver_agrees = True
    else:
        raise NotAllowed("deals.not_yours")
    records.note(deal, "agreed", by=actor, firm_id=firm_id, now=now, leg_id=leg.id, cents=cents)
    _agreed(deal, dispute, leg, now=now)


def drop(actor: Actor, deal_id: int, dispute_id: int, *, now: datetime) -> None:
    """Contest no more: the delivery is accepted whole. Raise NotFound, NotAllowed, Refusal."""
    seen = records.hold(actor, deal_id)
    deal, firm_id = seen.deal, records.acting(seen)
    dispute, leg = _open(deal, dispute_id)
    if leg.receiver_id != firm_id:
        raise NotAllowed("deals.not_yours")
    dispute.state, dispute.ended_at = rules.after(rules.DISPUTE, dispute.state, "withdraw"), now
    records.move_leg(deal, leg, "accept", cents=leg.ttc_cents, now=now)
    records.note(deal, "dropped", by=actor, firm_id=firm_id, now=now, leg_id=leg.id)
    records.tell_end(deal, leg)
    records.conclude(deal, now=now)


def mediate(
    actor: Actor, deal_id: int, dispute_id: int, *, words: str, cents: int, now: datetime
) -> None:
    """Put an amount on the table as a mediator, for both firms to agree to.

    Raise NotFound; NotAllowed ``deals.no_mediator``; Refusal ``deals.too_early``, as ``contest``.
    """
    seen = records.hold(actor, deal_id)
    _check_mediator(seen)
    dispute, leg = _open(seen.deal, dispute_id)
    if not policy.may_advise(dispute, now):
        raise Refusal("deals.too_early", days=rules.ANSWER_WITHIN.days)
    told = rules.words(words, "words")
    rules.outcome(money.whole(cents), leg.ttc_cents)
    dispute.state = rules.after(rules.DISPUTE, dispute.state, "mediate")
    _put(dispute, cents, giver=False, receiver=False)
    dispute.advice, dispute.mediator_id = told, actor.id
    records.note(seen.deal, "mediated", by=actor, firm_id=None, now=now, leg_id=leg.id, cents=cents)


def decide(
    actor: Actor, deal_id: int, dispute_id: int, *, words: str, cents: int, now: datetime
) -> None:
    """Decide alone, once the time to agree is over. Raise as ``mediate``."""
    seen = records.hold(actor, deal_id)
    _check_mediator(seen)
    dispute, leg = _open(seen.deal, dispute_id)
    if not policy.may_decide(dispute, now):
        raise Refusal("deals.too_early", days=rules.RESOLVE_WITHIN.days)
    dispute.advice = rules.words(words, "words")
    rules.outcome(money.whole(cents), leg.ttc_cents)
    dispute.cents, dispute.mediator_id = cents, actor.id
    _resolve(seen.deal, dispute, leg, by=actor, now=now)


def _check_mediator(seen: Seen) -> None:
    if not seen.mediates:
        raise NotAllowed("deals.no_mediator")


def _open(deal: Deal, dispute_id: int) -> tuple[Dispute, DealLeg]:
    for each in deal.disputes:
        if each.id == dispute_id:
            if each.state not in rules.DISPUTED:
                raise Refusal("deals.state")
            return each, records.leg_of(deal, each.leg_id)
    raise NotFound("deals.dispute")


def _put(dispute: Dispute, cents: int, *, giver: bool, receiver: bool) -> None:
    dispute.cents, dispute.giver_agrees, dispute.receiver_agrees = cents, giver, receiver


def _agreed(deal: Deal, dispute: Dispute, leg: DealLeg, *, now: datetime) -> None:
    if dispute.giver_agrees and dispute.receiver_agrees:
        _resolve(deal, dispute, leg, by=None, now=now)


def _resolve(
    deal: Deal, dispute: Dispute, leg: DealLeg, *, by: Actor | None, now: datetime
) -> None:
    outcome, act = rules.outcome(dispute.cents, leg.ttc_cents)
    dispute.state = rules.after(rules.DISPUTE, dispute.state, "resolve")
    dispute.outcome, dispute.ended_at = outcome, now
    records.move_leg(deal, leg, act, cents=dispute.cents, now=now)
    told = {"cents": dispute.cents, "outcome": outcome}
    records.note(deal, "resolved", by=by, firm_id=None, now=now, leg_id=leg.id, **told)
    records.tell_end(deal, leg)
    records.conclude(deal, now=now)
