"""One message: where it stands, what may be done with it, its thread, its history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import jsonify, request
from flask_babel import gettext as _

from incubator.blueprints.chat.acks import explain, status
from incubator.blueprints.chat.forms import DeletionForm, EditForm, MessageForm, begun
from incubator.blueprints.chat.replying import thread_page
from incubator.blueprints.chat.views import pages, wants_json
from incubator.domain.chat import (
    editing,
    message_policy,
    message_queries,
    message_rules,
    pinning,
    policy,
    queries,
    reacting,
    rules,
)
from incubator.domain.chat.frames import of_changed
from incubator.edge.access import members, signed_in
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.numbers import natural
from incubator.edge.pages import redirect_to, render, toast
from incubator.edge.refusals import words_for
from incubator.kernel.errors import NotAllowed, NotFound, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue
    from werkzeug.wrappers import Response

    from incubator.domain.chat.acting import Changed
    from incubator.domain.chat.queries import RoomView
    from incubator.domain.chat.said import MessageView
    from incubator.network.members.actor import Actor


@pages.get("/discussions/<slug>/m/<int:no>", en="/chat/<slug>/m/<int:no>", may=signed_in)
def at_message(slug: str, no: int) -> ResponseReturnValue:
    """The room at a message, or the thread at a reply: the link that people pass on."""
    room, message = _found(slug, no)
    return _to(room, message)


@pages.get("/discussions/<slug>/m/<int:no>/actes", en="/chat/<slug>/m/<int:no>/acts", may=signed_in)
def acts(slug: str, no: int) -> ResponseReturnValue:
    """What the reader may do with a message, and who put which sign under it."""
    room, message = _found(slug, no)
    reader = actor()
    return render(
        "chat/acts.html",
        room=room,
        message=message,
        extras=message_queries.extras(reader, [message])[message.id],
        reacted=reacting.who_reacted(message.id),
        signs=message_rules.SIGNS,
        may=_may(reader, room, message),
        once=MessageForm(formdata=None).once,
    )


def _may(reader: Actor, room: RoomView, message: MessageView) -> dict[str, bool]:
    return {
        "react": message_policy.may_react(reader, message, seated=room.seated),
        "edit": message_policy.may_edit(reader, message, seated=room.seated, now=now()),
        "delete": message_policy.may_delete(reader, room, message),
    }


@pages.form(
    "/discussions/<slug>/m/<int:no>/modifier", en="/chat/<slug>/m/<int:no>/edit", may=members
)
def edit(slug: str, no: int) -> ResponseReturnValue:
    """Say one's own message otherwise; when it changed meanwhile both texts are shown."""
    room, message = _found(slug, no)
    reader = actor()
    if not message_policy.may_edit(reader, message, seated=room.seated, now=now()):
        raise NotAllowed("chat.not_yours" if message.author.id != reader.id else "chat.too_old")
    stands = message_queries.text_of(message.id)
    form = EditForm(data={"text": stands, "base_rev": message.rev})
    command = lambda: editing.edit(  # noqa: E731 - named for the line below
        reader,
        room.id,
        no=no,
        cid=form.once.data or "",
        text=form.text.data or "",
        base_rev=int(form.base_rev.data or 0),
        now=now(),
    )
    changed = attempt(form, command)
    if changed is None:
        other = form.is_submitted() and form.base_rev.data != message.rev
        # Sent once more it replaces what the reader has now before their eyes.
        form.base_rev.raw_data, form.base_rev.data = None, message.rev
        return form.page(
            "chat/edit.html",
            room=room,
            message=message,
            other=stands if other else None,
            most=rules.MAX_CHARACTERS,
        )
    return jsonify(of_changed(changed)) if wants_json() else _to(room, message)


@pages.form(
    "/discussions/<slug>/m/<int:no>/supprimer", en="/chat/<slug>/m/<int:no>/delete", may=signed_in
)
def take_away(slug: str, no: int) -> ResponseReturnValue:
    """Leave only a trace of a message; that of somebody else with a reason."""
    room, message = _found(slug, no)
    reader, form = actor(), DeletionForm()
    if not form.is_submitted() and not message_policy.may_delete(reader, room, message):
        raise NotAllowed("chat.not_yours")
    done = attempt(
        form,
        lambda: editing.take_away(
            reader,
            room.id,
            no=no,
            cid=form.once.data or "",
            reason=form.reason.data or "",
            now=now(),
        ),
    )
    if done is None:
        mine = message.author.id == reader.id
        return form.page("chat/remove.html", room=room, message=message, mine=mine)
    if wants_json():
        return jsonify(of_changed(done))
    toast(_("The message is gone; its trace stays."))
    return _to(room, message)


@pages.post("/discussions/salons/<int:id>/reagir", en="/chat/rooms/<int:id>/react", may=members)
def react(id: int) -> ResponseReturnValue:
    """Put a sign under a message or take it back: ``do`` is «number emoji 1», or 0 to take."""
    no, emoji, on = [*request.form.get("do", "").split(), "", "", ""][:3]
    number = natural(no) or 0
    return _done(
        id, number, lambda: reacting.react(actor(), id, **_named(number), emoji=emoji, on=on == "1")
    )


@pages.post(
    "/discussions/salons/<int:id>/m/<int:no>/epingler",
    en="/chat/rooms/<int:id>/m/<int:no>/pin",
    may=members,
)
def pin(id: int, no: int) -> ResponseReturnValue:
    """Keep a message at hand, or no longer."""
    on = request.form.get("on") == "1"
    return _done(id, no, lambda: pinning.pin(actor(), id, **_named(no), on=on))


def _named(no: int) -> dict[str, Any]:
    return {"no": no, "cid": request.form.get("once", ""), "now": now()}


def _done(room_id: int, no: int, command: Callable[[], Changed]) -> ResponseReturnValue:
    """The answer to an act of one button: back to the message, saying why if it was refused."""
    room = queries.visible_to(actor(), room_id)
    try:
        changed = act(command)
    except Refusal as refusal:
        if wants_json():
            return jsonify(explain(refusal)), status(refusal)
        if isinstance(refusal, NotFound):
            raise
        toast(words_for(refusal), "sorry")
    else:
        if wants_json():
            return jsonify(of_changed(changed))
    return _to(room, message_queries.one(room, no))


@pages.get("/discussions/<slug>/m/<int:no>/fil", en="/chat/<slug>/m/<int:no>/thread", may=signed_in)
def thread(slug: str, no: int) -> ResponseReturnValue:
    """A message and the replies to it."""
    room, message = _found(slug, no)
    if message.root_id is not None:
        return _to(room, message)
    return thread_page(room, message, form=begun(actor(), room.id, no), code=200)


@pages.get(
    "/discussions/<slug>/m/<int:no>/historique", en="/chat/<slug>/m/<int:no>/history", may=signed_in
)
def message_history(slug: str, no: int) -> ResponseReturnValue:
    """What a message said before it was changed, the latest first."""
    room, message = _found(slug, no)
    # Of what is gone, by its author or hidden, nothing is read, nor what it was before.
    former = [] if message.gone_at else message_queries.revisions(message)
    return render("chat/message_history.html", room=room, message=message, former=former)


@pages.get("/discussions/<slug>/epingles", en="/chat/<slug>/pins", may=signed_in)
def pins(slug: str) -> ResponseReturnValue:
    """What a room keeps at hand."""
    reader = actor()
    room = queries.visible_to(reader, slug)
    return render(
        "chat/pins.html",
        room=room,
        pinned=message_queries.pins(room),
        may_pin=policy.may_send(reader, seated=room.seated),
        once=MessageForm(formdata=None).once,
    )


def _found(slug: str, no: int) -> tuple[RoomView, MessageView]:
    room = queries.visible_to(actor(), slug)
    return room, message_queries.one(room, no)


def _to(room: RoomView, message: MessageView) -> Response:
    if message.root_id is not None:
        root = message_queries.root_no(message)
        return redirect_to("chat.thread", slug=room.slug, no=root, _anchor=f"m-{message.no}")
    place = {"around": message.no, "_anchor": f"m-{message.no}"}
    return redirect_to("chat.show", slug=room.slug, **place)
