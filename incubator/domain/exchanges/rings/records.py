"""Holding rings while they change: listings first, then rings, each in the order of their ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import joinedload, selectinload

from incubator.domain.exchanges.deals.models import Deal
from incubator.domain.exchanges.listings.models import Listing
from incubator.domain.exchanges.rings import rules
from incubator.domain.exchanges.rings.events import RingLapsed
from incubator.domain.exchanges.rings.models import Ring, RingHold, RingMember
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotFound
from incubator.kernel.events import record

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

# Of a deal by which something was given, and nothing more is to come.
_DEALS_THAT_ENDED: Final = ("fulfilled", "settled", "closed", "part_settled")


def whole(ring_id: int) -> Ring:
    """A ring with all that is shown or decided of it; raise NotFound ``rings.ring``."""
    found = db.session.scalar(
        select(Ring)
        .where(Ring.id == ring_id)
        .options(
            selectinload(Ring.members).options(
                joinedload(RingMember.firm),
                joinedload(RingMember.skill),
                joinedload(RingMember.offer).joinedload(Listing.site),
                joinedload(RingMember.need).joinedload(Listing.site),
            )
        )
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("rings.ring")
    return found


def hold(ring_id: int) -> Ring:
    """Hold a ring and its listings until the transaction ends; raise NotFound ``rings.ring``.

    Who withdraws a listing holds it before the ring, so everybody does.
    """
    members = select(RingMember).where(RingMember.ring_id == ring_id)
    known = db.session.scalars(members).all()
    listing_ids = sorted({each for row in known for each in (row.offer_id, row.need_id)})
    db.session.scalars(
        select(Listing.id).where(Listing.id.in_(listing_ids)).order_by(Listing.id).with_for_update()
    ).all()
    lock(ring_id)
    return whole(ring_id)


def lock(ring_id: int) -> None:
    """Hold a ring's row; raise NotFound ``rings.ring``."""
    held = select(Ring.id).where(Ring.id == ring_id).with_for_update()
    if db.session.scalar(held) is None:
        raise NotFound("rings.ring")


def open_with(listing_ids: Collection[int], *, but: int = 0) -> Sequence[int]:
    """The rings that still wait for an answer and need one of these listings, by id."""
    uses = or_(RingMember.offer_id.in_(listing_ids), RingMember.need_id.in_(listing_ids))
    query = (
        select(Ring.id)
        .join(RingMember, RingMember.ring_id == Ring.id)
        .where(uses, Ring.state.in_(rules.OPEN), Ring.id != but)
        .distinct()
        .order_by(Ring.id)
    )
    return db.session.scalars(query).all()


def move(ring: Ring, act: str, *, now: datetime, cause: str = "") -> None:
    """Bring a ring to the state that an act leads to; raise Refusal ``rings.state``."""
    ring.state = rules.after(ring.state, act)
    ring.cause, ring.changed_at = cause, now


def end(ring: Ring, act: str, *, cause: str, now: datetime) -> None:
    """End a ring: its listings are free again.

    Its firms hear that it came to nothing, but of a deal, which tells its own end.
    """
    asked = ring.state in rules.ASKED
    move(ring, act, now=now, cause=cause)
    free(ring.id)
    db.session.flush()
    if asked:
        record(RingLapsed(actor_id=None, ring_id=ring.id))


def take(ring: Ring) -> bool:
    """Hold the listings of a ring for its deal; False, and none, when another ring has one."""
    listing_ids = sorted(units(ring))
    taken = [insert_once(RingHold, listing_id=each, ring_id=ring.id) for each in listing_ids]
    if not all(taken):
        free(ring.id)
    return all(taken)


def units(ring: Ring) -> set[int]:
    """The listings of a ring."""
    return {each for member in ring.members for each in (member.offer_id, member.need_id)}


def free(ring_id: int, *, but: Collection[int] = ()) -> None:
    """Let go of the listings that a ring holds, but of some."""
    theirs = (RingHold.ring_id == ring_id, RingHold.listing_id.not_in(sorted(but)))
    db.session.execute(delete(RingHold).where(*theirs))


def free_met(listing_id: int) -> bool:
    """Let go of a listing whose ring has come to its end as a deal; whether it was held so."""
    ended = (
        select(Ring.id).join(Deal, Deal.id == Ring.deal_id).where(Deal.state.in_(_DEALS_THAT_ENDED))
    )
    theirs = (RingHold.listing_id == listing_id, RingHold.ring_id.in_(ended))
    freed = delete(RingHold).where(*theirs).returning(RingHold.listing_id)
    return db.session.scalar(freed) is not None
