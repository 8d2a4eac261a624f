"""Rooms and messages for tests, made by the commands that pages call."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.domain.chat import commands, directs, queries, seats
from incubator.domain.chat.models import Room
from incubator.kernel.db import db, transaction

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.accounts.models import Account
    from incubator.network.sites.models import Site
    from tests.factories import Make


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
        return seats.open_topic(make.actor(by), name=name, once=cid(), now=make.now)


def say(
    make: Make, by: Account, room_id: int, text: str = "Bonjour", *, now: datetime | None = None
) -> commands.Sent:
    """A message."""
    with transaction():
        return commands.send(make.actor(by), room_id, cid=cid(), text=text, now=now or make.now)


def read(make: Make, by: Account, room_id: int, *, no: int) -> int:
    """A marker moved."""
    with transaction():
        return commands.mark_read(make.actor(by), room_id, no=no)


def direct(make: Make, by: Account, to: Account) -> queries.RoomView:
    """The conversation of two members."""
    with transaction():
        return directs.open_with(make.actor(by), to.id, now=make.now)
