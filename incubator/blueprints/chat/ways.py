"""Ways to rooms: the directory, links that lead in, a conversation with several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.chat.about import EN, ROOM, shown
from incubator.blueprints.chat.beside import beside
from incubator.blueprints.chat.forms import GroupForm, LinkForm
from incubator.blueprints.chat.people import choice, named, searches
from incubator.blueprints.chat.views import pages
from incubator.domain.chat import commands, directory, groups, links, queries, rules
from incubator.domain.chat.meant import meant
from incubator.edge.access import members, signed_in
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import Form, act, attempt
from incubator.edge.numbers import natural
from incubator.edge.pages import redirect_to, render, toast, url
from incubator.kernel.keyset import Cursor

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.chat.queries import RoomView


@pages.get("/discussions/salons", en="/chat/rooms", may=signed_in)
def directory_of_rooms() -> ResponseReturnValue:
    """Open rooms, one's own, archived ones; found by words, paged by key."""
    reader, q = actor(), request.args.get("q", "").strip()[:100]
    which = request.args.get("which", "open")
    which = which if which in directory.WHICH else "open"
    cursor = Cursor(request.args.get("after"), request.args.get("before"), directory.SIZE)
    page = directory.listed(reader, which, q=q, cursor=cursor)
    return render("chat/directory.html", page=page, which=which, q=q, **beside(reader))


@pages.form(f"{ROOM}/liens", en=f"{EN}/links", may=members)
def make_link(id: int) -> ResponseReturnValue:
    """A new link, shown once."""
    form = LinkForm()
    whole, wanted = bool(form.whole.data), natural(form.days.data) or 0
    token = attempt(form, lambda: links.make(actor(), id, days=wanted, whole=whole, now=now()))
    if token is None:
        return form.page("chat/about.html", **shown(id, link_form=form))
    address = request.host_url.rstrip("/") + url("chat.enter", token=token)
    return render("chat/about.html", **shown(id, new_link=address))


@pages.post(f"{ROOM}/liens/<int:link>/retirer", en=f"{EN}/links/<int:link>/revoke", may=members)
def revoke_link(id: int, link: int) -> ResponseReturnValue:
    """A link leads nowhere any more."""
    act(lambda: links.revoke(actor(), id, link, now=now()))
    toast(_("This link leads nowhere any more."))
    return redirect_to("chat.about", id=id)


@pages.form("/discussions/lien/<token>", en="/chat/link/<token>", may=members)
def enter(token: str) -> ResponseReturnValue:
    """Where a link leads; the button takes a seat there."""
    door = links.look(actor(), token, now=now())
    form = Form()
    room_id = attempt(form, lambda: links.enter(actor(), token, now=now()))
    if room_id is None:
        return form.page("chat/link.html", door=door, **beside(actor()))
    toast(_("Welcome. You have a seat in this room."))
    return redirect_to("chat.show", slug=queries.visible_to(actor(), room_id).slug)


@pages.form("/discussions/a-plusieurs", en="/chat/several", may=members)
def several() -> ResponseReturnValue:
    """The first word to several: it opens the conversation, or leads to the one there is."""
    reader, form = actor(), GroupForm()
    if not form.is_submitted():
        form.who.data = ", ".join(request.args.getlist("who"))
    shown = {"most": rules.MAX_CHARACTERS, **beside(reader)}
    if searches():
        return render("chat/several.html", form=form, picking=choice(form), **shown)
    said = attempt(form, lambda: _said(form))
    if said is None:
        return form.page("chat/several.html", picking=choice(form), **shown)
    room, no = said
    return redirect_to("chat.show", slug=room.slug, _anchor=f"m-{no}")


def _said(form: GroupForm) -> tuple[RoomView, int]:
    people = meant(named())
    room = groups.open_with(actor(), people, now=now())
    words, cid = form.text.data or "", form.once.data or ""
    return room, commands.send(actor(), room.id, cid=cid, text=words, now=now()).no
