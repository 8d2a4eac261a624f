"""What mutual credit has moved pays the invoice of it, once that was accepted."""

from __future__ import annotations

from incubator.domain.exchanges.deals.events import DealActed
from incubator.domain.exchanges.invoices import settling
from incubator.kernel.db import utcnow
from incubator.kernel.events import joins


def subscribe() -> None:
    """Hear when a line of a deal was posted."""
    joins(DealActed, acted)


def acted(event: DealActed) -> None:
    """The line was posted after its invoice had been accepted."""
    if event.verb == "posted":
        settling.pay_by_credit(event.deal_id, now=utcnow())
