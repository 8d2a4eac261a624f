"""A message is written: once per cid, under the lock of its room, with what follows from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from incubator.domain.chat import bot_calls, mentions
from incubator.domain.chat.events import MessageSent
from incubator.domain.chat.involvement import bring_back
from incubator.domain.chat.log import next_message, write
from incubator.domain.chat.message_models import Revision
from incubator.domain.chat.models import CLOSED, Message
from incubator.domain.chat.queries import within
from incubator.kernel.db import Base, BigId, db, insert_once_id
from incubator.kernel.errors import Conflict, NotFound
from incubator.kernel.events import record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row

    from incubator.domain.chat.files import FileView
    from incubator.domain.chat.log import Doer
    from incubator.domain.chat.places import Place


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A message as acknowledged; ``again`` when it had been stored before.

    A reply tells the number of its ``root`` and its own place among the replies, ``nth``.
    """

    id: int
    room_id: int
    cid: str
    seq: int
    no: int
    at: datetime
    html: str
    again: bool
    files: Sequence[FileView] = ()
    root: int | None = None
    nth: int | None = None


@dataclass(frozen=True, kw_only=True)
class Words:
    """A message about to be written."""

    key: str
    body: str
    html: str
    named: mentions.Named
    root: int | None = None
    file_count: int = 0
    bot_id: int | None = None


# Built once: building takes longer than running.
_root = aliased(Message)
_STORED = (
    select(
        *(Message.id, Message.room_id, Message.no, Message.seq, Message.at, Message.rev),
        *(Message.body_md, Message.body_html, Message.gone_at),
        _root.no.label("root"),
        _root.replies,
    )
    .outerjoin(_root, _root.id == Message.root_id)
    .where(
        Message.author_id == bindparam("author_id", type_=BigId), Message.cid == bindparam("cid")
    )
)
_ROOT = select(Message.id, Message.no, Message.replies).where(
    Message.room_id == bindparam("room_id", type_=BigId),
    Message.no == bindparam("no", type_=BigId),
    Message.root_id.is_(None),
)


def stored(author: Doer, cid: str) -> Row[*tuple[Any, ...]] | None:
    """What was said under a cid; ask under the lock of the room."""
    return db.session.execute(_STORED, {"author_id": author.id, "cid": cid}).one_or_none()


def same(message: Row[*tuple[Any, ...]], room_id: int, words: Words) -> Sent:
    """The same answer again; raise Conflict ``chat.cid_reused`` if the words were others."""
    other = message.room_id != room_id or message.root != words.root
    if other or _first_text(message) not in {None, words.body}:
        raise Conflict("chat.cid_reused")
    return Sent(
        id=message.id,
        room_id=room_id,
        cid=words.key,
        seq=message.seq,
        no=message.no,
        at=message.at,
        html=message.body_html,
        again=True,
        root=message.root,
        nth=message.replies,
    )


def _first_text(message: Row[*tuple[Any, ...]]) -> str | None:
    """The text as it was said before any change; None when it is gone."""
    if message.gone_at is not None:
        return None
    if not message.rev:
        return str(message.body_md)
    first = select(Revision.body_md).where(Revision.message_id == message.id, Revision.rev == 0)
    return db.session.scalars(first).one()


def add(author: Doer, room: Place, words: Words, *, called: mentions.Called, now: datetime) -> Sent:
    """Write a message under the lock of its room, with all that follows from it.

    A machine's is written by the member who answers for it, and is news to them as to everybody.
    Raise NotFound ``chat.message`` when there is no ``root``, Conflict ``chat.cid_reused``.
    """
    root = _thread(room, words.root) if words.root is not None else None
    seq, no = next_message(room.id, aside=root is not None)
    values = {"room_id": room.id, "no": no, "seq": seq, "author_id": author.id, "cid": words.key}
    values |= {"body_md": words.body, "body_html": words.html, "at": now}
    values |= {"file_count": words.file_count, "bot_id": words.bot_id}
    number = insert_once_id(Message, **values, root_id=root.id if root else None)
    if number is None:
        # The same cid reached another room at this very moment.
        raise Conflict("chat.cid_reused")
    _call(author, room, words, called=called, message_id=number, no=no)
    data: dict[str, Any] = {"all": True} if called.everybody else {}
    if root:
        data |= {"root": root.no, "nth": root.replies + 1}
        db.session.execute(_REPLIED, {"the_root": root.id, "now": now})
    write(room.id, seq, author, kind="msg", message_id=number, data=data, at=now)
    record(
        MessageSent(
            actor_id=author.id if words.bot_id is None else None,
            room_id=room.id,
            seq=seq,
            message_id=number,
            no=no,
            private=room.kind in CLOSED,
            called=called.everybody,
            aside=root is not None,
        )
    )
    sent = Sent(
        id=number,
        room_id=room.id,
        cid=words.key,
        seq=seq,
        no=no,
        at=now,
        html=words.html,
        again=False,
    )
    return replace(sent, root=root.no, nth=root.replies + 1) if root else sent


def _call(
    author: Doer, room: Place, words: Words, *, called: mentions.Called, message_id: int, no: int
) -> None:
    """Members count it, their hidden room comes back; machines are told, but by no machine."""
    mentions.note(author, room, called, message_id=message_id, no=no)
    if called.member_ids:
        bring_back(room.id, by_id=author.id, member_ids=called.member_ids, to="mentions")
    if words.bot_id is None and words.named.handles:
        bot_calls.note(room.id, words.named.handles, message_id=message_id)


def _thread(room: Place, no: int) -> Row[*tuple[Any, ...]]:
    """The message that a reply hangs on; raise NotFound ``chat.message``."""
    seen = within(room)
    found = db.session.execute(_ROOT.where(seen), {"room_id": room.id, "no": no}).one_or_none()
    if found is None:
        raise NotFound("chat.message")
    return found


_MESSAGE = Base.metadata.tables[Message.__tablename__]
_REPLIED = (
    _MESSAGE.update()
    .where(_MESSAGE.c.id == bindparam("the_root"))
    .values(replies=_MESSAGE.c.replies + 1, replied_at=bindparam("now", type_=_MESSAGE.c.at.type))
)
