"""What comes round each hour: balances that grow old, acceptances that waited to be posted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incubator.domain.exchanges.ledger import ageing
from incubator.kernel.db import end_read, transaction, utcnow
from incubator.kernel.schedule import hourly
from incubator.reactions.bridges import credited_deals

if TYPE_CHECKING:
    from collections.abc import Mapping


@hourly("credit.hour")
def pass_hour(payload: Mapping[str, Any]) -> None:
    """Note who is below zero for long, then post what may be posted now, a leg a transaction."""
    del payload
    now, after = utcnow(), 0
    with transaction():
        ageing.tick(now)
    while waiting := credited_deals.waiting(after=after):
        end_read()
        for deal_id, leg_id in waiting:
            with transaction():
                credited_deals.retry(deal_id, leg_id, now=now)
        after = max(leg_id for _, leg_id in waiting)
