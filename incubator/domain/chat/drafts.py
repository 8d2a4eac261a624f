"""What a member has begun to say, kept for their other devices until it is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, func, select, update

from incubator.domain.chat import message_queries, policy, queries
from incubator.domain.chat.draft_models import ChatDraft
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotAllowed, Refusal, TooMany
from incubator.kernel.throttle import spend

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.members.actor import Actor

MOST: Final = 200
# More than a message holds: what is too long to be sent must not be lost either.
LONGEST: Final = 20_000
# A page saves every few seconds at most; a person has a few pages open.
OFTEN: Final = {"limit": 60, "per_seconds": 60}


def keep(actor: Actor, room_id: int, *, text: str, root: int | None, now: datetime) -> None:
    """Keep what is begun in a room or a thread instead of what was; nothing when it is empty.

    Raise NotFound ``chat.room`` or ``chat.message``, NotAllowed ``chat.not_seated``, TooMany
    ``live.too_fast``, Refusal ``chat.drafts_too_many``.
    """
    room = queries.visible_to(actor, room_id)
    if not policy.may_send(actor, seated=room.seated):
        raise NotAllowed("chat.not_seated")
    if wait := spend(f"chat.draft:{actor.id}", **OFTEN, now=now):
        raise TooMany("live.too_fast", retry_after=wait)
    if not text.strip():
        drop(actor.id, room_id, root)
        return
    own = _place(actor.id, room_id, root)
    values = {"text_md": text[:LONGEST], "saved_at": now}
    if _changed(own, values):
        return
    if root:
        message_queries.one(room, root)
    number = select(func.count()).select_from(ChatDraft).where(ChatDraft.member_id == actor.id)
    if (db.session.scalar(number) or 0) >= MOST:
        raise Refusal("chat.drafts_too_many", most=MOST)
    named = {"member_id": actor.id, "room_id": room_id, "root": root or 0}
    if not insert_once(ChatDraft, **named, **values):
        _changed(own, values)


def _changed(own: tuple[Any, ...], values: dict[str, Any]) -> bool:
    change = update(ChatDraft).where(*own).values(values).returning(ChatDraft.room_id)
    quiet = change.execution_options(synchronize_session=False)
    return db.session.scalar(quiet) is not None


def drop(member_id: int, room_id: int, root: int | None) -> None:
    """It was said, or taken back."""
    gone = delete(ChatDraft).where(*_place(member_id, room_id, root))
    db.session.execute(gone.execution_options(synchronize_session=False))


def begun(actor: Actor, room_id: int, root: int | None = None) -> str:
    """What they have begun there; nothing when there is nothing."""
    query = select(ChatDraft.text_md).where(*_place(actor.id, room_id, root))
    return db.session.scalar(query) or ""


def forgotten(before: datetime) -> None:
    """What nobody came back to since then goes."""
    db.session.execute(delete(ChatDraft).where(ChatDraft.saved_at < before))


def _place(member_id: int, room_id: int, root: int | None) -> tuple[Any, ...]:
    own = (ChatDraft.member_id == member_id, ChatDraft.room_id == room_id)
    return (*own, ChatDraft.root == (root or 0))
