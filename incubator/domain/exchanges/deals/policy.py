"""Who sees a deal, acts for a firm of it, mediates in it. Pure over what is passed.

Only the people of its firms, who mediates in it, and administrators, who answer for the network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from incubator.domain.exchanges.deals.rules import ANSWER_WITHIN, DISPUTED, RESOLVE_WITHIN
from incubator.kernel.errors import NotAllowed

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from incubator.domain.exchanges.deals.models import Deal, DealStep, Dispute
    from incubator.network.members.actor import Actor

# How the verbs begin of what firms say of an invoice.
OF_INVOICE: Final = "inv_"


def may_propose(actor: Actor, own: Collection[int], firm_id: int) -> bool:
    """Whether they may make a deal for a firm: only people of it, and no guest."""
    return not actor.is_guest and firm_id in own


def may_see(actor: Actor, deal: Deal, own: Collection[int]) -> bool:
    """Whether the deal is for their eyes; ``own`` are the firms of it in which they work."""
    if actor.is_guest:
        return False
    return bool(own) or actor.is_administrator or mediates(actor, deal, own)


def mediates(actor: Actor, deal: Deal, own: Collection[int]) -> bool:
    """Whether they may mediate: they run the site of a firm of it, and work in none of them.

    Administrators do, also between firms without a site. Whoever mediated once may read on.
    """
    if actor.is_guest or own:
        return False
    if any(each.mediator_id == actor.id for each in deal.disputes):
        return True
    sites = {party.firm.site_id for party in deal.parties}
    runs = actor.is_administrator or bool(sites & actor.managed_site_ids)
    return runs and any(each.state in DISPUTED for each in deal.disputes)


def may_read_words(step: DealStep, deal: Deal, own: Collection[int]) -> bool:
    """Whether what was said at a step is for their eyes: of an invoice it is for its two firms.

    The other firms of a ring, and who mediates, may not see the invoice either.
    """
    if not step.verb.startswith(OF_INVOICE):
        return True
    sides = [(leg.giver_id, leg.receiver_id) for leg in deal.legs if leg.id == step.leg_id]
    return any(firm_id in own for firms in sides for firm_id in firms)


def side(own: Collection[int]) -> int:
    """The firm for which they act; raise NotAllowed ``deals.not_yours`` or ``deals.both``.

    Who works in both firms acts for neither: nobody makes a deal with themselves.
    """
    if len(own) > 1:
        raise NotAllowed("deals.both")
    if not own:
        raise NotAllowed("deals.not_yours")
    return next(iter(own))


def may_advise(dispute: Dispute, now: datetime) -> bool:
    """Whether a mediator may propose an amount: both have spoken, or one let a week go by."""
    late = now >= dispute.opened_at + ANSWER_WITHIN
    return dispute.state in {"answered", "mediated"} or (dispute.state == "opened" and late)


def may_decide(dispute: Dispute, now: datetime) -> bool:
    """Whether a mediator may decide alone: three weeks have gone by."""
    return dispute.state in DISPUTED and now >= dispute.opened_at + RESOLVE_WITHIN
