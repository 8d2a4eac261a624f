"""The one channel of sockets: the chat, and pages of help threads that want to stay fresh.

Every event says who may send it and is always acknowledged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError

from incubator.blueprints.chat import sync as catching
from incubator.blueprints.chat.acks import explain
from incubator.blueprints.chat.payloads import number, number_or_none, positions, text
from incubator.domain.chat import commands, queries
from incubator.domain.chat.frames import of_sent
from incubator.domain.help import policy as help_policy
from incubator.domain.help import queries as help_threads
from incubator.edge.access import members, signed_in
from incubator.edge.forms import act
from incubator.reactions.live.events import Call, Events

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION = 1


def welcome(auth: object) -> bool:
    """Whether a client brought the token of a page of ours and speaks our version."""
    if not isinstance(auth, dict) or auth.get("v") != VERSION:
        return False
    try:
        validate_csrf(str(auth.get("token", "")))
    except ValidationError:
        return False
    return True


EVENTS = Events("/chat", welcome, explain)


@EVENTS.on("hello", may=signed_in)
def hello(call: Call, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Who the socket belongs to and where its rooms stand; their heads follow by themselves."""
    del payload
    rooms = catching.rooms(call.actor)
    call.live.seat(call.conn, [room["id"] for room in rooms])
    return {"now": call.now.isoformat(), "user": call.actor.id, "rooms": rooms}


@EVENTS.on("join", may=signed_in)
def join(call: Call, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Follow a room; what was said before is asked with «sync»."""
    room_id = number(payload, "room")
    queries.visible_to(call.actor, room_id)
    call.live.open(call.conn, room_id)
    # Read after entering: nothing can fall between this position and the live events.
    seq, msg_no = queries.heads([room_id])[room_id]
    call.live.conns.start_from(room_id, seq)
    return {"seq": seq, "msg_no": msg_no}


@EVENTS.on("leave", may=signed_in)
def leave(call: Call, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Follow a room no more."""
    call.live.close(call.conn, number(payload, "room"))
    return {"ok": True}


@EVENTS.on("sync", may=signed_in)
def sync(call: Call, payload: Mapping[str, Any]) -> dict[str, Any]:
    """What happened after each position."""
    return catching.catch_up(call.actor, positions(payload))


@EVENTS.on("history", may=signed_in)
def history(call: Call, payload: Mapping[str, Any]) -> dict[str, Any]:
    """A page of messages before a number."""
    room_id, before = number(payload, "room"), number_or_none(payload, "before_no")
    room = queries.visible_to(call.actor, room_id)
    return catching.past(call.actor, room.id, before)


@EVENTS.on("send", may=members)
def send(call: Call, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Say something; the answer comes after the commit."""
    room, cid, words = number(payload, "room"), text(payload, "cid"), text(payload, "md")
    return of_sent(act(lambda: commands.send(call.actor, room, cid=cid, text=words, now=call.now)))


@EVENTS.on("read", may=signed_in)
def read(call: Call, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Move the marker; it never goes back."""
    room, no = number(payload, "room"), number(payload, "no")
    return {"read_no": act(lambda: commands.mark_read(call.actor, room, no=no))}


@EVENTS.on("watch", may=signed_in)
def watch(call: Call, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Tell this socket, and no longer of another thread, when the thread changes."""
    call.conn.thread = help_threads.visible_to(call.actor, number(payload, "thread")).id
    return {"ok": True}


@EVENTS.on("writing", may=members)
def writing(call: Call, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Somebody writes an answer: the others who watch see that, not who it is."""
    question = help_threads.visible_to(call.actor, number(payload, "thread"))
    if help_policy.may_answer(call.actor) and call.conn.thread == question.id:
        note = {"k": "writing", "thread": question.id, "by": call.actor.id}
        call.live.doorbell.ring(note)
    return {"ok": True}
