"""Rooms on a topic, open or private: opened, named, put away and taken up again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from incubator.domain.chat import policy, queries, rules
from incubator.domain.chat.events import RoomChanged
from incubator.domain.chat.log import next_entry, write
from incubator.domain.chat.models import CLOSED, Room, Seat
from incubator.domain.chat.opening import open_room
from incubator.domain.chat.places import Place, place
from incubator.domain.chat.seats import sit
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.kernel.events import record
from incubator.kernel.text import one_line, words

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.members.actor import Actor


def open_topic(
    actor: Actor,
    *,
    name: str,
    once: str,
    now: datetime,
    purpose: str = "",
    private: bool = False,
) -> queries.RoomView:
    """Open a room on a topic, take the first seat and look after it; the same ``once``, once.

    Raise NotAllowed ``chat.guests_listen``, Refusal ``chat.bad_name`` or ``chat.name_taken``.
    """
    if not policy.may_open_topic(actor):
        raise NotAllowed("chat.guests_listen")
    title = rules.topic_name(name)
    known = _mine(actor, once)
    if known is None:
        known = _open(actor, title, purpose=purpose, private=private, once=once, now=now)
    return queries.visible_to(actor, known)


def _mine(actor: Actor, once: str) -> int | None:
    return db.session.scalar(
        select(Room.id).where(Room.created_by_id == actor.id, Room.once == once)
    )


def _open(
    actor: Actor, title: str, *, purpose: str, private: bool, once: str, now: datetime
) -> int:
    kind, key = ("private", None) if private else ("topic", rules.topic_key(title))
    slug = once if private else title
    number = open_room(kind=kind, slug=slug, name=title, by=actor.id, once=once, key=key, now=now)
    if number is None:
        # Sent twice at the same instant, or the name is another room's.
        known = _mine(actor, once)
        if known is None:
            raise Refusal("chat.name_taken", field="name")
        return known
    told = one_line(rules.clean(purpose))[: rules.PURPOSE_LENGTH]
    found_by = "" if private else " ".join(words(f"{title} {told}"))
    _set(number, purpose=told, found_by=found_by)
    sit(number, actor.id, now=now)
    first = (Seat.room_id == number) & (Seat.member_id == actor.id)
    db.session.execute(update(Seat).where(first).values(moderator=True))
    return number


def _set(room_id: int, **values: object) -> None:
    change = update(Room).where(Room.id == room_id).values(**values)
    db.session.execute(change.execution_options(synchronize_session="fetch"))


def describe(actor: Actor, room_id: int, *, name: str, purpose: str, now: datetime) -> bool:
    """Give a room another name or purpose; whether something changed.

    A site's room and the network's keep their name. Raise NotFound, NotAllowed
    ``chat.not_yours``, Refusal ``chat.bad_name`` or ``chat.name_taken``.
    """
    room = place(actor, room_id, lock=True)
    if not policy.may_describe(actor, room):
        raise NotAllowed("chat.not_yours")
    before = db.session.execute(select(Room.name, Room.purpose).where(Room.id == room.id)).one()
    title = before.name
    if policy.has_own_name(room):
        # A conversation of several may be without a name: it is then called after its people.
        title = "" if room.kind == "group" and not name.strip() else rules.topic_name(name)
    told = one_line(rules.clean(purpose))[: rules.PURPOSE_LENGTH]
    if (title, told) == tuple(before):
        return False
    values: dict[str, object] = {"name": title, "purpose": told}
    if room.kind == "topic":
        values |= {"key": rules.topic_key(title), "found_by": " ".join(words(f"{title} {told}"))}
    try:
        with db.session.begin_nested():
            _set(room.id, **values)
    except IntegrityError:
        raise Refusal("chat.name_taken", field="name") from None
    renamed = title != before.name
    _tell(actor, room, "named", name=title, purpose=told, renamed=renamed, now=now)
    return True


def is_named(room_id: int) -> bool:
    """Whether somebody gave a room a name of its own."""
    return bool(db.session.scalar(select(Room.name).where(Room.id == room_id)))


def archive(actor: Actor, room_id: int, *, on: bool, now: datetime) -> bool:
    """Put a room away, readable and silent, or take it up again; whether something changed.

    Raise NotFound, NotAllowed ``chat.not_yours``.
    """
    room = place(actor, room_id, lock=True)
    if not policy.may_archive(actor, room):
        raise NotAllowed("chat.not_yours")
    if room.archived == on:
        return False
    _set(room.id, archived_at=now if on else None)
    _tell(actor, room, "archived" if on else "reopened", now=now)
    return True


def _tell(actor: Actor, room: Place, act: str, *, now: datetime, **data: str | bool) -> None:
    seq = next_entry(room.id)
    write(room.id, seq, actor, kind="topic", data={"act": act, **data}, at=now)
    record(
        RoomChanged(
            actor_id=actor.id,
            site_id=room.site_id,
            room_id=room.id,
            seq=seq,
            what=act,
            private=room.kind in CLOSED,
        )
    )
