"""A step of the loader: rooms, who sits in them, what was said and how far it was read."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from incubator.demo.content import with_addresses
from incubator.demo.stage import key_of, luck
from incubator.domain.chat import commands, groups, membership, rooms
from incubator.domain.chat.models import Room as RoomRow
from incubator.domain.chat.models import Seat
from incubator.kernel.db import as_of, db

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incubator.demo.shapes import Message, Room
    from incubator.demo.stage import Stage

BEFORE = timedelta(hours=20)  # a topic is opened, then talked about
ARRIVAL = timedelta(minutes=2)  # one sits down, then talks
LONGEST_AWAY = 60  # hours since a member looked at a room


class _Act(NamedTuple):
    """Somebody sits down in a room or, with a message, says something."""

    at: datetime
    room: int
    turn: int
    email: str
    message: Message | None


def fill_rooms(stage: Stage) -> str:
    """Let members sit down and talk in the order of the clock, then read.

    The rooms of the network and its sites, and the seats there, came with sites and members.
    """
    told = stage.content.rooms
    ids = [_room_id(stage, room) for room in told]
    acts = [act for place, room in enumerate(told) for act in _acts(stage, room, place)]
    said = 0
    for act in sorted(acts, key=lambda act: act[:3]):
        with as_of(act.at):
            if act.message is None:
                _sit(stage, act, told[act.room], room_id=ids[act.room])
            else:
                _say(stage, act, act.message, room_id=ids[act.room])
                said += 1
    for room, room_id in zip(told, ids, strict=True):
        _read(stage, room, room_id)
        if room.archived:
            rooms.archive(stage.actors[room.messages[0].author], room_id, on=True, now=stage.now)
    return f"{len(told)} rooms, {said} messages"


def _sit(stage: Stage, act: _Act, room: Room, *, room_id: int) -> None:
    """Somebody comes into a room; into a private one whoever opened it lets them, and it all."""
    who = stage.actors[act.email]
    if room.private:
        opener = stage.actors[room.messages[0].author]
        membership.invite(opener, room_id, who.id, whole=True, now=act.at)
    else:
        membership.join(who, room_id, now=act.at)


def _is_direct(room: Room) -> bool:
    return room.key.startswith("direct:")


def _room_id(stage: Stage, room: Room) -> int:
    """The room as it exists by itself; a topic is opened by the first who speaks there."""
    kind, _, slug = room.key.partition(":")
    if kind == "direct":
        return _direct_id(stage, room)
    if kind == "topic":
        first = room.messages[0]
        opened_at = first.when.instant(stage.now) - BEFORE
        with as_of(opened_at):
            opened = rooms.open_topic(
                stage.actors[first.author],
                name=room.name or slug,
                purpose=room.about or "",
                private=room.private,
                once=key_of("room", room.key),
                now=opened_at,
            )
        return opened.id
    mine = RoomRow.site_id == stage.sites[slug] if slug else RoomRow.site_id.is_(None)
    return db.session.scalars(select(RoomRow.id).where(RoomRow.kind == kind, mine)).one()


def _direct_id(stage: Stage, room: Room) -> int:
    first = room.messages[0]
    at = first.when.instant(stage.now) - ARRIVAL
    others = [stage.actors[email].id for email in room.members if email != first.author]
    with as_of(at):
        return groups.open_with(stage.actors[first.author], others, now=at).id


def _acts(stage: Stage, room: Room, place: int) -> Iterator[_Act]:
    opened_at = room.messages[0].when.instant(stage.now) - BEFORE
    sat: set[str] = set()
    for turn, message in enumerate(room.messages):
        at = message.when.instant(stage.now)
        if message.author not in sat and not _is_direct(room):
            sat.add(message.author)
            yield _Act(max(at - ARRIVAL, opened_at), place, turn * 2, message.author, None)
        yield _Act(at, place, turn * 2 + 1, message.author, message)
    for email in () if _is_direct(room) else room.members:
        if email not in sat:
            later = timedelta(minutes=luck("sit", room.key, email).randint(5, 40 * 60))
            yield _Act(stage.not_later(opened_at + later), place, 0, email, None)


def _say(stage: Stage, act: _Act, message: Message, *, room_id: int) -> None:
    commands.send(
        stage.actors[act.email],
        room_id,
        cid=key_of("message", str(act.room), str(act.turn)),
        text=with_addresses(message.body, stage.threads.__getitem__),
        now=act.at,
    )


def _read(stage: Stage, room: Room, room_id: int) -> None:
    """Move the marker of everybody in a room to when they looked last."""
    moments = sorted(message.when.instant(stage.now) for message in room.messages)
    seated = set(db.session.scalars(select(Seat.member_id).where(Seat.room_id == room_id)))
    for email, actor in stage.actors.items():
        if actor.id not in seated:
            continue
        away = timedelta(hours=luck("read", room.key, email).randint(1, LONGEST_AWAY))
        own = [m.when.instant(stage.now) for m in room.messages if m.author == email]
        looked_at = max([stage.now - away, *own])
        commands.mark_read(actor, room_id, no=sum(at <= looked_at for at in moments))
