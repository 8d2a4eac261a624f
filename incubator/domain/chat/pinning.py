"""Messages that a room keeps at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from incubator.domain.chat.acting import Act, Changed, begin
from incubator.domain.chat.events import MessageChanged
from incubator.domain.chat.message_models import Pin
from incubator.domain.chat.message_rules import PINS_MOST, slow_down
from incubator.kernel.db import db
from incubator.kernel.errors import Refusal
from incubator.kernel.events import record

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from incubator.network.members.actor import Actor


def pin(actor: Actor, room_id: int, *, no: int, cid: str, on: bool, now: datetime) -> Changed:
    """Pin a message or take the pin off; what is already so stays so.

    Raise as ``acting.begin``; NotAllowed ``chat.not_seated``; Refusal ``chat.message_gone`` or
    ``chat.pins_too_many``; TooMany.
    """
    act = begin(actor, room_id, no=no, kind="pin", cid=cid, now=now)
    if act.before:
        return Changed(room_id=act.room.id, no=no, seq=act.before.seq, again=True)
    act.check_seated()
    act.check_there()
    slow_down(actor, "pin", now)
    if not _changed(act, on=on):
        return Changed(room_id=act.room.id, no=no)
    seq = act.write({"on": on})
    record(
        MessageChanged(
            actor_id=actor.id,
            site_id=act.room.site_id,
            room_id=act.room.id,
            seq=seq,
            message_id=act.message.id,
            no=no,
        )
    )
    return Changed(room_id=act.room.id, no=no, seq=seq)


def _changed(act: Act, *, on: bool) -> bool:
    row = db.session.get(Pin, act.message.id)
    if (row is not None) == on:
        return False
    if row is not None:
        db.session.delete(row)
        db.session.flush()
        return True
    many = select(func.count()).where(Pin.room_id == act.room.id)
    if db.session.scalars(many).one() >= PINS_MOST:
        raise Refusal("chat.pins_too_many", most=PINS_MOST)
    new = Pin(message_id=act.message.id, room_id=act.room.id, by_id=act.actor.id, at=act.now)
    db.session.add(new)
    db.session.flush()
    return True


def pinned_among(message_ids: Collection[int]) -> frozenset[int]:
    """Which of some messages are pinned."""
    if not message_ids:
        return frozenset()
    return frozenset(
        db.session.scalars(select(Pin.message_id).where(Pin.message_id.in_(message_ids)))
    )
