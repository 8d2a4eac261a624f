"""What sockets and pages tell in passing: that somebody writes, that somebody is there."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from flask import request

from incubator.blueprints.chat.payloads import number, numbers, one_of, truth
from incubator.blueprints.chat.sockets import EVENTS
from incubator.blueprints.chat.views import pages
from incubator.domain.chat.liveliness import check_may_write, too_soon
from incubator.edge.access import members, signed_in
from incubator.edge.actor import actor, signed_in_as
from incubator.kernel.errors import Refusal
from incubator.reactions.live import beats
from incubator.reactions.live.ephemeral import looked_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from incubator.reactions.live.events import Call

# The faces of a page: those of the room, and of the direct conversations.
MOST_IN_SIGHT = 120
STATES = ("active", "idle")


@EVENTS.on("typing", may=members)
def typing(call: Call, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Somebody writes, or no longer: told at most every five seconds, never in large rooms."""
    room, on = number(payload, "room"), truth(payload, "on")
    wrote, now = call.conn.wrote, time.monotonic()
    ignored = too_soon(wrote.get(room), now) if on else room not in wrote
    if not ignored:
        check_may_write(call.actor, room)
        wrote.pop(room, None)
        if on:
            wrote[room] = now
        who = {"by": call.actor.id, "name": call.actor.name}
        call.live.doorbell.ring({"k": "typing", "room": room, "on": on, **who})
    return {"ok": True}


@EVENTS.on("presence", may=signed_in)
def presence(call: Call, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Somebody is at this screen, active or idle."""
    active = one_of(payload, "state", STATES) == "active"
    call.live.presence.beat(call.actor.id, call.conn.sid, active=active, now=time.monotonic())
    return {"ok": True}


@EVENTS.on("see", may=signed_in)
def see(call: Call, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Tell this socket who of the people on its page is there, now and when it changes."""
    people = numbers(payload, "people", most=MOST_IN_SIGHT)
    return {"people": looked_at(call.live, call.conn, people)}


@pages.post("/discussions/presence", en="/chat/presence", may=signed_in)
def beat() -> ResponseReturnValue:
    """A page without a line of its own tells that its person is there; nothing is stored."""
    state, session = request.form.get("state", ""), signed_in_as()
    if state not in STATES:
        raise Refusal("live.bad_payload")
    session_id = session.session_id if session else 0
    beats.seen(actor().id, session_id=session_id, active=state == "active")
    return "", 204
