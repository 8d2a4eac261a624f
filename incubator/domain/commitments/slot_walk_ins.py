"""Who came to a slot without having signed up: noted on its sheet by a manager."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.domain.commitments import slot_policy
from incubator.domain.commitments.presence_guests import is_guest
from incubator.domain.commitments.slot_events import WalkInNoted
from incubator.domain.commitments.slot_models import Signup
from incubator.domain.commitments.slot_sheets import check_over
from incubator.domain.commitments.slot_store import held_member, held_slot, signups_of
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed
from incubator.kernel.events import record

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.members.actor import Actor


def add(actor: Actor, slot_id: int, *, member_id: int, once: str, now: datetime) -> Signup:
    """Put somebody on the sheet of a slot that is over; who is on it already stays as they are.

    More may have come than there were places. Raise NotAllowed ``commitments.not_your_site`` or
    ``guests_do_not_declare``; NotFound; Refusal ``commitments.slot_locked``, ``slot_cancelled``
    or ``slot_not_over``.
    """
    if is_guest(member_id):
        raise NotAllowed("commitments.guests_do_not_declare")
    held_member(member_id)
    slot = held_slot(slot_id)
    if not slot_policy.may_plan(actor, slot.site_id):
        raise NotAllowed("commitments.not_your_site")
    check_over(slot, now)
    there = signups_of(slot.id)
    known = next((one for one in there if one.member_id == member_id), None)
    if known is not None:
        return known
    taken = {one.place for one in there}
    made = Signup(
        slot_id=slot.id,
        member_id=member_id,
        place=next(place for place in range(1, len(taken) + 2) if place not in taken),
        state="booked",
        booked_by_id=actor.id,
        booked_at=now,
        once=once,
    )
    db.session.add(made)
    db.session.flush()
    record(
        WalkInNoted(actor_id=actor.id, site_id=slot.site_id, slot_id=slot.id, member_id=member_id)
    )
    return made
