"""Slots and sign-ups as stored, read to be changed: whoever changes one holds the slot.

A member's row is taken before a slot's, a slot's before its sign-ups: nobody waits in a ring.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from incubator.domain.commitments import planned
from incubator.domain.commitments.slot_events import SlotCancelled
from incubator.domain.commitments.slot_models import Signup, Slot
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.kernel.events import record
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

COMING = ("booked", "stand_in_wanted")
LIVE = (*COMING, "done", "partial", "missed")


def held_member(member_id: int) -> Member:
    """The member, so that two acts of one person at once wait for each other."""
    return db.session.scalars(
        select(Member).where(Member.id == member_id).with_for_update(key_share=True)
    ).one()


def held_slot(slot_id: int) -> Slot:
    """The slot as it is now, held until the end, with its site; raise NotFound."""
    found = db.session.scalar(
        select(Slot)
        .where(Slot.id == slot_id)
        .options(joinedload(Slot.site, innerjoin=True))
        .with_for_update(of=Slot)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("commitments.slot")
    return found


def signup_of(signup_id: int) -> Signup:
    """A sign-up, to know whose and where it is; raise NotFound."""
    found = db.session.get(Signup, signup_id)
    if found is None:
        raise NotFound("commitments.signup")
    return found


def signups_of(slot_id: int, states: Sequence[str] = LIVE) -> Sequence[Signup]:
    """The sign-ups of a slot that is held, by place, as they are now."""
    return db.session.scalars(
        select(Signup)
        .where(Signup.slot_id == slot_id, Signup.state.in_(states))
        .options(joinedload(Signup.member, innerjoin=True))
        .order_by(Signup.place, Signup.id)
        .execution_options(populate_existing=True)
    ).all()


def call_off(slot: Slot, *, reason: str, by_id: int | None, now: datetime) -> None:
    """Let a slot that is held not take place: who signed up is excused and told."""
    coming = signups_of(slot.id, COMING)
    slot.state, slot.reason = "cancelled", reason
    for signup in coming:
        signup.state, signup.changed_by_id, signup.changed_at = "excused", by_id, now
    db.session.flush()
    planned.keep([signup.member_id for signup in coming], now=now)
    record(
        SlotCancelled(
            actor_id=by_id,
            site_id=slot.site_id,
            slot_id=slot.id,
            member_ids=tuple(signup.member_id for signup in coming),
            reason=reason,
        )
    )
