"""Files on their way into a message: uploaded by one member for one room, sent once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, delete, func, select, update

from incubator.domain.chat import policy
from incubator.domain.chat.file_models import ChatFile
from incubator.domain.chat.files import FileView, view
from incubator.domain.chat.muting import check_may_talk
from incubator.domain.chat.places import place
from incubator.domain.chat.rules import clean
from incubator.kernel.db import BigId, db
from incubator.kernel.errors import Conflict, NotAllowed, NotFound, Refusal, TooMany
from incubator.kernel.text import one_line
from incubator.kernel.throttle import spend

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from incubator.kernel.kept_files import Kept
    from incubator.network.members.actor import Actor

FILES_MOST: Final = 5
ALT_MOST: Final = 300
UNSENT_MOST: Final = 20
HOUR: Final = 3_600
UPLOADS_AN_HOUR: Final = 60
MEGABYTE: Final = 1024 * 1024
# What one member may keep in rooms altogether, in bytes.
ROOMFUL: Final = 1024 * MEGABYTE


def check_may_upload(actor: Actor, room_id: int, *, now: datetime) -> None:
    """Whether one more file may come, asked before it is read and made small.

    Raise NotFound ``chat.room``, NotAllowed ``chat.not_seated`` or as ``check_may_talk``,
    Refusal ``chat.files_waiting``
    or ``chat.files_full``, TooMany ``chat.files_too_fast``.
    """
    room = place(actor, room_id)
    if not policy.may_send(actor, seated=room.seated):
        raise NotAllowed("chat.not_seated")
    check_may_talk(room, now=now)
    own = ChatFile.owner_id == actor.id
    waiting = select(func.count()).select_from(ChatFile).where(own, ChatFile.message_id.is_(None))
    if (db.session.scalar(waiting) or 0) >= UNSENT_MOST:
        raise Refusal("chat.files_waiting", field="files", most=UNSENT_MOST)
    kept = db.session.scalar(select(func.sum(ChatFile.size)).where(own)) or 0
    if kept >= ROOMFUL:
        raise Refusal("chat.files_full", field="files", megabytes=ROOMFUL // MEGABYTE)
    key = f"chat.upload:{actor.id}"
    wait = spend(key, limit=UPLOADS_AN_HOUR, per_seconds=HOUR, now=now)
    if wait:
        raise TooMany("chat.files_too_fast", retry_after=wait, minutes=-(-wait // 60))


def add(actor: Actor, room_id: int, file: Kept, *, now: datetime, alt: str = "") -> ChatFile:
    """Let a stored file wait for a message of its room; ``check_may_upload`` was asked before."""
    room = place(actor, room_id)
    added = ChatFile(
        owner_id=actor.id,
        room_id=room.id,
        file_key=file.key,
        file_name=file.name,
        kind=file.kind,
        size=file.size,
        width=file.width,
        height=file.height,
        alt=_told(alt),
        added_at=now,
    )
    db.session.add(added)
    db.session.flush()
    return added


def _told(alt: str) -> str:
    return one_line(clean(alt))[:ALT_MOST]


def describe(actor: Actor, file_id: int, *, alt: str) -> None:
    """Say what a picture of one's own shows, before it is sent; raise NotFound ``chat.file``."""
    _unsent(actor, file_id).alt = _told(alt)
    db.session.flush()


def drop(actor: Actor, file_id: int) -> None:
    """Take back an upload that was not sent; raise NotFound ``chat.file``.

    The file itself goes with the next sweep of what no row names.
    """
    db.session.delete(_unsent(actor, file_id))
    db.session.flush()


def _unsent(actor: Actor, file_id: int) -> ChatFile:
    found = db.session.scalar(
        select(ChatFile)
        .where(ChatFile.id == file_id, ChatFile.owner_id == actor.id, ChatFile.message_id.is_(None))
        .with_for_update()
    )
    if found is None:
        raise NotFound("chat.file")
    return found


def chosen(file_ids: Sequence[int]) -> tuple[int, ...]:
    """The files of one message, each once, in order; raise Refusal ``chat.files_too_many``."""
    ids = tuple(dict.fromkeys(file_ids))
    if len(ids) > FILES_MOST:
        raise Refusal("chat.files_too_many", field="files", most=FILES_MOST)
    return ids


_BIND = (
    update(ChatFile)
    .where(
        ChatFile.id.in_(bindparam("file_ids", type_=BigId, expanding=True)),
        ChatFile.owner_id == bindparam("by_id", type_=BigId),
        ChatFile.room_id == bindparam("in_id", type_=BigId),
        ChatFile.message_id.is_(None),
    )
    .values(message_id=bindparam("sent_id", type_=BigId))
    .returning(ChatFile.id)
    .execution_options(synchronize_session=False)
)
_SENT = select(ChatFile.id).where(ChatFile.message_id == bindparam("message_id", type_=BigId))


def bind(actor: Actor, file_ids: Collection[int], *, room_id: int, message_id: int) -> None:
    """Hang one's own unsent uploads of a room on a message, in its transaction.

    Raise Refusal ``chat.files_gone`` when one of them is another's, sent, or taken back.
    """
    if not file_ids:
        return
    asked = {"by_id": actor.id, "in_id": room_id, "sent_id": message_id}
    bound = db.session.execute(_BIND, asked | {"file_ids": list(file_ids)}).all()
    if len(bound) != len(file_ids):
        raise Refusal("chat.files_gone", field="files")


def check_same(message_id: int, file_ids: Collection[int]) -> None:
    """A message sent again must bring the same files; raise Conflict ``chat.cid_reused``."""
    if set(db.session.scalars(_SENT, {"message_id": message_id})) != set(file_ids):
        raise Conflict("chat.cid_reused")


def waiting(actor: Actor, room_id: int) -> list[FileView]:
    """What a member uploaded for a room and has not sent."""
    query = select(ChatFile).where(
        ChatFile.owner_id == actor.id,
        ChatFile.room_id == room_id,
        ChatFile.message_id.is_(None),
    )
    found = db.session.scalars(query.order_by(ChatFile.id).limit(UNSENT_MOST))
    return [view(file) for file in found]


def forgotten(before: datetime) -> int:
    """Take away uploads that nobody sent; how many. Their files go with the sweep."""
    left = delete(ChatFile).where(ChatFile.message_id.is_(None), ChatFile.added_at < before)
    return len(db.session.execute(left.returning(ChatFile.id)).all())
