"""Seats in the rooms that exist by themselves, and who has one where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from incubator.domain.chat import policy
from incubator.domain.chat.models import Room, Seat
from incubator.domain.chat.opening import open_room
from incubator.kernel.db import db, insert_each_once, insert_once
from incubator.network.accounts.queries import actor_of, with_rights
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

NETWORK_SLUG = "reseau"
_OF_ALL = select(Room.id, Room.kind, Room.site_id, Room.msg_no).where(
    Room.kind.in_(("network", "site"))
)
_SEATS_OF = select(Seat.room_id, Seat.member_id).where(
    Seat.member_id.in_(bindparam("member_ids", expanding=True))
)


def ensure_rooms(*, now: datetime) -> None:
    """Open the network's room and that of each site that has none; safe to repeat."""
    if db.session.scalar(select(Room.id).where(Room.kind == "network")) is None:
        open_room(kind="network", slug=NETWORK_SLUG, now=now)
    without = (
        select(Site)
        .outerjoin(Room, (Room.site_id == Site.id) & (Room.kind == "site"))
        .where(Room.id.is_(None))
        .order_by(Site.id)
    )
    for site in db.session.scalars(without).all():
        open_room(kind="site", slug=site.slug, name=site.name, site_id=site.id, now=now)


def seat_members(member_ids: Sequence[int], *, now: datetime) -> None:
    """Give members the seats that come with their rights; safe to repeat.

    Members sit in the network's room, their home site's and those of the sites they run; a
    guest in the room of the site they visit, where they listen.
    """
    actors = [actor_of(account) for account in with_rights(member_ids)]
    if not actors:
        return
    ensure_rooms(now=now)
    rooms = db.session.execute(_OF_ALL).all()
    theirs = [(room, who) for who in actors for room in rooms if policy.belongs(who, room)]
    had = {tuple(seat) for seat in db.session.execute(_SEATS_OF, {"member_ids": member_ids})}
    for room, who in theirs:
        if (room.id, who.id) in had:
            sit(room.id, who.id, now=now)
    new = [
        _seat(room.id, who.id, read_no=room.msg_no, now=now)
        for room, who in theirs
        if (room.id, who.id) not in had
    ]
    if new:
        insert_each_once(Seat, new)


def sit(room_id: int, member_id: int, *, now: datetime) -> bool:
    """Give a member a seat, all read so far; whether they had none."""
    here = db.session.scalar(select(Room.msg_no).where(Room.id == room_id)) or 0
    if insert_once(Seat, **_seat(room_id, member_id, read_no=here, now=now)):
        return True
    seat = db.session.get_one(Seat, (room_id, member_id), with_for_update=True)
    if seat.left_at is None:
        return False
    seat.left_at, seat.read_no, seat.joined_at = None, max(seat.read_no, here), now
    db.session.flush()
    return True


def _seat(room_id: int, member_id: int, *, read_no: int, now: datetime) -> dict[str, Any]:
    seat = {"room_id": room_id, "member_id": member_id, "involvement": "all"}
    return seat | {"read_no": read_no, "joined_at": now, "left_at": None}


def seat_of(room_id: int, member_id: int, *, lock: bool = False) -> Seat | None:
    """The seat of a member in a room, locked if asked; None when they have none."""
    query = select(Seat).where(
        Seat.room_id == room_id, Seat.member_id == member_id, Seat.left_at.is_(None)
    )
    return db.session.scalar(query.with_for_update() if lock else query)
