"""Saying that one is on site, who may know, and waiting for somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from incubator.blueprints.presence.forms import PresenceForm
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.formats import clock
from incubator.edge.forms import act, attempt
from incubator.edge.pages import Pages, back_or, redirect_to, toast
from incubator.network.members import audiences, present, queries, whereabouts
from incubator.network.members.audience import EVERYTHING_AS_USUAL
from incubator.network.sites import queries as sites
from incubator.network.sites.rules import status_at

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

pages = Pages("presence", __name__)


@pages.form("/moi/presence", en="/me/presence", may=members)
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


@pages.post("/sites/<slug>/arrivee", en="/sites/<slug>/arrival", may=members)
def arrive(slug: str) -> ResponseReturnValue:
    """«Je suis sur place»."""
    reader = actor()
    site = sites.with_address(slug)
    status = status_at(sites.timetables([site], now())[site.id], now())
    row = act(lambda: whereabouts.arrive(reader, site_id=site.id, now=now(), closes=status.until))
    until = clock(row.until, site.time_zone) if row.until else ""
    chosen = audiences.audiences_of([reader.id]).get(reader.id, EVERYTHING_AS_USUAL)
    if chosen.of("presence") == "me":
        toast(_("Noted until %(clock)s, for you alone. Choose who else may know.", clock=until))
        return redirect_to("presence.settings")
    toast(_("You are on site until %(clock)s. Have a good day!", clock=until))
    return back_or("sites.show", slug=slug)


@pages.post("/moi/depart", en="/me/departure", may=members)
def depart() -> ResponseReturnValue:
    """«Je m’en vais»."""
    act(lambda: whereabouts.depart(actor(), now=now()))
    toast(_("Noted: you have left. See you soon!"))
    return back_or("home.index")


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
