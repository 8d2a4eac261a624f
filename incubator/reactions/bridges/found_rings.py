"""Rings follow listings and deals: sought when something is published, ended when it goes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from incubator.domain.exchanges.deals.events import DealActed
from incubator.domain.exchanges.listings.events import ListingMoved, ListingWritten
from incubator.domain.exchanges.listings.models import Listing
from incubator.domain.exchanges.listings.rules import LIVE
from incubator.domain.exchanges.rings import commands, records, seeking
from incubator.kernel.db import db, end_read, transaction, utcnow
from incubator.kernel.events import joins
from incubator.kernel.jobs import job, later
from incubator.kernel.schedule import hourly

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from incubator.domain.exchanges.rings.market import Candidate

THROUGH: Final = "rings.through"
EVERYWHERE: Final = "rings.everywhere"
# All rings are sought from this hour of a day (UTC) on, once.
NIGHT: Final = timedelta(hours=2)


def subscribe() -> None:
    """Hear what rings are made of."""
    joins(ListingWritten, written)
    joins(ListingMoved, moved)
    joins(DealActed, acted)


def written(event: ListingWritten) -> None:
    """What is live and says something else now fits other things."""
    listing = db.session.get_one(Listing, event.listing_id)
    if listing.live:
        records.free_met(listing.id)
        commands.listing_changed(listing.id, now=utcnow())
        _seek(listing)


def moved(event: ListingMoved) -> None:
    """What is live from now on, or anew, is sought for; what is so no more ends its rings."""
    listing = db.session.get_one(Listing, event.listing_id)
    if event.after not in LIVE:
        commands.listing_changed(listing.id, now=utcnow())
        return
    freed = event.act == "renew" and records.free_met(listing.id)
    if freed or event.before not in LIVE:
        _seek(listing)


def _seek(listing: Listing) -> None:
    """Seek after the commit: who publishes does not wait for it."""
    if listing.barter:
        later(THROUGH, {"firm_id": listing.firm_id})


def acted(event: DealActed) -> None:
    """A deal that falls lets its ring fall."""
    commands.deal_moved(event.deal_id, event.verb, now=utcnow())


@job(THROUGH)
def through(payload: Mapping[str, Any]) -> None:
    """Suggest the best rings through the firm that published."""
    now = utcnow()
    _suggest(seeking.through(int(payload["firm_id"]), now=now))


@job(EVERYWHERE)
def everywhere(payload: Mapping[str, Any]) -> None:
    """Suggest the best rings of the network that share no listing."""
    del payload
    _suggest(seeking.everywhere(now=utcnow()))


def _suggest(found: Iterable[Candidate]) -> None:
    """Each in a transaction of its own: none holds more firms than its own."""
    end_read()
    for each in found:
        with transaction():
            seeking.suggest(each, now=utcnow())


@hourly("rings.hour")
def pass_hour(payload: Mapping[str, Any]) -> None:
    """End ideas whose time is over, and once a night seek all rings."""
    del payload
    now, after = utcnow(), 0
    while ids := commands.due(now, after=after):
        end_read()
        for ring_id in ids:
            with transaction():
                commands.expire(ring_id, now=now)
        after = ids[-1]
    night = (now - NIGHT).date()
    with transaction():
        later(EVERYWHERE, {}, key=f"{EVERYWHERE}:{night.isoformat()}")
