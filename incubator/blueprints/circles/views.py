"""The list of circles, one circle, its form; coming in and going out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.circles.forms import CircleForm, InviteForm, NewCircleForm
from incubator.domain.circles import commands, policy, queries, rules
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.pages import Pages, redirect_to, render, toast
from incubator.edge.panels import page_panels_for
from incubator.kernel.errors import NotAllowed
from incubator.kernel.keyset import Cursor

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

pages = Pages("circles", __name__)


@pages.get("/cercles", en="/circles", may=members)
def index() -> ResponseReturnValue:
    """My circles, and those that I may join."""
    cursor = Cursor(
        after=request.args.get("after"),
        before=request.args.get("before"),
        size=queries.PAGE_SIZE,
    )
    mine = queries.mine(actor())
    return render("circles/index.html", mine=mine, page=queries.page_for(actor(), cursor))


@pages.form("/cercles/nouveau", en="/circles/new", may=members)
def new() -> ResponseReturnValue:
    """Open a circle."""
    reader, form = actor(), NewCircleForm()
    form.prepare(reader)
    site_id = reader.home_site_id if form.site.data == "site" else None
    made = attempt(
        form,
        lambda: commands.make(reader, form.details(site_id), once=form.once.data or "", now=now()),
    )
    if made is None:
        return form.page("circles/form.html", circle=None, most=rules.DESCRIPTION_MOST)
    toast(_("The circle is open. Invite those who belong to it."))
    return redirect_to("circles.show", slug=made.slug)


@pages.get("/cercles/<slug>", en="/circles/<slug>", may=members)
def show(slug: str) -> ResponseReturnValue:
    """A circle and, for who is in it, its people."""
    return render("circles/show.html", form=InviteForm(formdata=None), **circle_values(slug))


def circle_values(slug: str) -> dict[str, object]:
    """What the page of a circle shows its reader."""
    reader, seen = actor(), queries.visible_to(actor(), slug)
    inside = policy.may_look_inside(reader, seen.place)
    return {
        "circle": seen.circle,
        "place": seen.place,
        "people": queries.people_of(seen.circle.id) if inside else (),
        "size": queries.size_of(seen.circle.id),
        "inside": inside,
        "may_run": policy.may_run(reader, seen.place),
        "fits": policy.fits(reader, seen.circle.site_id),
        "panels": page_panels_for("circle", reader, seen.circle.id),
    }


@pages.form("/cercles/<slug>/modifier", en="/circles/<slug>/edit", may=members)
def edit(slug: str) -> ResponseReturnValue:
    """Say otherwise what a circle is."""
    reader, seen = actor(), queries.visible_to(actor(), slug)
    if not policy.may_run(reader, seen.place):
        raise NotAllowed("circles.not_yours")
    circle = seen.circle
    form = CircleForm(name=circle.name, description=circle.description, joining=circle.joining)
    circle_id = circle.id
    saved = attempt(form, lambda: commands.edit(reader, circle_id, form.details()))
    if saved is None:
        circle = queries.visible_to(reader, slug).circle
        return form.page("circles/form.html", circle=circle, most=rules.DESCRIPTION_MOST)
    toast(_("Saved."))
    return redirect_to("circles.show", slug=slug)


@pages.post("/cercles/<slug>/rejoindre", en="/circles/<slug>/join", may=members)
def join(slug: str) -> ResponseReturnValue:
    """Ask to join, or accept an invitation."""
    circle_id = queries.visible_to(actor(), slug).circle.id
    state = act(lambda: commands.ask(actor(), circle_id, now=now()))
    toast(
        _("Welcome to the circle.") if state == "in" else _("Those who run the circle are asked.")
    )
    return redirect_to("circles.show", slug=slug)


@pages.post("/cercles/<slug>/quitter", en="/circles/<slug>/leave", may=members)
def leave(slug: str) -> ResponseReturnValue:
    """Go out."""
    circle_id = queries.visible_to(actor(), slug).circle.id
    act(lambda: commands.leave(actor(), circle_id))
    toast(_("You are no longer in this circle."))
    return redirect_to("circles.index")


@pages.post("/cercles/<slug>/fermer", en="/circles/<slug>/close", may=members)
def close(slug: str) -> ResponseReturnValue:
    """Ask nothing more in it."""
    circle_id = queries.visible_to(actor(), slug).circle.id
    act(lambda: commands.close(actor(), circle_id, now=now()))
    toast(_("The circle is closed; what was asked in it stays readable to those who are in it."))
    return redirect_to("circles.show", slug=slug)
