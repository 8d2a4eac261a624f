"""As long as somebody sits in a room on a topic, somebody looks after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from incubator.domain.chat import policy, who
from incubator.domain.chat.comings import about, go_out, seat_row
from incubator.domain.chat.events import ModeratorNamed
from incubator.domain.chat.log import next_entry, write
from incubator.domain.chat.models import CLOSED, Room, Seat
from incubator.domain.chat.places import Place, place, place_of
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record
from incubator.network.accounts.queries import account_of, actor_of
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.chat.log import Doer
    from incubator.network.members.actor import Actor

LOOKED_AFTER: Final = ("topic", "private")


def succeed(actor: Doer, room: Place, *, now: datetime) -> None:
    """Where nobody able looks after a room any more, who sits there longest does."""
    if room.kind not in LOOKED_AFTER:
        return
    query = select(Seat.member_id, Seat.moderator).where(
        Seat.room_id == room.id, Seat.left_at.is_(None)
    )
    rows = db.session.execute(query.order_by(Seat.joined_at, Seat.member_id)).all()
    able = who.able([row.member_id for row in rows])
    there = [row for row in rows if row.member_id in able]
    if there and not any(row.moderator for row in there):
        _name(actor, room, there[0].member_id, on=True, now=now)


def name_moderator(actor: Actor, room_id: int, member_id: int, *, on: bool, now: datetime) -> bool:
    """Let a member look after a room too, or no longer; whether something changed.

    Raise NotFound ``chat.room`` or ``chat.nobody``, NotAllowed ``chat.not_yours``, Refusal
    ``chat.last_moderator`` where nobody else would.
    """
    room = place(actor, room_id, lock=True)
    if not policy.may_name_moderators(actor, room):
        raise NotAllowed("chat.not_yours")
    query = select(Seat.member_id, Seat.moderator).where(
        Seat.room_id == room.id, Seat.left_at.is_(None)
    )
    there = {row.member_id: row.moderator for row in db.session.execute(query)}
    if member_id not in there:
        raise NotFound("chat.nobody")
    if there[member_id] == on:
        return False
    others = [number for number, moderator in there.items() if moderator and number != member_id]
    if not on and not who.able(others):
        raise Refusal("chat.last_moderator")
    _name(actor, room, member_id, on=on, now=now)
    return True


def _name(actor: Doer, room: Place, member_id: int, *, on: bool, now: datetime) -> None:
    seq = next_entry(room.id)
    seat_row(room.id, member_id).moderator = on
    db.session.flush()
    data = {"act": "moderator" if on else "no_moderator"}
    whom = about(actor, member_id)
    write(room.id, seq, actor, kind="member", member_id=whom, data=data, at=now)
    record(
        ModeratorNamed(
            actor_id=actor.id,
            site_id=room.site_id,
            room_id=room.id,
            seq=seq,
            member_id=member_id,
            on=on,
            private=room.kind in CLOSED,
        )
    )


def settle_seats(member_id: int, *, left_site_id: int | None = None, now: datetime) -> None:
    """Free the seats that a member's rights no longer give; safe to repeat.

    Those of rooms they may not read, and that of the site they moved away from. Like automatic
    seats, those of sites and the network go without a word in the log; the others are told. Who
    has no account any more keeps none, but of conversations of two.
    """
    account = account_of(member_id)
    actor = actor_of(account) if account and not account.deactivated_at else None
    member = db.session.get_one(Member, member_id)
    query = select(Room.id).join(Seat, Seat.room_id == Room.id).order_by(Room.id)
    held = query.where(Seat.member_id == member_id, Seat.left_at.is_(None))
    for room_id in db.session.scalars(held).all():
        room = place_of(member_id, room_id, lock=True)
        former = room.kind == "site" and room.site_id == left_site_id
        keeps = actor is not None and policy.may_read(actor, room)
        if keeps and not (former and actor is not None and not policy.belongs(actor, room)):
            continue
        if room.kind in {"topic", "private", "group"}:
            go_out(member, room, member_id, act="left", now=now)
            succeed(member, room, now=now)
        else:
            seat_row(room_id, member_id).left_at = now
    db.session.flush()


def hand_on(member_id: int, *, now: datetime) -> None:
    """Rooms that only this member looked after, and no longer can, are another's."""
    member = db.session.get_one(Member, member_id)
    query = select(Room.id).join(Seat, Seat.room_id == Room.id).order_by(Room.id)
    looked_after = query.where(Seat.member_id == member_id, Seat.left_at.is_(None), Seat.moderator)
    for room_id in db.session.scalars(looked_after).all():
        succeed(member, place_of(member_id, room_id, lock=True), now=now)
