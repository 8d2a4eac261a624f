"""Rooms, messages, and the same acts as the sockets over plain HTTP."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flask import jsonify, request
from flask_babel import gettext as _

from incubator.blueprints.chat import cities, quietly, shown, stretches
from incubator.blueprints.chat import sync as catching
from incubator.blueprints.chat.acks import explain, status
from incubator.blueprints.chat.beside import beside
from incubator.blueprints.chat.forms import MessageForm, TopicForm, begun
from incubator.blueprints.chat.replying import thread_page
from incubator.blueprints.chat.uploads import received
from incubator.domain.chat import commands, membership, policy, queries, rooms, rules, who
from incubator.domain.chat import uploads as keeping
from incubator.domain.chat.frames import of_sent
from incubator.domain.chat.message_queries import extras, has_pins, one
from incubator.domain.chat.message_rules import SIGNS
from incubator.domain.chat.reading import circle
from incubator.edge.access import members, signed_in
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.numbers import whole
from incubator.edge.pages import Pages, redirect_to, render, toast
from incubator.edge.portraits import gather
from incubator.kernel.errors import NotFound, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask.typing import ResponseReturnValue

    from incubator.domain.chat.saying import Sent

pages = Pages("chat", __name__)

POSITION = re.compile(r"(\d{1,15}):(\d{1,15})")


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
        lambda: rooms.open_topic(
            actor(),
            name=form.name.data or "",
            purpose=form.purpose.data or "",
            private=form.access.data == "private",
            once=form.once.data or "",
            now=now(),
        ),
    )
    if room is None:
        return form.page("chat/new.html", purpose_length=rules.PURPOSE_LENGTH)
    if room.kind == "private":
        toast(_("The room is open. Invite those it is for."))
        return redirect_to("chat.about", id=room.id)
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
    return _room(slug, None, 200)


@pages.post(
    "/discussions/salons/<int:id>/messages", en="/chat/rooms/<int:id>/messages", may=members
)
def send(id: int) -> ResponseReturnValue:
    """Say something; the form's ``once`` is the message's cid."""
    form = MessageForm()
    words, cid = form.text.data or "", form.once.data or ""
    root = request.form.get("root", type=whole)
    reader = actor()

    def say() -> Sent:
        files = tuple(received(id))
        said = commands.Said(cid=cid, text=words, file_ids=files, root=root, drafted=True)
        return act(lambda: commands.say(reader, id, said, now=now()))

    if wants_json():
        return _told(lambda: of_sent(say()))
    room = queries.visible_to(reader, id)
    try:
        sent = say()
    except Refusal as refusal:
        if isinstance(refusal, NotFound):
            raise
        form.refuse(refusal)
        if root is not None:
            return thread_page(room, one(room, root), form=form, code=refusal.status)
        return _room(room.slug, form, refusal.status)
    place = {"slug": room.slug, "_anchor": f"m-{sent.no}"}
    return (
        redirect_to("chat.thread", no=root, **place) if root else redirect_to("chat.show", **place)
    )


@pages.post("/discussions/salons/<int:id>/lu", en="/chat/rooms/<int:id>/read", may=signed_in)
def read(id: int) -> ResponseReturnValue:
    """Move the reader's marker to message ``no``, or to the end."""
    no = request.form.get("no", type=whole)
    reader = actor()
    room = queries.visible_to(reader, id)
    reached = max(room.msg_no if no is None else no, 0)

    def mark() -> dict[str, Any]:
        return {"read_no": act(lambda: commands.mark_read(reader, id, no=reached))}

    if wants_json():
        return _told(mark)
    mark()
    return redirect_to("chat.show", slug=room.slug)


@pages.post("/discussions/salons/<int:id>/venir", en="/chat/rooms/<int:id>/join", may=members)
def join(id: int) -> ResponseReturnValue:
    """Take a seat."""
    act(lambda: membership.join(actor(), id, now=now()))
    return redirect_to("chat.show", slug=queries.visible_to(actor(), id).slug)


@pages.post("/discussions/salons/<int:id>/partir", en="/chat/rooms/<int:id>/leave", may=members)
def leave(id: int) -> ResponseReturnValue:
    """Give up a seat."""
    act(lambda: membership.leave(actor(), id, now=now()))
    toast(_("You left the room. You can come back whenever you like."))
    return redirect_to("chat.index")


def _room(slug: str, form: MessageForm | None, code: int) -> ResponseReturnValue:
    reader = actor()
    room = queries.visible_to(reader, slug)
    page = stretches.asked_for(room, request.args)
    hanging, places = extras(reader, page.messages), cities.elsewhere(reader)
    seated, around = [] if room.former else who.seated(room.id), beside(reader)
    gather([*(said.author for said in page.messages), *(one for one, _site in seated)])
    html = render(
        "chat/show.html",
        room=room,
        lines=shown.lines(
            room,
            page.messages,
            reader,
            hanging=hanging,
            cities=places,
            happened=quietly.around(room, page),
        ),
        silent=not page.messages,
        cities=cities.clocks(places),
        day_name=lambda day: shown.day_name(day, now(), reader.time_zone),
        **stretches.neighbours(slug, page),
        at_end=not page.newer,
        pinned=has_pins(room),
        groups=shown.by_site(seated, room.site_id or reader.home_site_id),
        size=0 if room.former else who.size(room.id),
        may_send=policy.may_send(reader, seated=room.seated),
        silent_until=shown.still(room.muted_until, now()),
        may_sit=policy.may_sit(reader),
        most=rules.MAX_CHARACTERS,
        signs=SIGNS,
        now=now(),
        readers=shown.readers(circle(room.id).seen_by(reader)),
        form=form or begun(reader, room.id),
        waiting=keeping.waiting(reader, room.id),
        **around,
    )
    return html, code


def wants_json() -> bool:
    """Whether the script asks, not the browser for a page."""
    return request.accept_mimetypes.best == "application/json"


def _told(answer: Callable[[], Mapping[str, Any]]) -> ResponseReturnValue:
    try:
        return jsonify(answer())
    except Refusal as refusal:
        return jsonify(explain(refusal)), status(refusal)
