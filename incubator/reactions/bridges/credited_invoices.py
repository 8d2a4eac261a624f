"""What mutual credit moves pays the accepted invoice of it, until it is taken back."""

from __future__ import annotations

from incubator.domain.exchanges.deals.events import DealActed
from incubator.domain.exchanges.deals.models import Deal
from incubator.domain.exchanges.invoices import crediting
from incubator.kernel.db import db
from incubator.kernel.events import joins


def subscribe() -> None:
    """Hear when a line of a deal was posted, or taken back."""
    joins(DealActed, acted)


def acted(event: DealActed) -> None:
    """The line was posted after its invoice had been accepted, or its posting was taken back."""
    if event.verb not in {"posted", "taken_back"}:
        return
    act = crediting.pay if event.verb == "posted" else crediting.give_back
    act(event.deal_id, now=db.session.get_one(Deal, event.deal_id).changed_at)
