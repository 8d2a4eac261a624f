"""Signs, mentions and pins become another's, as ``handing`` does with messages."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import aliased

from incubator.domain.chat.log import next_entry, write
from incubator.domain.chat.message_models import Mention, Pin, Reaction
from incubator.domain.chat.models import Message
from incubator.kernel.db import db, utcnow


@dataclass(frozen=True)
class _Heir:
    id: int


def hand_over_marks(from_id: int, to_id: int) -> None:
    """Let another stand behind what one put on messages.

    A sign that both gave counts once less: the log of the room says so.
    """
    twice = _signs_of_both(from_id, to_id)
    for message_id, emoji, _room_id, _no in twice:
        own = (Reaction.message_id == message_id, Reaction.emoji == emoji)
        db.session.execute(delete(Reaction).where(*own, Reaction.member_id == from_id))
    called = select(Mention.message_id).where(Mention.member_id == to_id)
    db.session.execute(
        delete(Mention).where(Mention.member_id == from_id, Mention.message_id.in_(called))
    )
    for column in (Reaction.member_id, Mention.member_id, Mention.by_id, Pin.by_id):
        change = update(column.class_).where(column == from_id).values({column.key: to_id})
        db.session.execute(change.execution_options(synchronize_session=False))
    for message_id, emoji, room_id, no in twice:
        counted = select(func.count()).where(
            Reaction.message_id == message_id, Reaction.emoji == emoji
        )
        data = {"no": no, "emoji": emoji, "on": True, "count": db.session.scalar(counted)}
        write(room_id, next_entry(room_id), _Heir(to_id), kind="react", data=data, at=utcnow())


def _signs_of_both(from_id: int, to_id: int) -> list[tuple[int, str, int, int]]:
    twin = aliased(Reaction)
    query = (
        select(Reaction.message_id, Reaction.emoji, Message.room_id, Message.no)
        .join(Message, Message.id == Reaction.message_id)
        .join(twin, (twin.message_id == Reaction.message_id) & (twin.emoji == Reaction.emoji))
        .where(Reaction.member_id == from_id, twin.member_id == to_id)
        .order_by(Message.room_id, Message.no)
    )
    return [(row[0], row[1], row[2], row[3]) for row in db.session.execute(query)]
