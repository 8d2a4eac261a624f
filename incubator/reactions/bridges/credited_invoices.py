"""What mutual credit moves pays the accepted invoice of it, until it is taken back.

And a soulte that came pays what the set-off of its deal leaves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from incubator.domain.exchanges.deals import queries as deals
from incubator.domain.exchanges.deals.events import DealActed
from incubator.domain.exchanges.deals.models import Deal
from incubator.domain.exchanges.invoices import agreeing, crediting, settling
from incubator.kernel.db import db
from incubator.kernel.events import joins

if TYPE_CHECKING:
    from datetime import datetime

# How a deal is over, and after what else it may be decided what pays: a leg was moved or let go of.
OVER: Final = frozenset({"fulfilled", "part_settled"})
MOVES: Final = OVER | {"posted", "in_euros", "taken_back"}
# When a soulte that came may pay something: the deal is over, an invoice came or is right.
OWES: Final = OVER | {"invoiced", "inv_ok"}


def subscribe() -> None:
    """Hear when a line of a deal was posted, or taken back, and when the deal is over."""
    joins(DealActed, acted)


def acted(event: DealActed) -> None:
    """What stands on the ledger pays; what was taken back is owed again."""
    if event.verb in OWES:
        agreeing.count_soulte(event.deal_id, now=_when(event))
    if event.verb == "taken_back":
        crediting.give_back(event.deal_id, now=_when(event))
    if event.verb in MOVES:
        crediting.pay(event.deal_id, now=_when(event))
    if event.verb == "fulfilled":
        settling.conclude(deals.whole(event.deal_id), now=_when(event))


def _when(event: DealActed) -> datetime:
    return db.session.get_one(Deal, event.deal_id).changed_at
