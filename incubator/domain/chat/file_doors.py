"""The door of a file: who may read its message, and nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.domain.chat import queries
from incubator.domain.chat.file_models import ChatFile
from incubator.domain.chat.models import Message
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound

if TYPE_CHECKING:
    from incubator.network.members.actor import Actor


def visible_to(actor: Actor, file_id: int) -> ChatFile:
    """A file of a message that one may read now, or an unsent one of one's own.

    Raise NotFound ``chat.file`` for any other.
    """
    found = db.session.get(ChatFile, file_id)
    if found is None or not _is_shown(actor, found):
        raise NotFound("chat.file")
    return found


def _is_shown(actor: Actor, file: ChatFile) -> bool:
    if file.message_id is None:
        return file.owner_id == actor.id
    seq = db.session.scalar(select(Message.seq).where(Message.id == file.message_id))
    try:
        room = queries.visible_to(actor, file.room_id)
    except NotFound:
        return False
    shown = queries.chosen(room, [seq or 0])
    return any(file.id == each.id for message in shown for each in message.files)
