"""Conversations of two members."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from incubator.domain.chat import policy, queries
from incubator.domain.chat.events import DirectOpened
from incubator.domain.chat.models import Pair, Room
from incubator.domain.chat.seats import sit
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record
from incubator.network.accounts.queries import account_of, actor_of
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incubator.network.members.actor import Actor


def may_write_to(actor: Actor, member_id: int) -> bool:
    """Whether ``actor`` may begin to talk with a member, as pages ask to draw their button."""
    account = account_of(member_id)
    if account is None or account.deactivated_at:
        return False
    return policy.may_write_to(actor, actor_of(account))


def check_may(actor: Actor, member_id: int) -> None:
    """Raise NotAllowed ``chat.not_to_them`` when one of the two is a guest or has left."""
    if not may_write_to(actor, member_id):
        raise NotAllowed("chat.not_to_them")


def current(actor: Actor, member_id: int) -> str | None:
    """The address part of the conversation of two members; None before the first word."""
    low, high = sorted((actor.id, member_id))
    return db.session.scalar(
        select(Room.slug)
        .join(Pair, Pair.room_id == Room.id)
        .where(Pair.low_id == low, Pair.high_id == high, Pair.current)
    )


def open_with(actor: Actor, member_id: int, *, now: datetime) -> queries.RoomView:
    """The conversation with a member, opened if there is none; both have a seat in it.

    Two who open it at once get the same. Raise NotFound ``chat.nobody`` when there is no such
    member, NotAllowed ``chat.not_to_them`` when one of the two is a guest or has left.
    """
    if db.session.get(Member, member_id) is None:
        raise NotFound("chat.nobody")
    check_may(actor, member_id)
    slug = current(actor, member_id)
    if slug is None:
        slug = _open(actor, member_id, now=now)
    return queries.visible_to(actor, slug)


def _open(actor: Actor, member_id: int, *, now: datetime) -> str:
    low, high = sorted((actor.id, member_id))
    # No topic has such an address: a full stop is never in theirs.
    key = blake2b(f"{low} {high} {now.isoformat()}".encode(), digest_size=12).hexdigest()
    slug = f"direct.{key}"
    values = {"kind": "direct", "slug": slug, "name": "", "purpose": "", "site_id": None}
    numbers = {"seq": 0, "msg_no": 0}
    insert_once(Room, **values, **numbers, created_at=now, created_by_id=actor.id, once=None)
    room_id = db.session.scalars(select(Room.id).where(Room.slug == slug)).one()
    if not insert_once(Pair, room_id=room_id, low_id=low, high_id=high, current=True):
        # The other wrote at the same instant: theirs is the one.
        known = current(actor, member_id) or slug
        db.session.execute(delete(Room).where(Room.id == room_id, Room.slug != known))
        return known
    for member in (low, high):
        sit(room_id, member, now=now)
    record(DirectOpened(actor_id=actor.id, room_id=room_id, member_id=member_id))
    return slug


def check_reachable(actor: Actor, pair: Sequence[int]) -> None:
    """Refuse with ``chat.gone`` when the other of a conversation is no longer in the network."""
    other = next((each for each in pair if each != actor.id), actor.id)
    account = account_of(other)
    if account is None or account.deactivated_at:
        raise Refusal("chat.gone", field="text")
