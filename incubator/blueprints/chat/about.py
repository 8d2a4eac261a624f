"""The page about a room: what one follows, who sits there, what it is for, ways in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.chat.beside import beside
from incubator.blueprints.chat.forms import AboutForm, FollowForm, GuestForm, LinkForm
from incubator.blueprints.chat.people import choice, named, searches
from incubator.blueprints.chat.views import pages
from incubator.domain.chat import (
    exporting,
    involvement,
    links,
    membership,
    muting,
    policy,
    queries,
    rooms,
    rules,
    succession,
    who,
)
from incubator.domain.chat.bots import keeping
from incubator.domain.chat.meant import meant
from incubator.edge.access import members, signed_in
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.numbers import whole
from incubator.edge.pages import redirect_to, render, toast
from incubator.kernel.errors import NotFound

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

ROOM, EN = "/discussions/salons/<int:id>", "/chat/rooms/<int:id>"
PERSON, EN_PERSON = f"{ROOM}/personnes/<int:member>", f"{EN}/people/<int:member>"


@pages.get(f"{ROOM}/a-propos", en=f"{EN}/about", may=signed_in)
def about(id: int) -> ResponseReturnValue:
    """The page about a room, for who may read it now."""
    return render("chat/about.html", **shown(id))


def shown(id: int, **forms: Any) -> dict[str, Any]:
    """What the page shows; a form that was refused stands in it as it was sent."""
    reader = actor()
    room = queries.visible_to(reader, id)
    if room.former:
        raise NotFound("chat.room")
    may = {
        name: getattr(policy, f"may_{name}")(reader, room)
        for name in ("run", "describe", "archive", "invite", "link", "remove", "leave")
    }
    may["name"] = policy.may_name_moderators(reader, room)
    own_name = policy.has_own_name(room)
    named = room.name if room.kind != "group" or rooms.is_named(room.id) else ""
    usual = {
        "about_form": AboutForm(formdata=None, name=named, purpose=room.purpose),
        "guest_form": GuestForm(formdata=None),
        "follow_form": FollowForm(formdata=None, involvement=room.involvement),
        "link_form": LinkForm(formdata=None),
    }
    may_link = may["link"] and not room.archived
    return {
        "room": room,
        "may": may,
        "may_export": exporting.may_export(reader, room),
        "own_name": own_name,
        "people": who.sitters(room.id),
        "size": who.size(room.id),
        "ways_in": links.living(reader, room.id, now=now()) if may_link else (),
        "robots": keeping.shown(room),
        "hours": rules.MUTED_HOURS,
        "purpose_length": rules.PURPOSE_LENGTH,
        "now": now(),
        **usual,
        **beside(reader),
        **forms,
        "picking": choice(forms.get("guest_form", usual["guest_form"]), room.id),
    }


@pages.post(f"{ROOM}/suivre", en=f"{EN}/follow", may=signed_in)
def follow(id: int) -> ResponseReturnValue:
    """Choose how much of it one wants to know."""
    wish = request.form.get("involvement", "")
    act(lambda: involvement.choose(actor(), id, wish))
    toast(
        _("Hidden. You find it again in the directory of rooms.")
        if wish == "hidden"
        else _("Noted.")
    )
    return redirect_to("chat.about", id=id)


@pages.form(f"{ROOM}/decrire", en=f"{EN}/describe", may=members)
def describe(id: int) -> ResponseReturnValue:
    """Name it and say what it is for."""
    form = AboutForm()
    values = {"name": form.name.data or "", "purpose": form.purpose.data or ""}
    done = attempt(form, lambda: rooms.describe(actor(), id, **values, now=now()))
    if done is None:
        return form.page("chat/about.html", **shown(id, about_form=form))
    toast(_("Noted."))
    return redirect_to("chat.about", id=id)


@pages.post(f"{ROOM}/archiver", en=f"{EN}/archive", may=members)
def archive(id: int) -> ResponseReturnValue:
    """Put it away, or take it up again."""
    on = request.form.get("on") == "1"
    act(lambda: rooms.archive(actor(), id, on=on, now=now()))
    toast(
        _("The room is archived: everybody still reads it.") if on else _("The room is open again.")
    )
    return redirect_to("chat.about", id=id)


@pages.form(f"{ROOM}/inviter", en=f"{EN}/invite", may=members)
def invite(id: int) -> ResponseReturnValue:
    """Let people in by their names."""
    form = GuestForm()
    if searches():
        return render("chat/about.html", **shown(id, guest_form=form))
    came = attempt(form, lambda: _invited(id, form))
    if came is None:
        return form.page("chat/about.html", **shown(id, guest_form=form))
    toast(_("They are in the room.") if came else _("They were already there."))
    return redirect_to("chat.about", id=id)


def _invited(id: int, form: GuestForm) -> int:
    """How many came who were not there."""
    people, whole = meant(named()), bool(form.whole.data)
    return sum(membership.invite(actor(), id, person, whole=whole, now=now()) for person in people)


@pages.post(f"{PERSON}/retirer", en=f"{EN_PERSON}/remove", may=members)
def remove(id: int, member: int) -> ResponseReturnValue:
    """Take somebody out."""
    act(lambda: membership.remove(actor(), id, member, now=now()))
    toast(_("They are no longer in the room."))
    return redirect_to("chat.about", id=id)


@pages.post(f"{PERSON}/veiller", en=f"{EN_PERSON}/look-after", may=members)
def look_after(id: int, member: int) -> ResponseReturnValue:
    """Let somebody look after the room too, or no longer."""
    on = request.form.get("on") == "1"
    act(lambda: succession.name_moderator(actor(), id, member, on=on, now=now()))
    toast(_("Noted."))
    return redirect_to("chat.about", id=id)


@pages.post(f"{PERSON}/silence", en=f"{EN_PERSON}/silence", may=members)
def silence(id: int, member: int) -> ResponseReturnValue:
    """Ask somebody to be silent for some hours, or no longer."""
    hours = request.form.get("hours", type=whole)
    act(lambda: muting.mute(actor(), id, member, hours=hours or None, now=now()))
    toast(_("They are told until when.") if hours else _("They may write again."))
    return redirect_to("chat.about", id=id)
