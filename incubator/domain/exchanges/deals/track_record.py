"""How a firm kept its deals, for all who read its page: never prices, never with whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from incubator.domain.exchanges.deals import queries, rules
from incubator.domain.exchanges.deals.models import Deal, DealLeg, DealParty
from incubator.kernel.db import db

if TYPE_CHECKING:
    from datetime import datetime

# Of so many of its latest deals; a share of fewer deliveries than the least says nothing.
LATEST: Final = 100
LEAST_DUE: Final = 3
KEPT: Final = ("fulfilled", "settled", "closed")
_OVER: Final = ("refused", "released")


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """Of the latest deals of a firm: kept to the end; deliveries by a day, and those in time."""

    kept: int
    due: int
    in_time: int

    @property
    def tells_time(self) -> bool:
        """Whether there were enough deliveries to tell a share of them."""
        return self.due >= LEAST_DUE


def track_record(firm_id: int, *, now: datetime) -> TrackRecord:
    """How a firm kept its latest deals; a day is one at its site, UTC without one."""
    latest = (
        select(Deal.id, Deal.state)
        .join(DealParty)
        .where(DealParty.firm_id == firm_id, Deal.state.in_((*rules.BOUND, *KEPT)))
        .order_by(DealParty.deal_id.desc())
        .limit(LATEST)
    )
    states = db.session.execute(latest).all()
    legs = (
        select(DealLeg.due_on, DealLeg.delivered_at)
        .where(DealLeg.deal_id.in_([number for number, _ in states]), DealLeg.giver_id == firm_id)
        .where(DealLeg.due_on.is_not(None), DealLeg.state.not_in(_OVER))
    )
    zone = queries.zone_of(firm_id)
    due = in_time = 0
    for day, delivered in db.session.execute(legs):
        if day is None or (delivered is None and day >= now.astimezone(zone).date()):
            continue
        due += 1
        in_time += delivered is not None and delivered.astimezone(zone).date() <= day
    return TrackRecord(sum(state in KEPT for _, state in states), due, in_time)
