"""Who comes into a circle, goes out and runs it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from incubator.blueprints.circles.forms import InviteForm
from incubator.blueprints.circles.views import circle_values, pages
from incubator.domain.circles import commands, queries
from incubator.domain.circles.queries import meant
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.pages import redirect_to, toast

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

MEMBER = "<int(max=9223372036854775807):member_id>"


@pages.form("/cercles/<slug>/inviter", en="/circles/<slug>/invite", may=members)
def invite(slug: str) -> ResponseReturnValue:
    """Invite a member by name or address."""
    circle_id, form = queries.visible_to(actor(), slug).circle.id, InviteForm()
    state = attempt(
        form,
        lambda: commands.invite(actor(), circle_id, meant(form.who.data or ""), now=now()),
    )
    if state is None:
        return form.page("circles/show.html", **circle_values(slug))
    toast(_("They are in the circle.") if state == "in" else _("The invitation is sent."))
    return redirect_to("circles.show", slug=slug)


@pages.post(
    f"/cercles/<slug>/membres/{MEMBER}/admettre",
    en=f"/circles/<slug>/members/{MEMBER}/admit",
    may=members,
)
def admit(slug: str, member_id: int) -> ResponseReturnValue:
    """Let in whoever asked."""
    return _done(slug, partial(_let_in, member_id), _("They are in the circle."))


@pages.post(
    f"/cercles/<slug>/membres/{MEMBER}/retirer",
    en=f"/circles/<slug>/members/{MEMBER}/remove",
    may=members,
)
def remove(slug: str, member_id: int) -> ResponseReturnValue:
    """Take somebody out, or say no."""
    return _done(slug, partial(_take_out, member_id), _("Done."))


@pages.post(
    f"/cercles/<slug>/membres/{MEMBER}/responsable",
    en=f"/circles/<slug>/members/{MEMBER}/owner",
    may=members,
)
def name_owner(slug: str, member_id: int) -> ResponseReturnValue:
    """Let somebody run the circle too."""
    return _done(slug, partial(_name, member_id, owner=True), _("They run the circle too."))


@pages.post(
    f"/cercles/<slug>/membres/{MEMBER}/simple-membre",
    en=f"/circles/<slug>/members/{MEMBER}/no-owner",
    may=members,
)
def unname_owner(slug: str, member_id: int) -> ResponseReturnValue:
    """Let somebody run it no longer."""
    named = partial(_name, member_id, owner=False)
    return _done(slug, named, _("They no longer run the circle."))


def _done(slug: str, do: Callable[[int], object], words: str) -> ResponseReturnValue:
    """Do it to the circle, say so, and back to its page."""
    circle_id = queries.visible_to(actor(), slug).circle.id
    act(lambda: do(circle_id))
    toast(words)
    return redirect_to("circles.show", slug=slug)


def _let_in(member_id: int, circle_id: int) -> None:
    commands.invite(actor(), circle_id, member_id, now=now())


def _take_out(member_id: int, circle_id: int) -> None:
    commands.remove(actor(), circle_id, member_id)


def _name(member_id: int, circle_id: int, *, owner: bool) -> None:
    commands.name_owner(actor(), circle_id, member_id, owner=owner)
