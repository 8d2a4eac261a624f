"""All that a member said is taken back at their wish: traces stay, so that others’ words hold."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from incubator.domain.chat.acting import Act
from incubator.domain.chat.editing import strip
from incubator.domain.chat.events import MessagesRetracted
from incubator.domain.chat.models import Message
from incubator.domain.chat.places import place_of
from incubator.kernel.db import db, transaction, utcnow
from incubator.kernel.errors import Refusal
from incubator.kernel.events import record
from incubator.kernel.jobs import job, later
from incubator.network.accounts.queries import account_of, actor_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from incubator.network.members.actor import Actor

RETRACT: Final = "chat.retract"
BATCH: Final = 50


def standing(member_id: int) -> int:
    """How many messages of a member can still be read."""
    count = select(func.count()).where(*_theirs(member_id))
    return db.session.scalar(count) or 0


def ask(actor: Actor, *, sure: bool, now: datetime) -> None:
    """Take back every message that they said until now, in all rooms, left ones too.

    It is done by jobs, a batch each; what was said after ``now`` stays. Raise Refusal
    ``chat.retract_unsure`` unless they are ``sure``: nobody can bring it back.
    """
    if not sure:
        raise Refusal("chat.retract_unsure", field="sure")
    record(MessagesRetracted(actor_id=actor.id, site_id=actor.home_site_id))
    later(RETRACT, {"member_id": actor.id, "until": now.isoformat()})


@job(RETRACT)
def take_back(payload: Mapping[str, Any]) -> None:
    """Take a batch back, and another job while some are left; done twice, it is done once."""
    until = datetime.fromisoformat(payload["until"])
    with transaction():
        account = account_of(payload["member_id"])
        if account is None:
            return
        found = _batch(account.id, until)
        for message_id, room_id in found:
            _take_back(actor_of(account), message_id, room_id)
        if len(found) == BATCH:
            later(RETRACT, dict(payload))


def _theirs(member_id: int) -> tuple[Any, ...]:
    return (Message.author_id == member_id, Message.bot_id.is_(None), Message.gone_at.is_(None))


def _batch(member_id: int, until: datetime) -> Sequence[Any]:
    # By room and number: rooms are held in one order, whoever else takes back.
    query = select(Message.id, Message.room_id).where(*_theirs(member_id), Message.at <= until)
    return db.session.execute(query.order_by(Message.room_id, Message.no).limit(BATCH)).all()


def _take_back(actor: Actor, message_id: int, room_id: int) -> None:
    room = place_of(actor.id, room_id, lock=True)
    message = db.session.get_one(Message, message_id, populate_existing=True)
    if message.gone_at is not None:
        return
    act = Act(
        actor=actor,
        kind="del",
        cid=f"retract-{message_id:016d}",
        room=room,
        message=message,
        seated=room.seated,
        before=None,
        now=utcnow(),
    )
    strip(act, why=None)
