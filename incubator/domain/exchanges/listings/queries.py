"""One listing, whose firms somebody is of, and what was done to a listing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from incubator.domain.exchanges.listings import policy
from incubator.domain.exchanges.listings.models import (
    Listing,
    ListingOrigin,
    ListingPhoto,
    ListingSkill,
    ListingStep,
)
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.network.members.firm_models import Firm, FirmRole

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.sql.base import ExecutableOption

    from incubator.network.members.actor import Actor

STEPS_MOST = 60
FIRMS_MOST = 50
OF_QUESTION_MOST = 10


def firms_of(member_id: int) -> Sequence[Firm]:
    """The firms that a member works in today, the oldest role first."""
    return db.session.scalars(
        select(Firm)
        .join(FirmRole, FirmRole.firm_id == Firm.id)
        .where(FirmRole.member_id == member_id, FirmRole.until_on.is_(None))
        .order_by(FirmRole.since_on, FirmRole.id)
        .limit(FIRMS_MOST)
    ).all()


def firm_ids_of(member_id: int) -> frozenset[int]:
    """The ids of the firms that a member works in today."""
    lasting = (FirmRole.member_id == member_id, FirmRole.until_on.is_(None))
    return frozenset(db.session.scalars(select(FirmRole.firm_id).where(*lasting)))


def live_kinds(firm_ids: Collection[int]) -> set[tuple[int, str]]:
    """Which of these firms have a live need or a live offer: firm and kind."""
    query = select(Listing.firm_id, Listing.kind).where(Listing.firm_id.in_(firm_ids), Listing.live)
    return {(firm_id, kind) for firm_id, kind in db.session.execute(query.distinct())}


def people_of(firm_id: int) -> frozenset[int]:
    """The ids of who works in a firm today."""
    lasting = (FirmRole.firm_id == firm_id, FirmRole.until_on.is_(None))
    return frozenset(db.session.scalars(select(FirmRole.member_id).where(*lasting)))


def whole() -> tuple[ExecutableOption, ...]:
    """What a page of listings loads with each of them."""
    return (
        joinedload(Listing.firm),
        joinedload(Listing.site),
        joinedload(Listing.author),
        selectinload(Listing.skills).joinedload(ListingSkill.skill),
        selectinload(Listing.photos),
    )


def visible_to(actor: Actor, listing_id: int) -> Listing:
    """A listing with all that its page shows; raise NotFound ``listings.listing``."""
    found = db.session.scalar(select(Listing).where(Listing.id == listing_id).options(*whole()))
    if found is None or not policy.may_read(actor, found, firm_ids_of(actor.id)):
        raise NotFound("listings.listing")
    return found


def reachable(actor: Actor) -> ColumnElement[bool]:
    """Live listings whose visibility reaches a reader, as a condition on ``Listing``."""
    if actor.is_guest:
        return Listing.id < 0
    near = [Listing.visibility == "network", Listing.site_id == actor.home_site_id]
    if actor.is_administrator:
        near.append(true())
    elif actor.managed_site_ids:
        near.append(Listing.site_id.in_(actor.managed_site_ids))
    return and_(Listing.live, or_(*near))


def steps_of(listing_id: int) -> Sequence[ListingStep]:
    """What was done to a listing, the latest first, with who did it."""
    return db.session.scalars(
        select(ListingStep)
        .where(ListingStep.listing_id == listing_id)
        .options(joinedload(ListingStep.by))
        .order_by(ListingStep.id.desc())
        .limit(STEPS_MOST)
    ).all()


def origin_of(listing_id: int) -> int | None:
    """The id of the question that a need was made of."""
    found = select(ListingOrigin.question_id).where(ListingOrigin.listing_id == listing_id)
    return db.session.scalar(found)


def of_question(actor: Actor, question_id: int) -> Sequence[Listing]:
    """The needs made of a question that a reader may see, the newest first."""
    found = db.session.scalars(
        select(Listing)
        .join(ListingOrigin, ListingOrigin.listing_id == Listing.id)
        .where(ListingOrigin.question_id == question_id)
        .order_by(Listing.id.desc())
        .limit(OF_QUESTION_MOST)
    ).all()
    firm_ids = firm_ids_of(actor.id) if found else frozenset()
    return [each for each in found if policy.may_read(actor, each, firm_ids)]


def photo_visible_to(actor: Actor, photo_id: int) -> ListingPhoto:
    """A photo of a listing one may read, or one's own that waits; raise NotFound."""
    photo = db.session.get(ListingPhoto, photo_id)
    if photo is None or (photo.listing_id is None and photo.owner_id != actor.id):
        raise NotFound("listings.photo")
    if photo.listing_id is not None:
        visible_to(actor, photo.listing_id)
    return photo


def photos_by(member_id: int) -> Sequence[ListingPhoto]:
    """What a member sent, the oldest first."""
    theirs = select(ListingPhoto).where(ListingPhoto.owner_id == member_id)
    return db.session.scalars(theirs.order_by(ListingPhoto.id)).all()
