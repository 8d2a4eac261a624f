"""What firms hear of rings: an idea, its end, or that it is complete; no name before that."""

from __future__ import annotations

from incubator.domain.exchanges.deals.models import Deal
from incubator.domain.exchanges.rings import queries
from incubator.domain.exchanges.rings.events import RingBecameDeal, RingLapsed, RingSuggested
from incubator.kernel.db import db
from incubator.kernel.events import joins
from incubator.reactions.mail.told import write_lines
from incubator.reactions.notifications.telling import About, tell


def subscribe() -> None:
    """Hear what must be told."""
    joins(RingSuggested, suggested)
    joins(RingLapsed, lapsed)
    joins(RingBecameDeal, complete)


def suggested(event: RingSuggested) -> None:
    """To all its firms; by letter where no other idea came by letter within a day."""
    about = About("ring", event.ring_id, "ring_suggested")
    written = queries.people_of(event.ring_id, event.by_letter)
    write_lines("ring_ideas", written, about)
    tell("ring_ideas", queries.people_of(event.ring_id) - written, about)


def lapsed(event: RingLapsed) -> None:
    """To the firms that had said yes, and not whose no it was."""
    about = About("ring", event.ring_id, "ring_lapsed")
    waiting = queries.firms_that_said(event.ring_id, "interested")
    write_lines("ring_ideas", queries.people_of(event.ring_id, waiting), about)


def complete(event: RingBecameDeal) -> None:
    """To everybody of the firms but who said the last yes: the deal waits for signatures."""
    deal = db.session.get_one(Deal, event.deal_id)
    readers = queries.people_of(event.ring_id) - {event.actor_id or 0}
    write_lines("deal_news", readers, About("deal", deal.id, "deal_ring", title=deal.title))
