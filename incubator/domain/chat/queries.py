"""What can be read of the chat."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import ColumnElement, Row, and_, bindparam, case, func, or_, select

from incubator.domain.chat.as_left import as_left
from incubator.domain.chat.bot_models import Bot
from incubator.domain.chat.mentions import unread_calls
from incubator.domain.chat.models import BY_SEAT, CLOSED, Entry, Message, Pair, Room, Seat
from incubator.domain.chat.naming import names_of
from incubator.domain.chat.policy import may_read
from incubator.domain.chat.quiet import names_of as people_called
from incubator.domain.chat.quiet import what_of
from incubator.domain.chat.rules import UNREAD_SHOWN
from incubator.domain.chat.said import AUTHOR, Author, read, view_of, with_authors, with_files
from incubator.domain.chat.spans import END, NOTHING, WHOLE, Span, span_of
from incubator.kernel.db import BigId, db, rows
from incubator.kernel.errors import NotFound
from incubator.network.members.models import Member
from incubator.network.members.reader import READER_ID, Counter
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Select

    from incubator.domain.chat.said import MessageView
    from incubator.domain.chat.said import Row as Said
    from incubator.network.members.actor import Actor

PAGE = 60
REPLAY = 200
ROOMS = 200
DISCOVERED = 12
NAMED_AFTER = ("site", "direct")
BESIDE = ("all", "mentions")


@dataclass(frozen=True, kw_only=True)
class RoomView:
    """A room as one member sees it. ``unread`` is exact up to 100 and never counts their own.

    A direct conversation is named after the ``other``; ``pair`` are its two members. Of a closed
    room that they left (``former``), it tells what they knew: ``span`` ends there.
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
    span: Span | None = WHOLE
    moderator: bool = False
    involvement: str = "all"
    muted_until: datetime | None = None
    archived: bool = False
    former: bool = False
    removed: bool = False

    @property
    def news(self) -> int:
        """What its place in a list counts: nothing where not each message is followed."""
        return self.unread if self.involvement == "all" else 0


class Readable(Protocol):
    """A room with what its reader may read of it: ``RoomView``, from ``visible_to``."""

    @property
    def id(self) -> int:
        """Which one."""

    @property
    def span(self) -> Span | None:
        """What of its log."""


@dataclass(frozen=True, kw_only=True)
class EntryView:
    """A line of a room's log; ``message`` when it is one, ``member_id`` whom it is about.

    ``who`` is what they are called where the room reads of it in small print.
    """

    room_id: int
    seq: int
    kind: str
    actor_id: int
    member_id: int | None
    data: dict[str, Any]
    at: datetime
    message: MessageView | None
    who: str = ""


@dataclass(frozen=True)
class History:
    """Messages in reading order; ``more`` when older ones exist."""

    messages: Sequence[MessageView]
    more: bool


def _unread() -> ColumnElement[int]:
    """Messages of others after the marker, but replies; up to 100 whatever the room's size."""
    news = (
        select(Message.id)
        .where(
            Message.room_id == Seat.room_id,
            Message.no > Seat.read_no,
            or_(Message.author_id != Seat.member_id, Message.bot_id.is_not(None)),
            Message.root_id.is_(None),
            Seat.left_at.is_(None),
        )
        .correlate(Seat)
        .limit(UNREAD_SHOWN)
        .subquery()
    )
    return select(func.count()).select_from(news).scalar_subquery()


_mine = and_(Seat.room_id == Room.id, Seat.member_id == READER_ID)
_other = case((Pair.low_id == READER_ID, Pair.high_id), else_=Pair.low_id)
_ROOMS = (
    select(
        *(Room.id, Room.kind, Room.slug, Room.name.label("own_name"), Room.purpose, Room.site_id),
        *(Room.seq, Room.msg_no, Room.archived_at),
        func.coalesce(Site.name, Member.name, Room.name).label("name"),
        *(Seat.read_no, Seat.left_at, Seat.left_name, Seat.moderator, Seat.involvement),
        *(Seat.from_seq, Seat.to_seq, Seat.muted_until, Seat.removed),
        _unread().label("unread"),
        *(Pair.low_id, Pair.high_id),
        *(Member.id.label("other_id"), Member.slug.label("other_slug"), Member.face),
    )
    .outerjoin(Seat, _mine)
    .outerjoin(Site, Site.id == Room.site_id)
    .outerjoin(Pair, Pair.room_id == Room.id)
    .outerjoin(Member, Member.id == _other)
)
_BY_ID = _ROOMS.where(Room.id == bindparam("room", type_=BigId))
_BY_SLUG = _ROOMS.where(Room.slug == bindparam("room"))
_sits = and_(Seat.member_id.is_not(None), Seat.left_at.is_(None))
_SEATED = _ROOMS.where(_sits, Seat.involvement != "hidden", Room.archived_at.is_(None)).limit(ROOMS)
_UNSEATED = (
    _ROOMS.where(
        or_(Seat.member_id.is_(None), Seat.left_at.is_not(None)),
        Room.kind.not_in(CLOSED),
        Room.archived_at.is_(None),
    )
    .order_by(Room.kind, Room.name, Room.id)
    .limit(bindparam("most"))
)


def _view(row: Row[*tuple[Any, ...]]) -> RoomView:
    seated = row.read_no is not None and row.left_at is None
    face = row.face
    other = (
        Author(id=row.other_id, name=row.name, slug=row.other_slug, face=face)
        if row.other_id
        else None
    )
    view = RoomView(
        id=row.id,
        kind=row.kind,
        slug=row.slug,
        name=row.name if row.kind in NAMED_AFTER else row.own_name,
        purpose=row.purpose,
        site_id=row.site_id,
        seq=row.seq,
        msg_no=row.msg_no,
        seated=seated,
        read_no=row.read_no if seated else row.msg_no,
        unread=row.unread if seated else 0,
        other=other,
        pair=(row.low_id, row.high_id) if row.low_id else (),
        span=span_of(row.kind, from_seq=row.from_seq, to_seq=row.to_seq),
        moderator=seated and row.moderator,
        involvement=row.involvement if seated else "all",
        muted_until=row.muted_until if seated else None,
        archived=row.archived_at is not None,
        removed=bool(row.removed),
    )
    left = not seated and view.span is not None and view.kind in BY_SEAT
    return _as_left(view, row.left_name or "") if left else view


def _as_left(view: RoomView, name: str) -> RoomView:
    """A closed room as it was when its former member left it; nothing later shows through."""
    until = view.span.until if view.span else 0
    last = select(func.max(Message.no)).where(Message.room_id == view.id, Message.seq <= until)
    no = db.session.scalar(last) or 0
    seq = min(until, view.seq)
    was = replace(view, name=name, purpose="", archived=False, former=True)
    return replace(was, seq=seq, msg_no=no, read_no=no)


def named(actor: Actor, rooms: Sequence[RoomView]) -> list[RoomView]:
    """The same rooms, where conversations without a name are called after the others in them."""
    nameless = [room.id for room in rooms if room.kind == "group" and not room.name]
    names = names_of(nameless, but=actor.id) if nameless else {}
    return [replace(room, name=names.get(room.id, room.name)) for room in rooms]


def rooms_of(actor: Actor) -> list[RoomView]:
    """The rooms in which a member sits: network, sites, topics, then people, each by name."""
    found = [_view(row) for row in rows(_SEATED, {"reader_id": actor.id})]
    found = named(actor, [room for room in found if may_read(actor, room)])
    order = {"network": 0, "site": 1, "topic": 2, "private": 2, "group": 3, "direct": 3}
    return sorted(found, key=lambda room: (order[room.kind], room.name.casefold(), room.id))


def open_to(actor: Actor, *, most: int = DISCOVERED) -> list[RoomView]:
    """Some rooms where a member could sit and does not, by kind and name."""
    if actor.is_guest:
        return []
    asked = {"reader_id": actor.id, "most": most}
    return [_view(row) for row in db.session.execute(_UNSEATED, asked)]


def visible_to(actor: Actor, room: int | str) -> RoomView:
    """A room by id or address part; raise NotFound ``chat.room`` when hidden or absent."""
    query = _BY_ID if isinstance(room, int) else _BY_SLUG
    row = rows(query, {"reader_id": actor.id, "room": room}).one_or_none()
    found = _view(row) if row else None
    if found is None or not may_read(actor, found):
        raise NotFound("chat.room")
    return named(actor, [found])[0]


def visible_among(actor: Actor, slugs: Collection[str]) -> dict[str, RoomView]:
    """Those of some rooms that they may read, by address part."""
    query = _ROOMS.where(Room.slug.in_(slugs))
    found = [
        view for view in map(_view, rows(query, {"reader_id": actor.id})) if may_read(actor, view)
    ]
    return {room.slug: room for room in named(actor, found)}


# In rooms of which one follows one's name, only what calls one.
_counted = case((Seat.involvement == "all", _unread()), else_=unread_calls())
_followed = (
    select(_counted.label("unread"))
    .select_from(Seat)
    .join(Room, Room.id == Seat.room_id)
    .where(
        Seat.member_id == READER_ID,
        Seat.left_at.is_(None),
        Seat.involvement.in_(BESIDE),
        Room.msg_no > Seat.read_no,
        Room.archived_at.is_(None),
    )
    .limit(ROOMS)
    .subquery()
)
# What waits in the rooms a member follows.
UNREAD = Counter(select(func.sum(_followed.c.unread)).scalar_subquery(), UNREAD_SHOWN)


def within(room: Readable) -> ColumnElement[bool]:
    """The messages of a room that its reader may read."""
    span = room.span or NOTHING
    return and_(Message.room_id == room.id, Message.seq > span.after, Message.seq <= span.until)


def read_in(room: Readable, query: Select[*Said]) -> list[MessageView]:
    """The messages of a statement about what a reader may read, as that reader knows them."""
    return as_left(room.span, read(query))


def history(room: Readable, *, before_no: int | None = None, limit: int = PAGE) -> History:
    """The last messages of a room that its reader may read, but replies; or before a number."""
    query = with_authors().where(within(room), Message.root_id.is_(None))
    query = query.order_by(Message.no.desc())
    if before_no is not None:
        query = query.where(Message.no < before_no)
    found = read_in(room, query.limit(limit + 1))
    return History(messages=found[:limit][::-1], more=len(found) > limit)


# Built once: building takes longer than running.
_EVENTS = (
    select(Entry, Message, *AUTHOR)
    .outerjoin(Message, Message.id == Entry.message_id)
    .outerjoin(Member, Member.id == Message.author_id)
    .outerjoin(Bot, Bot.id == Message.bot_id)
    .where(
        Entry.room_id == bindparam("room_id"),
        Entry.seq > bindparam("seq", type_=BigId),
        Entry.seq <= bindparam("until", type_=BigId),
    )
    .order_by(Entry.seq)
    .limit(bindparam("most"))
)
_HEADS = select(Room.id, Room.seq, Room.msg_no).where(
    Room.id.in_(bindparam("room_ids", expanding=True))
)
_HEAD = select(Room.seq, Room.msg_no).where(Room.id == bindparam("room", type_=BigId))


def events_for(room: Readable, seq: int) -> list[EntryView]:
    """The log of a room after ``seq``, oldest first, as far as its reader may read it."""
    span = room.span or NOTHING
    found = events_after(room.id, max(seq, span.after), until=span.until)
    known = as_left(span, [entry.message for entry in found if entry.message])
    messages = {message.id: message for message in known}
    return [
        replace(entry, message=messages[entry.message.id]) if entry.message else entry
        for entry in found
    ]


def events_after(
    room_id: int, seq: int, *, until: int = END, limit: int = REPLAY
) -> list[EntryView]:
    """The log of a room after ``seq``, oldest first: for who tells it to those who may know."""
    asked = {"room_id": room_id, "seq": seq, "until": until, "most": limit}
    lines = db.session.execute(_EVENTS, asked).all()
    said = with_files([view_of(*row[1:]) for row in lines if row[0].message_id])
    messages = {message.id: message for message in said}
    told = {row[0].seq: _whom(row[0]) for row in lines if what_of(row[0].kind, row[0].data)}
    names = people_called(told.values())
    return [
        EntryView(
            room_id=entry.room_id,
            seq=entry.seq,
            kind=entry.kind,
            actor_id=entry.actor_id,
            member_id=entry.member_id,
            data=entry.data,
            at=entry.at,
            message=messages[entry.message_id] if entry.message_id else None,
            who=names[told[entry.seq]] if entry.seq in told else "",
        )
        for entry, *_message_of in lines
    ]


def _whom(entry: Entry) -> int:
    return entry.member_id or entry.actor_id


def hold(room_id: int) -> None:
    """Hold a room until the commit: who else would talk in it waits."""
    db.session.execute(select(Room.id).where(Room.id == room_id).with_for_update())


def head(room_id: int) -> tuple[int, int]:
    """Where a room stands: its ``seq`` and ``msg_no``."""
    seq, no = rows(_HEAD, {"room": room_id}).one()
    return seq, no


def heads(room_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Where rooms stand: their ``seq`` and ``msg_no``."""
    found = rows(_HEADS, {"room_ids": list(room_ids)})
    return {room: (seq, no) for room, seq, no in found}


def chosen(room: Readable, seqs: Collection[int]) -> list[MessageView]:
    """Messages of a room by their places in its log, oldest first; those its reader may read."""
    query = with_authors().where(within(room), Message.seq.in_(seqs))
    return read_in(room, query.order_by(Message.no))
