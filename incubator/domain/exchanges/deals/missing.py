"""What was signed and does not come: its receiver says so, and disputes it or lets go of a gift."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.domain.exchanges.deals import disputes, queries, records, rules
from incubator.kernel.errors import NotAllowed, Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.exchanges.deals.models import Deal, DealLeg, Dispute
    from incubator.domain.exchanges.deals.queries import Seen
    from incubator.network.members.actor import Actor


def is_overdue(deal: Deal, leg: DealLeg, *, now: datetime) -> bool:
    """Whether a leg that was signed should have come by now, and its giver never said it did."""
    if deal.state not in rules.BOUND or leg.state != "committed":
        return False
    zone = queries.zone_of(leg.giver_id)
    return rules.overdue(leg.due_on, records.signed_at(deal), zone=zone, now=now)


def never_came(
    actor: Actor, deal_id: int, leg_id: int, *, reason: str, now: datetime
) -> Dispute | None:
    """Say that what one's firm should have received never came: 0 cents are on the table.

    Nothing is owed for a gift, so that it is let go of at once: None. Raise NotFound; NotAllowed
    ``deals.not_yours``; Refusal ``deals.words``, ``deals.state`` or ``deals.not_overdue``.
    """
    seen = records.hold(actor, deal_id)
    deal, firm_id = seen.deal, records.acting(seen)
    leg = records.leg_of(deal, leg_id)
    if leg.receiver_id != firm_id:
        raise NotAllowed("deals.not_yours")
    if deal.state not in rules.BOUND or leg.state != "committed":
        raise Refusal("deals.state")
    if not is_overdue(deal, leg, now=now):
        raise Refusal("deals.not_overdue", days=rules.NEVER_CAME_AFTER.days)
    words = rules.words(reason, "reason")
    if leg.mode == "gift":
        _let_go(seen, leg, by=actor, words=words, now=now)
        return None
    records.move_leg(deal, leg, "miss", cents=None, now=now)
    return disputes.opened(seen, leg, "never_came", by=actor, reason=words, cents=0, now=now)


def _let_go(seen: Seen, leg: DealLeg, *, by: Actor, words: str, now: datetime) -> None:
    deal, firm_id = seen.deal, leg.receiver_id
    records.move_leg(deal, leg, "release", cents=None, now=now)
    if deal.state == "signed":
        records.move(deal, "start")
    records.note(deal, "gift_gone", by=by, firm_id=firm_id, now=now, leg_id=leg.id, words=words)
    records.tell_end(deal, leg)
    records.conclude(deal, now=now)
