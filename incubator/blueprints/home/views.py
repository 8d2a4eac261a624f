"""Today, preferences of the browser, health."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import jsonify, redirect, request, session

from incubator.edge import appearance
from incubator.edge.access import anybody, signed_in
from incubator.edge.actor import actor, viewer
from incubator.edge.clock import now
from incubator.edge.forms import act
from incubator.edge.locale import clocks_differ
from incubator.edge.locale import language as reads
from incubator.edge.pages import Pages, came_from, in_language, render
from incubator.edge.panels import day_of, panels_for, wanted_parts
from incubator.edge.titles import titles_for
from incubator.edge.today_rules import chosen
from incubator.kernel.settings import LANGUAGES
from incubator.network.accounts import commands as accounts
from incubator.network.sites.queries import place_of

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

pages = Pages("home", __name__)


@pages.get("/", may=signed_in)
def index() -> ResponseReturnValue:
    """What matters today for the person who reads: one sentence, their day, the panels."""
    reader = actor()
    site = place_of(reader.home_site_id)
    zone = site.time_zone if site else reader.time_zone
    parts, day = panels_for(reader, wanted_parts()), day_of(reader, zone)
    return render(
        "home/index.html",
        first_name=reader.name.split()[0],
        instant=now(),
        site=site,
        zone=zone,
        far=site is not None and clocks_differ(site.time_zone),
        panels=parts.slots,
        day=day,
        said=chosen([*day.facts, *parts.facts], now()),
    )


@pages.get("/plus", en="/more", may=signed_in)
def more() -> ResponseReturnValue:
    """The whole menu on one page, with the account and the display."""
    return render("home/more.html")


@pages.post("/preferences", may=anybody)
def preferences() -> ResponseReturnValue:
    """Language and theme, for members and visitors alike."""
    language = request.form.get("language")
    if language in LANGUAGES:
        session["language"] = language
        if viewer():
            act(lambda: accounts.choose_language(actor(), language))
    spoken = language if language in LANGUAGES else reads()
    response = redirect(in_language(came_from() or "/", spoken), 303)
    appearance.keep(response, "theme", request.form.get("theme"))
    return response


@pages.get("/liens/titres", en="/links/titles", may=signed_in)
def titles() -> ResponseReturnValue:
    """By address «a», what our own pages are called: of what the reader may read alone."""
    return jsonify(titles_for(actor(), request.args.getlist("a")))


@pages.get("/sante", en="/health", may=anybody)
def health() -> ResponseReturnValue:
    """Whether the product answers, for monitors."""
    return jsonify(status="ok")
