"""Rooms about one thing, like a deal: private, opened once, entered by whoever takes part in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from incubator.domain.chat import policy, queries, rules, who
from incubator.domain.chat.comings import come_in, go_out
from incubator.domain.chat.events import GroupOpened
from incubator.domain.chat.models import Room, Seat
from incubator.domain.chat.opening import open_room
from incubator.domain.chat.places import place_of
from incubator.domain.chat.seats import seat_of, sit
from incubator.domain.chat.succession import succeed
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed
from incubator.kernel.events import record
from incubator.kernel.text import one_line

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from incubator.domain.chat.log import Doer
    from incubator.network.members.actor import Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """What a room is about: its key («deal.7»), what it is called, and who takes part."""

    key: str
    name: str
    member_ids: Collection[int]


def room_about(
    actor: Actor, about: About, *, whole: bool, now: datetime
) -> tuple[queries.RoomView, bool]:
    """The room about something, with the actor and all who take part in it; whether it is new.

    The caller decided that the actor may enter; ``whole`` lets them read what was said before.
    Two who open it at once get the same. Raise NotAllowed ``chat.guests_listen``.
    """
    if not policy.may_sit(actor):
        raise NotAllowed("chat.guests_listen")
    known = _room_of(about.key)
    if known is None and (made := _open(actor, about, now=now)):
        return queries.visible_to(actor, made), True
    number = known or db.session.scalars(select(Room.id).where(Room.key == about.key)).one()
    _seat(actor, number, about.member_ids, whole=whole, now=now)
    return queries.visible_to(actor, number), False


def is_silent(room_id: int) -> bool:
    """Whether nobody has said anything in a room yet; it is held, so that one alone begins it."""
    said = select(Room.msg_no).where(Room.id == room_id).with_for_update()
    return not db.session.scalar(said)


def leave(member: Doer, key: str, *, now: datetime) -> None:
    """Give up a seat in the room about something that one has no part in any more, if any."""
    number = _room_of(key)
    if number is None:
        return
    room = place_of(member.id, number, lock=True)
    if room.seated:
        go_out(member, room, member.id, act="left", now=now)
        succeed(member, room, now=now)


def _room_of(key: str) -> int | None:
    return db.session.scalar(select(Room.id).where(Room.key == key))


def _open(actor: Actor, about: About, *, now: datetime) -> int | None:
    """A new room, looked after by whoever opens it; None if another just did."""
    name = one_line(about.name)[: rules.NAME_LENGTH.stop - 1].strip()
    number = open_room(
        kind="private", slug=about.key, name=name, by=actor.id, key=about.key, now=now
    )
    if number is None:
        return None
    everybody = (actor.id, *sorted(who.able(about.member_ids) - {actor.id}))
    for member_id in everybody:
        sit(number, member_id, now=now)
    first = (Seat.room_id == number) & (Seat.member_id == actor.id)
    db.session.execute(update(Seat).where(first).values(moderator=True))
    record(GroupOpened(actor_id=actor.id, room_id=number, member_ids=everybody))
    return number


def _seat(
    actor: Actor, number: int, member_ids: Collection[int], *, whole: bool, now: datetime
) -> None:
    """Seat the actor, and who takes part by now and was never there: who left stays away."""
    room = place_of(actor.id, number, lock=True)
    if not room.seated:
        come_in(actor, room, actor.id, act="joined", whole=whole, now=now)
    were = set(db.session.scalars(select(Seat.member_id).where(Seat.room_id == number)))
    for member_id in sorted(who.able(set(member_ids) - were)):
        if seat_of(number, member_id) is None:
            come_in(actor, room, member_id, act="added", whole=True, now=now)
