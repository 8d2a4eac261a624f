"""Saying that one is on site, who may know, and waiting for somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from incubator.blueprints.presence import panels
from incubator.blueprints.presence.forms import PresenceForm
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.pages import Pages, back_or, redirect_to, render, toast
from incubator.kernel.errors import NotFound
from incubator.network.members import audiences, present, queries, whereabouts
from incubator.network.members.audience import EVERYTHING_AS_USUAL
from incubator.network.sites import queries as sites

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

pages = Pages("presence", __name__)


@pages.form("/moi/reglages/presence", en="/me/settings/presence", may=members)
def settings() -> ResponseReturnValue:
    """Who sees that I am on site, and whom I wait for."""
    reader = actor()
    mine = present.own_presence(reader, now())
    chosen = audiences.audiences_of([reader.id]).get(reader.id, EVERYTHING_AS_USUAL)
    form = PresenceForm(
        audience=chosen.of("presence"), awaited=mine.awaited, usual=list(mine.usual)
    )

    def save() -> bool:
        audiences.set_audience(reader, name="presence", audience=form.audience.data)
        whereabouts.choose(reader, usual=form.usual.data or (), awaited=bool(form.awaited.data))
        return True

    if attempt(form, save) is None:
        return form.page(
            "presence/settings.html",
            mine=mine,
            place=sites.with_id(mine.site_id),
            home=sites.with_id(reader.home_site_id),
            awaited=present.awaited_by(reader),
        )
    toast(_("Your choices are kept."))
    return redirect_to("presence.settings")


pages.moved("/moi/presence", en="/me/presence", to="presence.settings", may=members)


@pages.get("/sites/<slug>/sur-place", en="/sites/<slug>/on-site", may=members)
def on_site(slug: str) -> ResponseReturnValue:
    """Who is at a site now, on a page of its own: the panels ask it for their news."""
    site = sites.with_address(slug)
    found = panels.at_site(actor(), site.id)
    if found is None:
        raise NotFound("sites.site")
    return render("presence/on_site.html", **found)


@pages.post("/annuaire/<slug>/attendre", en="/directory/<slug>/await", may=members)
def watch(slug: str) -> ResponseReturnValue:
    """«Prévenez-moi de son arrivée»."""
    member = queries.profile(actor(), slug)
    act(lambda: whereabouts.watch(actor(), watched_id=member.id, now=now()))
    toast(_("We write to you when %(name)s arrives.", name=member.name))
    return redirect_to("members.show", slug=slug)


@pages.post("/annuaire/<slug>/ne-plus-attendre", en="/directory/<slug>/stop-awaiting", may=members)
def unwatch(slug: str) -> ResponseReturnValue:
    """No longer wait for somebody."""
    member = queries.profile(actor(), slug)
    act(lambda: whereabouts.unwatch(actor(), watched_id=member.id))
    toast(_("You no longer wait for %(name)s.", name=member.name))
    return back_or("members.show", slug=slug)
