"""Private rooms and conversations of several for tests, made by the commands that pages call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.domain.chat import groups, membership, queries, rooms
from incubator.kernel.db import transaction
from tests.factories_chat import cid

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account
    from tests.factories import Make


def private(make: Make, by: Account, *others: Account, name: str = "Achats") -> queries.RoomView:
    """A private room with some people in it, who see it from when they came."""
    with transaction():
        room = rooms.open_topic(make.actor(by), name=name, once=cid(), private=True, now=make.now)
    for other in others:
        invite(make, by, room.id, other)
    return room


def invite(make: Make, by: Account, room_id: int, other: Account, *, whole: bool = False) -> bool:
    """Somebody let in."""
    with transaction():
        return membership.invite(make.actor(by), room_id, other.id, whole=whole, now=make.now)


def leave(make: Make, who: Account, room_id: int) -> None:
    """A seat given up."""
    with transaction():
        membership.leave(make.actor(who), room_id, now=make.now)


def remove(make: Make, by: Account, room_id: int, other: Account) -> bool:
    """Somebody taken out."""
    with transaction():
        return membership.remove(make.actor(by), room_id, other.id, now=make.now)


def group(make: Make, by: Account, *others: Account) -> queries.RoomView:
    """A conversation of several."""
    with transaction():
        return groups.open_with(make.actor(by), [each.id for each in others], now=make.now)


def words(make: Make, who: Account, room_id: int) -> list[str]:
    """What somebody reads in a room, as plain paragraphs."""
    room = queries.visible_to(make.actor(who), room_id)
    said = queries.history(room).messages
    return [each.html.strip().removeprefix("<p>").removesuffix("</p>") for each in said]
