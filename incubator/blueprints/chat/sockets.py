"""The one channel of sockets: the chat, and pages of help threads that want to stay fresh.

Every event says who may send it and is always acknowledged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError

from incubator.blueprints.chat import sync as catching
from incubator.blueprints.chat.acks import explain
from incubator.blueprints.chat.payloads import (
    flag,
    number,
    number_or_none,
    numbers,
    positions,
    text,
)
from incubator.domain.chat import commands, editing, pinning, queries, reacting
from incubator.domain.chat.frames import of_changed, of_sent
from incubator.domain.chat.models import BY_SEAT
from incubator.domain.help import policy as help_policy
from incubator.domain.help import queries as help_threads
from incubator.edge.access import members, signed_in
from incubator.edge.forms import act
from incubator.kernel.db import end_read
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.reactions.live.events import Call, Events

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from incubator.domain.chat.acting import Changed

    Command = Callable[..., Changed]

    from incubator.domain.chat.queries import RoomView
    from incubator.network.members.actor import Actor

VERSION = 1
MOST_FILES = 20


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
    room = followed(call.actor, room_id)
    call.live.open(call.conn, room_id, room.span.after if room.span else 0)
    if room.kind in BY_SEAT:
        # Asked again from within: who goes out after this is let out by the log itself.
        end_read()
        try:
            still = followed(call.actor, room_id).span == room.span
        except Refusal:
            still = False
        if not still:
            call.live.close(call.conn, room_id)
            raise NotAllowed("chat.not_seated")
    # Read after entering: nothing can fall between this position and the live events.
    seq, msg_no = queries.head(room_id)
    call.live.conns.start_from(room_id, seq)
    return {"seq": seq, "msg_no": msg_no}


def followed(actor: Actor, room_id: int) -> RoomView:
    """A room whose new entries a reader may hear; raise NotFound, NotAllowed."""
    room = queries.visible_to(actor, room_id)
    if room.former:
        raise NotAllowed("chat.not_seated")
    return room


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
    return catching.past(call.actor, room, before)


@EVENTS.on("send", may=members)
def send(call: Call, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Say something; the answer comes after the commit."""
    room, cid, words = number(payload, "room"), text(payload, "cid"), text(payload, "md")
    root = number_or_none(payload, "root")
    files = numbers(payload, "files", most=MOST_FILES) if "files" in payload else []
    drafted = flag(payload, "drafted") if "drafted" in payload else False
    said = commands.Said(cid=cid, text=words, file_ids=tuple(files), root=root, drafted=drafted)
    return of_sent(act(lambda: commands.say(call.actor, room, said, now=call.now)))


def _act(call: Call, payload: Mapping[str, Any], command: Command, **more: Any) -> dict[str, Any]:
    """An act on a message: the answer comes after the commit."""
    room, no, cid = number(payload, "room"), number(payload, "no"), text(payload, "cid")
    named = {"no": no, "cid": cid, "now": call.now, **more}
    return of_changed(act(lambda: command(call.actor, room, **named)))


@EVENTS.on("edit", may=members)
def edit(call: Call, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Say one's own message otherwise, if it is still the ``base_rev`` that one had before one."""
    words, base = text(payload, "md"), number(payload, "base_rev")
    return _act(call, payload, editing.edit, text=words, base_rev=base)


@EVENTS.on("delete", may=members)
def delete(call: Call, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Leave a trace of a message; that of somebody else with a reason."""
    why = text(payload, "reason") if "reason" in payload else ""
    return _act(call, payload, editing.take_away, reason=why)


@EVENTS.on("react", may=members)
def react(call: Call, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Put a sign under a message or take it back."""
    emoji, on = text(payload, "emoji"), flag(payload, "on")
    return _act(call, payload, reacting.react, emoji=emoji, on=on)


@EVENTS.on("pin", may=members)
def pin(call: Call, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Keep a message at hand, or no longer."""
    return _act(call, payload, pinning.pin, on=flag(payload, "on"))


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
