"""Messages looked at one by one, around one, in a thread; and what hangs on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select

from incubator.domain.chat import queries, said
from incubator.domain.chat.mentions import calling
from incubator.domain.chat.message_models import Pin, Revision
from incubator.domain.chat.models import Message
from incubator.domain.chat.pinning import pinned_among
from incubator.domain.chat.reacting import signs_under
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import ColumnElement, Select

    from incubator.domain.chat.queries import Readable
    from incubator.domain.chat.reacting import Sign
    from incubator.domain.chat.said import MessageView, Row
    from incubator.network.members.actor import Actor

SIDE = 25
THREAD_MOST = 200


@dataclass(frozen=True, kw_only=True)
class Extras:
    """What a reader sees beside a message."""

    signs: Sequence[Sign] = ()
    pinned: bool = False
    calls_me: bool = False


NOTHING = Extras()


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Messages in reading order; whether there are older and newer ones."""

    messages: Sequence[MessageView]
    older: bool
    newer: bool


def one(room: Readable, no: int) -> MessageView:
    """A message of a room that the reader may read; raise NotFound ``chat.message``."""
    query = said.with_authors().where(queries.within(room), Message.no == no)
    found = queries.read_in(room, query)
    if not found:
        raise NotFound("chat.message")
    return found[0]


def several(wanted: Collection[tuple[Readable, int]]) -> list[MessageView]:
    """Messages of rooms by their numbers: what their reader may read of them and is not gone."""
    if not wanted:
        return []
    each = or_(*(and_(queries.within(room), Message.no == no) for room, no in wanted))
    return said.read(said.with_authors().where(each, Message.gone_at.is_(None)))


def text_of(message_id: int) -> str:
    """The Markdown of a message as it stands."""
    return db.session.scalars(select(Message.body_md).where(Message.id == message_id)).one()


def root_no(message: MessageView) -> int:
    """The number of the message that a reply hangs on; of any other, its own."""
    if message.root_id is None:
        return message.no
    return db.session.scalars(select(Message.no).where(Message.id == message.root_id)).one()


def around(room: Readable, no: int) -> Stretch:
    """The message and some before and after it; ``no`` need not be one of them."""
    before = _flow(room, Message.no < no).order_by(Message.no.desc()).limit(SIDE + 1)
    after = _flow(room, Message.no >= no).order_by(Message.no).limit(SIDE + 1)
    old, new = queries.read_in(room, before), queries.read_in(room, after)
    return Stretch(
        messages=[*old[:SIDE][::-1], *new[:SIDE]], older=len(old) > SIDE, newer=len(new) > SIDE
    )


def after(room: Readable, no: int) -> Stretch:
    """The page of messages after a number."""
    query = _flow(room, Message.no > no).order_by(Message.no).limit(queries.PAGE + 1)
    found = queries.read_in(room, query)
    return Stretch(messages=found[: queries.PAGE], older=True, newer=len(found) > queries.PAGE)


def replies_to(room: Readable, root: MessageView) -> Stretch:
    """The latest replies to a message."""
    query = said.with_authors().where(queries.within(room), Message.root_id == root.id)
    found = queries.read_in(room, query.order_by(Message.no.desc()).limit(THREAD_MOST + 1))
    kept = found[:THREAD_MOST][::-1]
    return Stretch(messages=kept, older=len(found) > THREAD_MOST, newer=False)


def pins(room: Readable) -> list[MessageView]:
    """What a room keeps at hand, the last pinned first."""
    query = said.with_authors().join(Pin, Pin.message_id == Message.id)
    return queries.read_in(
        room,
        query.where(queries.within(room), Pin.room_id == room.id).order_by(
            Pin.at.desc(), Pin.message_id.desc()
        ),
    )


def has_pins(room: Readable) -> bool:
    """Whether there is something at hand."""
    return db.session.scalar(select(Pin.room_id).where(Pin.room_id == room.id).limit(1)) is not None


def revisions(message: MessageView) -> Sequence[Revision]:
    """The texts of a message before the one that its reader knows, the last one first."""
    query = select(Revision).where(Revision.message_id == message.id, Revision.rev < message.rev)
    return db.session.scalars(query.order_by(Revision.rev.desc())).all()


def extras(actor: Actor, messages: Sequence[MessageView]) -> dict[int, Extras]:
    """What hangs on messages of one room, by their ids: three statements however many."""
    if not messages:
        return {}
    ids = [message.id for message in messages]
    signs, pinned = signs_under(actor, ids), pinned_among(ids)
    mine = calling(actor, messages[0].room_id, [message.no for message in messages])
    return {
        message.id: Extras(
            signs=signs.get(message.id, ()),
            pinned=message.id in pinned,
            calls_me=message.no in mine,
        )
        for message in messages
    }


def _flow(room: Readable, which: ColumnElement[bool]) -> Select[*Row]:
    return said.with_authors().where(queries.within(room), Message.root_id.is_(None), which)
