"""What comes round each hour: proposals that expire, acceptances by time, calls, reminders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incubator.domain.exchanges.deals import clock
from incubator.kernel.db import end_read, transaction, utcnow
from incubator.kernel.schedule import hourly

if TYPE_CHECKING:
    from collections.abc import Mapping


@hourly("deals.hour")
def pass_hour(payload: Mapping[str, Any]) -> None:
    """Do what is due, one deal a transaction."""
    del payload
    now, after = utcnow(), 0
    while ids := clock.due(now, after=after):
        end_read()
        for deal_id in ids:
            with transaction():
                clock.pass_hour(deal_id, now=now)
        after = ids[-1]
