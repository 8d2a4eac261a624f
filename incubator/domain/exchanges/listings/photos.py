"""Photos of listings: those that wait for their form, and taking one away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, select

from incubator.domain.exchanges.listings import policy
from incubator.domain.exchanges.listings.models import ListingPhoto
from incubator.domain.exchanges.listings.queries import (
    firm_ids_of,
    photo_visible_to,
    visible_to,
)
from incubator.domain.exchanges.listings.records import PHOTOS_MOST
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incubator.kernel.kept_files import Kept
    from incubator.network.members.actor import Actor

UNSENT_MOST: Final = 20


def add(actor: Actor, once: str, photo: Kept, *, now: datetime) -> ListingPhoto:
    """Let a stored photo wait for its form.

    Raise NotAllowed ``listings.not_yours``; Refusal ``listings.photos`` of a file that is no
    picture, ``listings.photos_many``.
    """
    if actor.is_guest:
        raise NotAllowed("listings.not_yours")
    if photo.width is None or photo.height is None:
        raise Refusal("listings.photos", field="files")
    unsent = (ListingPhoto.owner_id == actor.id, ListingPhoto.listing_id.is_(None))
    count = select(func.count()).select_from(ListingPhoto).where(*unsent)
    here = db.session.scalar(count.where(ListingPhoto.once == once[:40])) or 0
    if not once or here >= PHOTOS_MOST or (db.session.scalar(count) or 0) >= UNSENT_MOST:
        raise Refusal("listings.photos_many", field="files", most=PHOTOS_MOST)
    row = ListingPhoto(
        owner_id=actor.id,
        once=once[:40],
        file_key=photo.key,
        width=photo.width,
        height=photo.height,
        added_at=now,
    )
    db.session.add(row)
    db.session.flush()
    return row


def remove(actor: Actor, photo_id: int) -> None:
    """Take a photo away from one's form or from a listing of one's firm.

    The file itself goes with the next sweep of what no row names. Raise NotFound, NotAllowed.
    """
    photo = photo_visible_to(actor, photo_id)
    if photo.listing_id is not None:
        listing = visible_to(actor, photo.listing_id)
        if not policy.may_publish(actor, listing.firm_id, firm_ids_of(actor.id)):
            raise NotAllowed("listings.not_yours")
    db.session.delete(photo)
    db.session.flush()


def waiting(actor: Actor, once: str) -> Sequence[ListingPhoto]:
    """The photos that wait for a form to be sent."""
    return db.session.scalars(
        select(ListingPhoto)
        .where(
            ListingPhoto.owner_id == actor.id,
            ListingPhoto.once == once[:40],
            ListingPhoto.listing_id.is_(None),
        )
        .order_by(ListingPhoto.id)
    ).all()


def forgotten(before: datetime) -> int:
    """Take away photos of forms that were left before an instant; how many."""
    left = delete(ListingPhoto).where(
        ListingPhoto.listing_id.is_(None), ListingPhoto.added_at < before
    )
    return len(db.session.execute(left.returning(ListingPhoto.id)).all())
