"""Whom a message calls: members by «@slug», everybody in the room, those who are on site now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, delete, func, insert, or_, select

from incubator.domain.chat.events import CallWithdrawn, MembersCalled
from incubator.domain.chat.message_models import Mention
from incubator.domain.chat.message_policy import may_call_everybody
from incubator.domain.chat.message_rules import (
    MENTIONS_MOST,
    ON_SITE_MOST,
    OUR_PAGES,
    slow_down,
)
from incubator.domain.chat.models import Message, Room, Seat
from incubator.domain.chat.rules import UNREAD_SHOWN
from incubator.kernel.db import Base, BigId, db
from incubator.kernel.errors import Refusal
from incubator.kernel.events import record
from incubator.kernel.text import names_in
from incubator.network.members.models import Member
from incubator.network.members.present import on_site
from incubator.network.members.reader import READER_ID

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy import ScalarSelect

    from incubator.domain.chat.log import Doer
    from incubator.domain.chat.places import Place
    from incubator.network.members.actor import Actor

# Both languages are understood whoever writes.
EVERYBODY: Final = frozenset({"@room", "@salon"})
ON_SITE: Final = frozenset({"@on-site", "@sur-place"})
MEMBERS: Final = "/annuaire/"
ROOMS_MOST: Final = 200


@dataclass(frozen=True, kw_only=True)
class Named:
    """What a text names: links to draw, members, the two groups; all ``handles`` as written."""

    links: Mapping[str, tuple[str, str]]
    member_ids: frozenset[int] = frozenset()
    everybody: bool = False
    on_site: bool = False
    handles: frozenset[str] = frozenset()


NOBODY: Final = Named(links={})


@dataclass(frozen=True, kw_only=True)
class Called:
    """Whom a message calls in its room; who is called by «everybody» is not named beside it."""

    member_ids: frozenset[int] = frozenset()
    everybody: bool = False


def _is_ours(path: str) -> bool:
    """Whether a path leads to pages of ours, in either language."""
    return path.startswith("/") and path.split("/")[1] in OUR_PAGES


def named_in(text: str) -> Named:
    """What a text names; raise Refusal ``chat.mentions_too_many``."""
    if "@" not in text and "/" not in text:
        return NOBODY
    names = names_in(text)
    found = [name for name in names if name.startswith("@")]
    paths = {name: (name, name) for name in names if _is_ours(name)}
    slugs = {name[1:] for name in found} - {name[1:] for name in EVERYBODY | ON_SITE}
    query = select(Member.id, Member.slug, Member.name).where(Member.slug.in_(slugs), Member.active)
    people = db.session.execute(query.limit(MENTIONS_MOST + 1)).all() if slugs else ()
    if len(people) > MENTIONS_MOST:
        raise Refusal("chat.mentions_too_many", field="text", most=MENTIONS_MOST)
    return Named(
        links=paths | {f"@{each.slug}": (f"@{each.name}", MEMBERS + each.slug) for each in people},
        member_ids=frozenset(each.id for each in people),
        everybody=not EVERYBODY.isdisjoint(found),
        on_site=not ON_SITE.isdisjoint(found),
        handles=frozenset(slugs),
    )


def called_by(
    actor: Actor, room: Place, named: Named, *, now: datetime, changes: bool = False
) -> Called:
    """Whom a text calls in a room; never its author, never somebody without a seat.

    A text that only ``changes`` calls nobody but those it names. Raise Refusal
    ``chat.not_everybody``, TooMany ``chat.acts_too_fast``.
    """
    everybody, here = named.everybody and not changes, named.on_site and not changes
    if everybody and room.kind != "direct" and not may_call_everybody(actor, room):
        raise Refusal("chat.not_everybody", field="text")
    if everybody or here:
        slow_down(actor, "call", now)
    if everybody:
        return Called(everybody=True)
    wanted = set(named.member_ids)
    site_id = room.site_id or actor.home_site_id
    if here and site_id is not None:
        wanted |= {row[0].id for row in on_site(actor, site_id, now)[:ON_SITE_MOST]}
    return Called(member_ids=_seated(room.id, wanted - {actor.id}))


def called_by_machine(room: Place, named: Named, *, to_all: bool) -> Called:
    """Whom a machine calls: those it names, its maker too; everybody if allowed ``to_all``.

    Raise Refusal ``chat.not_everybody``.
    """
    if (named.everybody or named.on_site) and not to_all:
        raise Refusal("chat.not_everybody", field="text")
    if named.everybody or named.on_site:
        return Called(everybody=True)
    return Called(member_ids=_seated(room.id, named.member_ids))


def _seated(room_id: int, member_ids: Collection[int]) -> frozenset[int]:
    if not member_ids:
        return frozenset()
    query = select(Seat.member_id).where(
        Seat.room_id == room_id, Seat.member_id.in_(member_ids), Seat.left_at.is_(None)
    )
    return frozenset(db.session.scalars(query))


def note(actor: Doer, room: Place, called: Called, *, message_id: int, no: int) -> None:
    """Write whom a message calls: a row each, or one for everybody; their other pages hear it."""
    ids: list[int | None] = [*sorted(called.member_ids)]
    if called.everybody:
        ids = [None]
        db.session.execute(_CALLED, {"room_id": room.id})
    if not ids:
        return
    row = {"message_id": message_id, "room_id": room.id, "no": no, "by_id": actor.id}
    rows: list[dict[str, Any]] = [{**row, "member_id": member_id} for member_id in ids]
    db.session.execute(_ROWS, rows)
    if called.member_ids:
        _tell(actor, room, no=no, ids=called.member_ids, on=True)


def renote(actor: Actor, room: Place, named: Named, *, message: Message, now: datetime) -> None:
    """Whom a message calls after its text was changed."""
    before = _called_until_now(message.id)
    stays = None in before and named.everybody
    called = called_by(actor, room, named, now=now, changes=True)
    if None in before and not stays:
        _forget(message.id, {None})
        record(CallWithdrawn(actor_id=actor.id, site_id=room.site_id, room_id=room.id))
    if stays:
        return
    old = {member_id for member_id in before if member_id is not None}
    # Those on site then are not known by their names: they stay called as long as it says so.
    gone = frozenset() if named.on_site else frozenset(old - called.member_ids)
    if gone:
        _forget(message.id, gone)
        _tell(actor, room, no=message.no, ids=gone, on=False)
    fresh = Called(member_ids=called.member_ids - old)
    note(actor, room, fresh, message_id=message.id, no=message.no)


def withdraw(actor: Actor, room: Place, message: Message) -> None:
    """A message is gone: it calls nobody any more."""
    before = _called_until_now(message.id)
    if not before:
        return
    _forget(message.id, before)
    if None in before:
        record(CallWithdrawn(actor_id=actor.id, site_id=room.site_id, room_id=room.id))
    named = frozenset(member_id for member_id in before if member_id is not None)
    if named:
        _tell(actor, room, no=message.no, ids=named, on=False)


def recall(room: Place, message: Message) -> None:
    """A message that was hidden is back: it calls by name whom it names, everybody no more."""
    named = named_in(message.body_md)
    ids = _seated(room.id, named.member_ids - {message.speaker_id})
    called = Called(member_ids=ids)
    note(_By(message.author_id), room, called, message_id=message.id, no=message.no)


@dataclass(frozen=True)
class _By:
    id: int


def _tell(actor: Doer, room: Place, *, no: int, ids: frozenset[int], on: bool) -> None:
    told = tuple(sorted(ids))
    record(MembersCalled(actor_id=actor.id, room_id=room.id, no=no, member_ids=told, on=on))


def _called_until_now(message_id: int) -> set[int | None]:
    query = select(Mention.member_id).where(Mention.message_id == message_id)
    return set(db.session.scalars(query))


def _forget(message_id: int, member_ids: Collection[int | None]) -> None:
    ids = [each for each in member_ids if each is not None]
    who = or_(Mention.member_id.in_(ids), Mention.member_id.is_(None))
    if None not in member_ids:
        who = Mention.member_id.in_(ids)
    db.session.execute(delete(Mention).where(Mention.message_id == message_id, who))


_ROOM = Base.metadata.tables[Room.__tablename__]
_CALLED = _ROOM.update().where(_ROOM.c.id == bindparam("room_id")).values(calls=_ROOM.c.calls + 1)
_ROWS = insert(Base.metadata.tables[Mention.__tablename__])
_calls_me = or_(Mention.member_id == READER_ID, Mention.member_id.is_(None))
# Nobody calls themself: who does is called by a machine for which they answer.
_of_others = or_(Mention.by_id != READER_ID, Mention.member_id == READER_ID)
_some = (
    select(Mention.id)
    .where(Mention.room_id == Seat.room_id, Mention.no > Seat.read_no)
    .where(_of_others, _calls_me)
    .correlate(Seat)
    .limit(UNREAD_SHOWN)
    .subquery()
)


def unread_calls() -> ScalarSelect[int]:
    """How many calls of a reader wait in the room of a seat, counted up to 100."""
    return select(func.count()).select_from(_some).scalar_subquery()


_WAITING = (
    select(*(Seat.room_id, Room.calls, unread_calls(), Room.asides))
    .join(Room, Room.id == Seat.room_id)
    .where(Seat.member_id == READER_ID, Seat.left_at.is_(None))
    .limit(ROOMS_MOST)
)
_MINE = select(Mention.no).where(
    Mention.room_id == bindparam("room_id", type_=BigId),
    Mention.no.in_(bindparam("nos", type_=BigId, expanding=True)),
    _of_others,
    _calls_me,
)


@dataclass(frozen=True)
class Waiting:
    """Of a room: how often everybody was called there, how many unread calls are for me.

    ``asides`` are its replies, which nobody's list counts as new.
    """

    calls: int
    mentions: int
    asides: int = 0


def waiting(actor: Actor) -> dict[int, Waiting]:
    """What calls a member in each room where they sit, counted up to 100."""
    rows = db.session.execute(_WAITING, {"reader_id": actor.id})
    return {room_id: Waiting(*found) for room_id, *found in rows}


def calling(actor: Actor, room_id: int, nos: Collection[int]) -> frozenset[int]:
    """Which of some messages of a room call a member."""
    if not nos:
        return frozenset()
    asked = {"reader_id": actor.id, "room_id": room_id, "nos": list(nos)}
    return frozenset(db.session.scalars(_MINE, asked))


_HEADS = select(Room.id, Room.seq, Room.msg_no, Room.calls, Room.asides).where(
    Room.id.in_(bindparam("room_ids", expanding=True))
)


def beacons(room_ids: Collection[int]) -> dict[int, tuple[int, int, int, int]]:
    """Where rooms stand: ``seq``, ``msg_no``, how often everybody was called, how many replies."""
    rows = db.session.execute(_HEADS, {"room_ids": list(room_ids)})
    return {room: (seq, no, calls, asides) for room, seq, no, calls, asides in rows}
