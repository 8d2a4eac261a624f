"""Letters about listings: ends that come with a link that renews, withdrawals, kept searches."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from incubator.domain.exchanges.listings.events import ListingEnding, ListingMoved, SearchFound
from incubator.domain.exchanges.listings.models import Listing, SavedSearch
from incubator.domain.exchanges.listings.queries import people_of
from incubator.domain.exchanges.listings.renew_links import micros
from incubator.kernel.db import db
from incubator.kernel.events import joins
from incubator.reactions.mail.readers import accounts_of
from incubator.reactions.mail.told import write_lines
from incubator.reactions.mail.writing import write
from incubator.reactions.notifications.telling import About

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account


def subscribe() -> None:
    """Hear what must be told."""
    joins(ListingEnding, ending)
    joins(ListingMoved, withdrawn)
    joins(SearchFound, found)


def ending(event: ListingEnding) -> None:
    """To who answers for a listing, or to all of its firm once they left: how to renew it."""
    listing = db.session.get_one(Listing, event.listing_id)
    if listing.until is None:
        return
    until = listing.until

    def values(reader: Account) -> dict[str, object]:
        return {
            "listing_id": listing.id,
            "title": listing.title,
            "kind": listing.kind,
            "stage": event.stage,
            # Its last day: an end at midnight is the next one's.
            "ends_at": (until - timedelta(microseconds=1)).isoformat(),
            "zone": reader.time_zone,
            "renewal": [listing.id, reader.id, micros(until)],
        }

    about = About("listing", listing.id, f"listing_{event.stage}", title=listing.title)
    readers = accounts_of(_answer_for(listing))
    write("listing_ends", "listing", readers, values=values, about=about)


def withdrawn(event: ListingMoved) -> None:
    """To who answers for a listing that a manager took away."""
    listing = db.session.get_one(Listing, event.listing_id)
    if event.act == "withdraw" and event.reason:
        told = _answer_for(listing) - {event.actor_id or 0}
        about = About("listing", listing.id, "listing_withdrawn", title=listing.title)
        write_lines("listing_care", told, about)


def found(event: SearchFound) -> None:
    """To who keeps a search that has found something new."""
    search = db.session.get_one(SavedSearch, event.search_id)
    about = About("listing_search", search.id, "search_found", title=search.name)
    write_lines("listing_searches", {event.member_id}, about)


def _answer_for(listing: Listing) -> set[int]:
    people = people_of(listing.firm_id)
    return {listing.author_id} if listing.author_id in people else set(people)
