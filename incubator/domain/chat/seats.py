"""Rooms that exist by themselves or are opened, and who sits in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from incubator.domain.chat import policy, queries, rules
from incubator.domain.chat.events import RoomOpened, SeatLeft, SeatTaken
from incubator.domain.chat.log import next_entry, write
from incubator.domain.chat.models import Room, Seat
from incubator.kernel.db import db, insert_each_once, insert_once
from incubator.kernel.errors import NotAllowed
from incubator.kernel.events import record
from incubator.kernel.text import one_line, slugify
from incubator.network.accounts.queries import account_of, actor_of, with_rights
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incubator.network.members.actor import Actor

NETWORK_SLUG = "reseau"
_NOT_TOPICS = select(Room.id, Room.kind, Room.site_id, Room.msg_no).where(Room.kind != "topic")
_SEATS_OF = select(Seat.room_id, Seat.member_id).where(
    Seat.member_id.in_(bindparam("member_ids", expanding=True))
)


def ensure_rooms(*, now: datetime) -> None:
    """Open the network's room and that of each site that has none; safe to repeat."""
    if db.session.scalar(select(Room.id).where(Room.kind == "network")) is None:
        _open(kind="network", slug=NETWORK_SLUG, now=now)
    without = (
        select(Site)
        .outerjoin(Room, (Room.site_id == Site.id) & (Room.kind == "site"))
        .where(Room.id.is_(None))
        .order_by(Site.id)
    )
    for site in db.session.scalars(without).all():
        _open(kind="site", slug=site.slug, name=site.name, site_id=site.id, now=now)


def seat_members(member_ids: Sequence[int], *, now: datetime) -> None:
    """Give members the seats that come with their rights; safe to repeat.

    Members sit in the network's room, their home site's and those of the sites they run; a
    guest in the room of the site they visit, where they listen.
    """
    actors = [actor_of(account) for account in with_rights(member_ids)]
    if not actors:
        return
    ensure_rooms(now=now)
    rooms = db.session.execute(_NOT_TOPICS).all()
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


def settle_seats(member_id: int, *, left_site_id: int | None = None, now: datetime) -> None:
    """Free the seats that a member's rights no longer give; safe to repeat.

    Those of rooms they may not read, and that of the site they moved away from; like automatic
    seats, they go without a word in the log. Who has no account any more keeps none.
    """
    account = account_of(member_id)
    actor = actor_of(account) if account and not account.deactivated_at else None
    rows = db.session.execute(
        select(Seat, Room.kind, Room.site_id, Room.id)
        .join(Room, Room.id == Seat.room_id)
        .where(Seat.member_id == member_id, Seat.left_at.is_(None))
    ).all()
    for seat, kind, site_id, room_id in rows:
        pair = (member_id,) if kind == "direct" else ()
        room = queries.Place(id=room_id, kind=kind, site_id=site_id, msg_no=0, pair=pair)
        former = kind == "site" and site_id == left_site_id
        keeps = actor is not None and policy.may_read(actor, room)
        if not keeps or (former and actor is not None and not policy.belongs(actor, room)):
            seat.left_at = now
    db.session.flush()


def _open(
    *,
    kind: str,
    slug: str,
    now: datetime,
    name: str = "",
    site_id: int | None = None,
    by: int | None = None,
    once: str | None = None,
) -> None:
    values = {"kind": kind, "slug": _free_slug(slugify(slug)), "name": name, "purpose": ""}
    numbers = {"site_id": site_id, "seq": 0, "msg_no": 0, "created_by_id": by}
    if insert_once(Room, **values, **numbers, created_at=now, once=once):
        room_id = db.session.execute(select(Room.id).order_by(Room.id.desc()).limit(1)).scalar_one()
        record(RoomOpened(actor_id=by, site_id=site_id, room_id=room_id))


def _free_slug(wanted: str) -> str:
    taken = set(db.session.scalars(select(Room.slug).where(Room.slug.like(f"{wanted}%"))))
    taken |= rules.RESERVED
    if wanted not in taken:
        return wanted
    return next(s for n in range(2, len(taken) + 3) if (s := f"{wanted}-{n}") not in taken)


def open_topic(
    actor: Actor, *, name: str, once: str, now: datetime, purpose: str = ""
) -> queries.RoomView:
    """Open a room on a topic and take the first seat; the same ``once`` gives the same room.

    Raise NotAllowed ``chat.guests_listen``, Refusal ``chat.bad_name``.
    """
    if not policy.may_open_topic(actor):
        raise NotAllowed("chat.guests_listen")
    title = rules.topic_name(name)
    mine = select(Room).where(Room.created_by_id == actor.id, Room.once == once)
    room = db.session.scalar(mine)
    if room is None:
        _open(kind="topic", slug=title, name=title, by=actor.id, once=once, now=now)
        room = db.session.scalars(mine).one()
        room.purpose = one_line(rules.clean(purpose))[: rules.PURPOSE_LENGTH]
        db.session.flush()
        sit(room.id, actor.id, now=now)
    return queries.visible_to(actor, room.id)


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


def join(actor: Actor, room_id: int, *, now: datetime) -> None:
    """Take a seat in an open room; a second time changes nothing. Raise NotAllowed for guests."""
    room = queries.place(actor, room_id)
    if not policy.may_sit(actor):
        raise NotAllowed("chat.guests_listen")
    if sit(room.id, actor.id, now=now):
        seq = next_entry(room.id)
        write(room.id, seq, actor, kind="member", data={"joined": True}, at=now)
        record(SeatTaken(actor_id=actor.id, site_id=room.site_id, room_id=room.id, seq=seq))


def leave(actor: Actor, room_id: int, *, now: datetime) -> None:
    """Give up a seat. Raise NotAllowed ``chat.home_room`` for the rooms of one's own sites."""
    room = queries.place(actor, room_id)
    if not policy.may_leave(actor, room):
        raise NotAllowed("chat.home_room")
    seat = seat_of(room.id, actor.id, lock=True)
    if seat is None:
        return
    seat.left_at = now
    db.session.flush()
    seq = next_entry(room.id)
    write(room.id, seq, actor, kind="member", data={"joined": False}, at=now)
    record(SeatLeft(actor_id=actor.id, site_id=room.site_id, room_id=room.id, seq=seq))


def seat_of(room_id: int, member_id: int, *, lock: bool = False) -> Seat | None:
    """The seat of a member in a room, locked if asked; None when they have none."""
    query = select(Seat).where(
        Seat.room_id == room_id, Seat.member_id == member_id, Seat.left_at.is_(None)
    )
    return db.session.scalar(query.with_for_update() if lock else query)
