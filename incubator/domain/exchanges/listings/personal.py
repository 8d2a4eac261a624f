"""What listings keep of a member, and what becomes of it when they leave or are forgotten."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from incubator.domain.exchanges.listings import records, rules
from incubator.domain.exchanges.listings.models import (
    Listing,
    ListingPhoto,
    ListingSkill,
    ListingStep,
    SavedSearch,
)
from incubator.domain.exchanges.listings.queries import people_of
from incubator.domain.exchanges.listings.searching import index_about
from incubator.kernel.db import db, utcnow
from incubator.kernel.personal import Part, PersonalData

personal_data = PersonalData(
    {
        "listings": Part(Listing, (Listing.author_id,), secret=("once",)),
        "listing_photos": Part(ListingPhoto, (ListingPhoto.owner_id,), secret=("once",)),
        "listing_steps": Part(ListingStep, (ListingStep.by_id,)),
        "listing_searches": Part(SavedSearch, (SavedSearch.member_id,)),
    }
)


def forget(member_id: int) -> None:
    """Let go of the searches they kept and the photos that wait for a form."""
    db.session.execute(delete(SavedSearch).where(SavedSearch.member_id == member_id))
    unsent = (ListingPhoto.owner_id == member_id, ListingPhoto.listing_id.is_(None))
    db.session.execute(delete(ListingPhoto).where(*unsent))


def release(member_id: int) -> None:
    """Of a member who left: a colleague of the firm answers for what they wrote.

    Where nobody of the firm is left, what runs is withdrawn by the clock's hand. Searches and
    drafts go.
    """
    now = utcnow()
    forget(member_id)
    theirs = select(Listing.id).where(Listing.author_id == member_id).order_by(Listing.id)
    for listing_id in db.session.scalars(theirs).all():
        listing = records.locked(listing_id)
        heirs = people_of(listing.firm_id) - {member_id}
        if heirs:
            listing.author_id = min(heirs)
        elif "withdraw" in rules.acts_from(listing.state):
            before = listing.state
            records.step(listing, "withdraw", by_id=None, now=now)
            records.settle(listing, until=listing.until)
            db.session.flush()
            records.tell_moved(listing, "withdraw", before, by_id=None, reason="")


def hand_over(*, from_id: int, to_id: int) -> None:
    """Let another row stand for whoever wrote listings, moved them and sent photos."""
    for column in (Listing.author_id, ListingPhoto.owner_id, ListingStep.by_id):
        row = column.class_
        changed = update(row).where(column == from_id)
        db.session.execute(changed.values({column.key: to_id}))


def merge_searches(*, from_id: int, to_id: int) -> None:
    """Searches of two rows that are one person: of two with one name, the kept one's stays."""
    names = select(SavedSearch.name).where(SavedSearch.member_id == to_id)
    gone = SavedSearch.member_id == from_id
    known = set(db.session.scalars(names))
    db.session.execute(delete(SavedSearch).where(gone, SavedSearch.name.in_(known)))
    db.session.execute(update(SavedSearch).where(gone).values(member_id=to_id))


def move_skill(gone_id: int, kept_id: int) -> None:
    """Listings that named a merged term name the one that stays, once."""
    both = select(ListingSkill.listing_id).where(ListingSkill.skill_id == kept_id)
    gone = ListingSkill.skill_id == gone_id
    db.session.execute(delete(ListingSkill).where(gone, ListingSkill.listing_id.in_(both)))
    db.session.execute(update(ListingSkill).where(gone).values(skill_id=kept_id))
    index_about(kept_id)
