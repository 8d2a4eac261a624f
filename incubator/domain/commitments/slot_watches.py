"""Waiting for a place in a full slot: told once, when one is to be had."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from incubator.domain.commitments import slot_policy
from incubator.domain.commitments.slot_models import SlotWatch
from incubator.domain.commitments.slot_store import held_slot
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incubator.network.members.actor import Actor


def watch(actor: Actor, slot_id: int, *, now: datetime) -> None:
    """Ask to be told when a place is free; asking again renews it.

    Raise NotAllowed for guests, Refusal ``commitments.slot_over`` for a slot that has begun or
    does not take place.
    """
    if not slot_policy.may_sign_up(actor):
        raise NotAllowed("commitments.guests_do_not_declare")
    slot = held_slot(slot_id)
    if slot.state != "planned" or slot.starts_at <= now:
        raise Refusal("commitments.slot_over")
    row = db.session.get(SlotWatch, (slot_id, actor.id))
    if row is None:
        db.session.add(SlotWatch(slot_id=slot_id, member_id=actor.id, since_at=now))
    else:
        row.since_at, row.told_at = now, None
    db.session.flush()


def unwatch(actor: Actor, slot_id: int) -> None:
    """Be told no more."""
    db.session.execute(
        delete(SlotWatch).where(SlotWatch.slot_id == slot_id, SlotWatch.member_id == actor.id)
    )


def take_watchers(slot_id: int, *, now: datetime) -> Sequence[int]:
    """Who is to be told of a free place, and has been from now on."""
    rows = db.session.scalars(
        select(SlotWatch)
        .where(SlotWatch.slot_id == slot_id, SlotWatch.told_at.is_(None))
        .order_by(SlotWatch.member_id)
        .with_for_update()
    ).all()
    for row in rows:
        row.told_at = now
    db.session.flush()
    return [row.member_id for row in rows]
