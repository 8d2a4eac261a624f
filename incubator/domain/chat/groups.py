"""Conversations of several: like those of two, with more people, and each may leave."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from incubator.domain.chat import directs, policy, queries, rules, who
from incubator.domain.chat.events import GroupOpened
from incubator.domain.chat.models import Room
from incubator.domain.chat.opening import open_room
from incubator.domain.chat.seats import sit
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.kernel.events import record

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from incubator.network.members.actor import Actor


def open_with(actor: Actor, member_ids: Collection[int], *, now: datetime) -> queries.RoomView:
    """The conversation with these members, opened if there is none; with one, that of the two.

    The same people get the same as long as nobody came or left. Raise NotFound ``chat.nobody``,
    NotAllowed ``chat.not_to_them``, Refusal ``chat.group_size``.
    """
    others = sorted(set(member_ids) - {actor.id})
    if len(others) == 1:
        return directs.open_with(actor, others[0], now=now)
    check(actor, others)
    key = _key_of([actor.id, *others])
    known = db.session.scalar(select(Room.id).where(Room.key == key))
    if known is None:
        known = _open(actor, others, key=key, now=now)
    return queries.visible_to(actor, known)


def check(actor: Actor, others: Collection[int]) -> None:
    """Raise as ``open_with`` does where these cannot talk together."""
    if not policy.may_sit(actor):
        raise NotAllowed("chat.not_to_them")
    if len(others) + 1 not in rules.GROUP:
        least, most = rules.GROUP.start - 1, rules.GROUP.stop - 2
        raise Refusal("chat.group_size", field="text", least=least, most=most)
    if who.able(others) != set(others):
        raise NotAllowed("chat.not_to_them")


def _open(actor: Actor, others: Collection[int], *, key: str, now: datetime) -> int:
    # The same people may have had one before: its address is another.
    last = db.session.scalar(select(func.max(Room.id)))
    number = open_room(kind="group", slug=f"{key} {last}", by=actor.id, key=key, now=now)
    if number is None:
        # Another of them opened it at the same instant.
        return db.session.scalars(select(Room.id).where(Room.key == key)).one()
    for member_id in (actor.id, *others):
        sit(number, member_id, now=now)
    everybody = (actor.id, *others)
    record(GroupOpened(actor_id=actor.id, room_id=number, member_ids=everybody))
    return number


def _key_of(member_ids: Collection[int]) -> str:
    named = " ".join(map(str, sorted(member_ids)))
    return "group." + blake2b(named.encode(), digest_size=20).hexdigest()


def current(actor: Actor, member_ids: Collection[int]) -> str | None:
    """The address part of the conversation of these people; None before the first word."""
    key = _key_of({actor.id, *member_ids})
    return db.session.scalar(select(Room.slug).where(Room.key == key))
