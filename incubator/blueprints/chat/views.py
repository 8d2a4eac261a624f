"""Rooms, messages, and the same acts as the sockets over plain HTTP."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flask import jsonify, request
from flask_babel import gettext as _

from incubator.blueprints.chat import shown
from incubator.blueprints.chat import sync as catching
from incubator.blueprints.chat.acks import explain, status
from incubator.blueprints.chat.forms import MessageForm, TopicForm
from incubator.domain.chat import commands, policy, queries, rules, seats
from incubator.domain.chat.frames import of_sent
from incubator.edge.access import members, signed_in
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.pages import Pages, redirect_to, render, toast, url
from incubator.kernel.errors import NotFound, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask.typing import ResponseReturnValue

    from incubator.network.members.actor import Actor

pages = Pages("chat", __name__)

POSITION = re.compile(r"(\d{1,15}):(\d{1,15})")
PANEL_ROOMS = 4


@pages.get("/discussions", en="/chat", may=signed_in)
def index() -> ResponseReturnValue:
    """The rooms of the reader, with what waits in each, and those they could join."""
    return render("chat/index.html", **beside(actor()))


@pages.form("/discussions/nouveau", en="/chat/new", may=members)
def new() -> ResponseReturnValue:
    """Open a room on a topic."""
    form = TopicForm()
    room = attempt(
        form,
        lambda: seats.open_topic(
            actor(),
            name=form.name.data or "",
            purpose=form.purpose.data or "",
            once=form.once.data or "",
            now=now(),
        ),
    )
    if room is None:
        return form.page("chat/new.html", purpose_length=rules.PURPOSE_LENGTH)
    toast(_("The room is open."))
    return redirect_to("chat.show", slug=room.slug)


@pages.get("/discussions/sync", en="/chat/sync", may=signed_in)
def sync() -> ResponseReturnValue:
    """What happened after positions ``at=room:seq``, and where the reader's rooms stand."""
    found = POSITION.findall(" ".join(request.args.getlist("at")))
    positions = {int(room): int(seq) for room, seq in found}
    reader = actor()
    return _told(lambda: {**catching.catch_up(reader, positions), "heads": catching.rooms(reader)})


@pages.get("/discussions/<slug>", en="/chat/<slug>", may=signed_in)
def show(slug: str) -> ResponseReturnValue:
    """The end of a room, or an earlier page of it."""
    return _room(slug, MessageForm(formdata=None), 200)


@pages.post(
    "/discussions/salons/<int:id>/messages", en="/chat/rooms/<int:id>/messages", may=members
)
def send(id: int) -> ResponseReturnValue:
    """Say something; the form's ``once`` is the message's cid."""
    form = MessageForm()
    words, cid = form.text.data or "", form.once.data or ""
    reader = actor()

    def say() -> commands.Sent:
        return act(lambda: commands.send(reader, id, cid=cid, text=words, now=now()))

    if _wants_json():
        return _told(lambda: of_sent(say()))
    room = queries.visible_to(reader, id)
    try:
        sent = say()
    except Refusal as refusal:
        if isinstance(refusal, NotFound):
            raise
        form.refuse(refusal)
        return _room(room.slug, form, refusal.status)
    return redirect_to("chat.show", slug=room.slug, _anchor=f"m-{sent.no}")


@pages.post("/discussions/salons/<int:id>/lu", en="/chat/rooms/<int:id>/read", may=signed_in)
def read(id: int) -> ResponseReturnValue:
    """Move the reader's marker to message ``no``, or to the end."""
    no = request.form.get("no", type=int)
    reader = actor()
    room = queries.visible_to(reader, id)
    reached = max(room.msg_no if no is None else no, 0)

    def mark() -> dict[str, Any]:
        return {"read_no": act(lambda: commands.mark_read(reader, id, no=reached))}

    if _wants_json():
        return _told(mark)
    mark()
    return redirect_to("chat.show", slug=room.slug)


@pages.post("/discussions/salons/<int:id>/venir", en="/chat/rooms/<int:id>/join", may=members)
def join(id: int) -> ResponseReturnValue:
    """Take a seat."""
    act(lambda: seats.join(actor(), id, now=now()))
    return redirect_to("chat.show", slug=queries.visible_to(actor(), id).slug)


@pages.post("/discussions/salons/<int:id>/partir", en="/chat/rooms/<int:id>/leave", may=members)
def leave(id: int) -> ResponseReturnValue:
    """Give up a seat."""
    act(lambda: seats.leave(actor(), id, now=now()))
    toast(_("You left the room. You can come back whenever you like."))
    return redirect_to("chat.index")


def _room(slug: str, form: MessageForm, code: int) -> ResponseReturnValue:
    reader = actor()
    room = queries.visible_to(reader, slug)
    before = request.args.get("before", type=int)
    page = queries.history(room.id, before_no=before)
    html = render(
        "chat/show.html",
        room=room,
        lines=shown.lines(room, page.messages, reader),
        day_name=lambda day: shown.day_name(day, now(), reader.time_zone),
        older=url("chat.show", slug=slug, before=page.messages[0].no) if page.more else None,
        at_end=before is None,
        groups=shown.by_site(queries.seated(room.id), room.site_id or reader.home_site_id),
        size=queries.size(room.id),
        may_send=policy.may_send(reader, seated=room.seated),
        may_sit=policy.may_sit(reader),
        may_leave=policy.may_leave(reader, room),
        most=rules.MAX_CHARACTERS,
        now=now(),
        form=form,
        **beside(reader),
    )
    return html, code


def beside(reader: Actor) -> dict[str, Any]:
    """The list of rooms that stands beside every page of the chat."""
    return {"rooms": queries.rooms_of(reader), "others": queries.open_to(reader)}


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _told(answer: Callable[[], Mapping[str, Any]]) -> ResponseReturnValue:
    try:
        return jsonify(answer())
    except Refusal as refusal:
        return jsonify(explain(refusal)), status(refusal)


def panel(reader: Actor) -> Mapping[str, object] | None:
    """Rooms of the reader for the first page, those with news first."""
    rooms = sorted(queries.rooms_of(reader), key=lambda room: -room.unread)
    return {"rooms": rooms[:PANEL_ROOMS]} if rooms else None
