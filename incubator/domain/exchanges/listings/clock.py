"""What the clock does to listings, hour by hour: telling ends that come, and ending."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from incubator.domain.exchanges.listings import records, rules
from incubator.domain.exchanges.listings.events import ListingEnding
from incubator.domain.exchanges.listings.models import Listing, ListingNotice
from incubator.kernel.db import db, insert_once
from incubator.kernel.events import record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

AT_ONCE: Final = 500


def due(now: datetime, *, after: int = 0) -> Sequence[int]:
    """The ids of listings whose end is near or over, a batch of them, from an id on."""
    soon = now + max(rules.NOTICES.values())
    ending = (Listing.state.in_(rules.RUNNING), Listing.ends_at <= soon, Listing.id > after)
    query = select(Listing.id).where(*ending).order_by(Listing.id).limit(AT_ONCE)
    return db.session.scalars(query).all()


def pass_hour(listing_id: int, *, now: datetime) -> None:
    """Tell one listing's end that comes, once a stage; expire it when its end is there."""
    listing = records.locked(listing_id)
    until = listing.until
    stage = rules.due_notice(until, now)
    if until is None or stage is None or listing.state not in rules.RUNNING:
        return
    before = listing.state
    if stage == "end":
        records.step(listing, "expire", by_id=None, now=now)
        records.settle(listing, until=until)
        db.session.flush()
        records.tell_moved(listing, "expire", before, by_id=None, reason="")
    noted = insert_once(ListingNotice, listing_id=listing_id, stage=stage, until=until, told_at=now)
    if noted:
        record(
            ListingEnding(
                actor_id=None, site_id=listing.site_id, listing_id=listing_id, stage=stage
            )
        )
