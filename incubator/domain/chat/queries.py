"""What can be read of the chat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, select
from sqlalchemy.orm import aliased

from incubator.domain.chat.models import Entry, Message, Pair, Room, Seat
from incubator.domain.chat.policy import may_read
from incubator.domain.chat.rules import UNREAD_SHOWN
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.network.members.models import Member
from incubator.network.members.reader import READER_ID, Counter
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from incubator.network.members.actor import Actor

PAGE = 50
REPLAY = 200
ROOMS = 200
FACES = 60
NAMED_AFTER = ("site", "direct")
BESIDE = ("all", "mentions")


@dataclass(frozen=True, kw_only=True)
class Author:
    """Who speaks, as a message shows them."""

    id: int
    name: str
    slug: str
    face: str | None


@dataclass(frozen=True, kw_only=True)
class RoomView:
    """A room as one member sees it. ``unread`` is exact up to 100 and never counts their own.

    A direct conversation is named after the ``other``; ``pair`` are its two members.
    """

    id: int
    kind: str
    slug: str
    name: str
    purpose: str
    site_id: int | None
    seq: int
    msg_no: int
    seated: bool
    read_no: int
    unread: int
    other: Author | None = None
    pair: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MessageView:
    """A message with its author."""

    id: int
    room_id: int
    no: int
    seq: int
    cid: str
    html: str
    at: datetime
    author: Author


@dataclass(frozen=True, kw_only=True)
class EntryView:
    """A line of a room's log; ``message`` when it is one."""

    room_id: int
    seq: int
    kind: str
    actor_id: int
    data: dict[str, Any]
    at: datetime
    message: MessageView | None


@dataclass(frozen=True)
class History:
    """Messages in reading order; ``more`` when older ones exist."""

    messages: Sequence[MessageView]
    more: bool


def _unread() -> ColumnElement[int]:
    """Messages of others after the marker, counted up to 100 whatever the room's size."""
    news = (
        select(Message.id)
        .where(
            Message.room_id == Seat.room_id,
            Message.no > Seat.read_no,
            Message.author_id != Seat.member_id,
        )
        .correlate(Seat)
        .limit(UNREAD_SHOWN)
        .subquery()
    )
    return select(func.count()).select_from(news).scalar_subquery()


_mine = and_(Seat.room_id == Room.id, Seat.member_id == READER_ID, Seat.left_at.is_(None))
_other = case((Pair.low_id == READER_ID, Pair.high_id), else_=Pair.low_id)
_ROOMS = (
    select(
        Room,
        func.coalesce(Site.name, Member.name, Room.name).label("name"),
        Seat.read_no,
        _unread(),
        Pair.low_id,
        Pair.high_id,
        Member.id,
        Member.slug,
        Member.face,
    )
    .outerjoin(Seat, _mine)
    .outerjoin(Site, Site.id == Room.site_id)
    .outerjoin(Pair, Pair.room_id == Room.id)
    .outerjoin(Member, Member.id == _other)
)
_SEATED = _ROOMS.where(Seat.member_id.is_not(None), Seat.involvement != "hidden").limit(ROOMS)
_UNSEATED = (
    _ROOMS.where(Seat.member_id.is_(None), Room.kind != "direct")
    .order_by(Room.kind, Room.name, Room.id)
    .limit(ROOMS)
)


def _view(row: Row[*tuple[Any, ...]]) -> RoomView:
    room, name, read_no, unread, low_id, high_id, other_id, slug, face = row
    other = Author(id=other_id, name=name, slug=slug, face=face) if other_id else None
    return RoomView(
        id=room.id,
        kind=room.kind,
        slug=room.slug,
        name=name if room.kind in NAMED_AFTER else room.name,
        purpose=room.purpose,
        site_id=room.site_id,
        seq=room.seq,
        msg_no=room.msg_no,
        seated=read_no is not None,
        read_no=room.msg_no if read_no is None else read_no,
        unread=0 if read_no is None else unread,
        other=other,
        pair=(low_id, high_id) if low_id else (),
    )


def rooms_of(actor: Actor) -> list[RoomView]:
    """The rooms in which a member sits: network, sites, topics, then people, each by name."""
    found = [_view(row) for row in db.session.execute(_SEATED, {"reader_id": actor.id})]
    found = [room for room in found if may_read(actor, room)]
    order = {"network": 0, "site": 1, "topic": 2, "direct": 3}
    return sorted(found, key=lambda room: (order[room.kind], room.name.casefold(), room.id))


def open_to(actor: Actor) -> list[RoomView]:
    """Rooms where a member could sit and does not, by kind and name, at most 200."""
    if actor.is_guest:
        return []
    return [_view(row) for row in db.session.execute(_UNSEATED, {"reader_id": actor.id})]


def visible_to(actor: Actor, room: int | str) -> RoomView:
    """A room by id or address part; raise NotFound ``chat.room`` when hidden or absent."""
    key = Room.id == room if isinstance(room, int) else Room.slug == room
    row = db.session.execute(_ROOMS.where(key), {"reader_id": actor.id}).one_or_none()
    found = _view(row) if row else None
    if found is None or not may_read(actor, found):
        raise NotFound("chat.room")
    return found


@dataclass(frozen=True, kw_only=True)
class Place:
    """What commands need to know of a room."""

    id: int
    kind: str
    site_id: int | None
    msg_no: int
    pair: tuple[int, ...] = ()


def place(actor: Actor, room_id: int) -> Place:
    """A room without its counters; raise NotFound ``chat.room`` when hidden or absent."""
    query = (
        select(Room.id, Room.kind, Room.site_id, Room.msg_no, Pair.low_id, Pair.high_id)
        .outerjoin(Pair, Pair.room_id == Room.id)
        .where(Room.id == room_id)
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound("chat.room")
    pair = (row.low_id, row.high_id) if row.low_id else ()
    found = Place(id=row.id, kind=row.kind, site_id=row.site_id, msg_no=row.msg_no, pair=pair)
    if not may_read(actor, found):
        raise NotFound("chat.room")
    return found


_followed = (
    select(_unread().label("unread"))
    .select_from(Seat)
    .join(Room, Room.id == Seat.room_id)
    .where(
        Seat.member_id == READER_ID,
        Seat.left_at.is_(None),
        Seat.involvement.in_(BESIDE),
        Room.msg_no > Seat.read_no,
    )
    .limit(ROOMS)
    .subquery()
)
# What waits in the rooms a member follows.
UNREAD = Counter(select(func.sum(_followed.c.unread)).scalar_subquery(), UNREAD_SHOWN)


def _messages() -> Select[Message, str, str, str | None]:
    author = (Member.name, Member.slug, Member.face)
    return select(Message, *author).join(Member, Member.id == Message.author_id)


def _message(message: Message, *, name: str, slug: str, face: str | None) -> MessageView:
    return MessageView(
        id=message.id,
        room_id=message.room_id,
        no=message.no,
        seq=message.seq,
        cid=message.cid,
        html=message.body_html,
        at=message.at,
        author=Author(id=message.author_id, name=name, slug=slug, face=face),
    )


def history(room_id: int, *, before_no: int | None = None, limit: int = PAGE) -> History:
    """The last messages of a room, or those before a number; whose room it is was asked before."""
    query = _messages().where(Message.room_id == room_id).order_by(Message.no.desc())
    if before_no is not None:
        query = query.where(Message.no < before_no)
    rows = db.session.execute(query.limit(limit + 1)).all()
    shown = [
        _message(message, name=name, slug=slug, face=face)
        for message, name, slug, face in rows[:limit]
    ]
    return History(messages=shown[::-1], more=len(rows) > limit)


def events_after(room_id: int, seq: int, *, limit: int = REPLAY) -> list[EntryView]:
    """The log of a room after ``seq``, oldest first."""
    author = aliased(Member)
    query = (
        select(Entry, Message, author.name, author.slug, author.face)
        .outerjoin(Message, Message.id == Entry.message_id)
        .outerjoin(author, author.id == Message.author_id)
        .where(Entry.room_id == room_id, Entry.seq > seq)
        .order_by(Entry.seq)
        .limit(limit)
    )
    return [
        EntryView(
            room_id=entry.room_id,
            seq=entry.seq,
            kind=entry.kind,
            actor_id=entry.actor_id,
            data=entry.data,
            at=entry.at,
            message=_message(message, name=name, slug=slug, face=face)
            if entry.message_id
            else None,
        )
        for entry, message, name, slug, face in db.session.execute(query)
    ]


def heads(room_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Where rooms stand: their ``seq`` and ``msg_no``."""
    query = select(Room.id, Room.seq, Room.msg_no).where(Room.id.in_(room_ids))
    return {room: (seq, no) for room, seq, no in db.session.execute(query)}


def seated(room_id: int, *, limit: int = FACES) -> list[tuple[Member, Site | None]]:
    """Members with a seat in a room and their home sites, the newest members first."""
    query = (
        select(Member, Site)
        .join(Seat, Seat.member_id == Member.id)
        .outerjoin(Site, Site.id == Member.home_site_id)
        .where(Seat.room_id == room_id, Seat.left_at.is_(None), Member.active)
        .order_by(Seat.member_id.desc())
        .limit(limit)
    )
    return [(member, site) for member, site in db.session.execute(query)]


def size(room_id: int, *, most: int = 500) -> int:
    """How many sit in a room, counted up to ``most``."""
    some = select(Seat.member_id).where(Seat.room_id == room_id, Seat.left_at.is_(None))
    query = select(func.count()).select_from(some.limit(most).subquery())
    return db.session.scalar(query) or 0
