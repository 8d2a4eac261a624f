"""What members do in rooms: talk and read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.domain.chat import directs, policy, queries, rules
from incubator.domain.chat.events import MarkerMoved, MessageSent
from incubator.domain.chat.log import next_message, write
from incubator.domain.chat.models import Message, Room
from incubator.domain.chat.seats import seat_of
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import Conflict, NotAllowed, TooMany
from incubator.kernel.events import record
from incubator.kernel.text import markdown_to_html
from incubator.kernel.throttle import spend

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.members.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A message as acknowledged; ``again`` when it had been stored before."""

    id: int
    room_id: int
    cid: str
    seq: int
    no: int
    at: datetime
    html: str
    again: bool


def send(actor: Actor, room_id: int, *, cid: str, text: str, now: datetime) -> Sent:
    """Say something in a room, once per ``cid`` however often it is asked.

    The lock of the room's row lasts until the commit: numbers follow the order of commits and
    have no hole. Raise NotFound ``chat.room``, NotAllowed ``chat.not_seated``, Refusal
    ``chat.blank``, ``chat.too_long``, ``chat.gone`` or ``chat.bad_cid``, Conflict
    ``chat.cid_reused`` when the same cid came with another text, TooMany ``chat.too_fast``.
    """
    body, key = rules.said(text), rules.named(cid)
    # Rendered before the lock, under which nobody else can talk.
    html = markdown_to_html(body)
    room = queries.place(actor, room_id)
    db.session.execute(select(Room.id).where(Room.id == room.id).with_for_update())
    seated = seat_of(room.id, actor.id) is not None
    if not policy.may_send(actor, seated=seated):
        raise NotAllowed("chat.not_seated")
    before = _stored(actor, key)
    if before:
        return _same(before, room.id, body)
    if room.pair:
        directs.check_reachable(actor, room.pair)
    _slow_down(actor, now)
    return _say(actor, room, key=key, body=body, html=html, now=now)


def _stored(actor: Actor, cid: str) -> Message | None:
    return db.session.scalar(
        select(Message).where(Message.author_id == actor.id, Message.cid == cid)
    )


def _same(message: Message, room_id: int, body: str) -> Sent:
    if message.room_id != room_id or message.body_md != body:
        raise Conflict("chat.cid_reused")
    return _sent(message, again=True)


def _slow_down(actor: Actor, now: datetime) -> None:
    wait = spend(
        f"chat.send:{actor.id}", limit=rules.BURST, per_seconds=rules.BURST_SECONDS, now=now
    )
    if wait:
        raise TooMany("chat.too_fast", retry_after=wait)


def _say(
    actor: Actor, room: queries.Place, *, key: str, body: str, html: str, now: datetime
) -> Sent:
    seq, no = next_message(room.id)
    values = {"room_id": room.id, "no": no, "seq": seq, "author_id": actor.id, "cid": key}
    if not insert_once(Message, **values, body_md=body, body_html=html, at=now):
        # The same cid reached another room at this very moment.
        raise Conflict("chat.cid_reused")
    message = _stored(actor, key)
    if message is None:
        raise Conflict("chat.cid_reused")
    write(room.id, seq, actor, kind="msg", message_id=message.id, at=now)
    record(
        MessageSent(
            actor_id=actor.id,
            room_id=room.id,
            seq=seq,
            message_id=message.id,
            no=no,
            private=bool(room.pair),
        )
    )
    return _sent(message, again=False)


def _sent(message: Message, *, again: bool) -> Sent:
    return Sent(
        id=message.id,
        room_id=message.room_id,
        cid=message.cid,
        seq=message.seq,
        no=message.no,
        at=message.at,
        html=message.body_html,
        again=again,
    )


def mark_read(actor: Actor, room_id: int, *, no: int) -> int:
    """Note that a member has read up to message ``no``; the marker never goes back."""
    room = queries.place(actor, room_id)
    seat = seat_of(room.id, actor.id, lock=True)
    if seat is None:
        return room.msg_no
    reached = min(no, room.msg_no)
    if reached > seat.read_no:
        seat.read_no = reached
        db.session.flush()
        record(MarkerMoved(actor_id=actor.id, room_id=room.id, read_no=reached))
    return seat.read_no
