"""Rooms and messages for tests, made by the commands that pages call."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.domain.chat import commands, directs, membership, queries, seats
from incubator.domain.chat import rooms as topics
from incubator.domain.chat.models import Room
from incubator.domain.chat.spans import WHOLE, Span
from incubator.kernel.db import db, transaction

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.chat.saying import Sent
    from incubator.network.accounts.models import Account
    from incubator.network.members.actor import Actor
    from incubator.network.sites.models import Site
    from tests.factories import Make


@dataclass(frozen=True)
class Whole:
    """What statements need to read all of a room."""

    id: int
    span: Span = WHOLE


def whole(room_id: int) -> Whole:
    """A room as nobody in particular reads it: all of it."""
    return Whole(room_id)


def cid() -> str:
    """What a browser calls a new message."""
    return uuid.uuid4().hex


def rooms(make: Make) -> None:
    """The rooms that exist by themselves."""
    with transaction():
        seats.ensure_rooms(now=make.now)


def sit(make: Make, *accounts: Account) -> None:
    """Seats that come with the rights of these people."""
    with transaction():
        seats.seat_members([account.id for account in accounts], now=make.now)


def room_of(site: Site | None) -> int:
    """The room of a site, or the network's."""
    query = select(Room.id).where(
        Room.site_id == site.id if site else Room.kind == "network",
    )
    return db.session.scalars(query).one()


def topic(make: Make, by: Account, name: str = "Vélos") -> queries.RoomView:
    """A room on a topic."""
    with transaction():
        return topics.open_topic(make.actor(by), name=name, once=cid(), now=make.now)


def topic_by(make: Make, actor: Actor) -> queries.RoomView:
    """A room of its own for each call."""
    key = cid()
    with transaction():
        return topics.open_topic(actor, name=f"Sujet {key[:12]}", once=key, now=make.now)


def sit_down(make: Make, actor: Actor, room_id: int) -> None:
    """A seat taken."""
    with transaction():
        membership.join(actor, room_id, now=make.now)


def join(make: Make, who: Account, room_id: int) -> None:
    """A seat in an open room, taken by oneself."""
    with transaction():
        membership.join(make.actor(who), room_id, now=make.now)


def say(
    make: Make, by: Account, room_id: int, text: str = "Bonjour", *, now: datetime | None = None
) -> Sent:
    """A message."""
    with transaction():
        return commands.send(make.actor(by), room_id, cid=cid(), text=text, now=now or make.now)


def reply(
    actor: Actor, room_id: int, *, cid: str, text: str, root: int | None, now: datetime
) -> Sent:
    """A reply to message ``root``, or without one a message, in the caller's transaction."""
    said = commands.Said(cid=cid, text=text, root=root)
    return commands.say(actor, room_id, said, now=now)


def read(make: Make, by: Account, room_id: int, *, no: int) -> int:
    """A marker moved."""
    with transaction():
        return commands.mark_read(make.actor(by), room_id, no=no)


def direct(make: Make, by: Account, to: Account) -> queries.RoomView:
    """The conversation of two members."""
    with transaction():
        return directs.open_with(make.actor(by), to.id, now=make.now)
