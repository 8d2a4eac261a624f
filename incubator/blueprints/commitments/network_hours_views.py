"""The hours of the whole network: between cities, side by side, solidarity, trust."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.commitments import board_words, figures
from incubator.blueprints.commitments.picture_views import asked_span, span_choices
from incubator.blueprints.commitments.routes import pages
from incubator.domain.commitments import comparison, giving, health, rules, solidarity
from incubator.edge import spreadsheets
from incubator.edge.access import administrators, members
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.locale import time_zone
from incubator.edge.numbers import whole
from incubator.edge.pages import redirect_to, render, toast, url
from incubator.network.sites import queries as sites

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

FIRST_YEAR = 2000
YEARS = 4


@pages.get("/heures/reseau", en="/hours/network", may=members)
def network_giving() -> ResponseReturnValue:
    """Who helps whom between cities: every member may see that mutual aid goes round."""
    reader = actor()
    span, months = asked_span(today(reader.time_zone))
    found = giving.between_sites(span)
    names = figures.city_names(sites.open_places())
    return render(
        "commitments/network_giving.html",
        found=found,
        site_names=names,
        picture=figures.matrix(found, names, hides_few=True),
        months=span_choices("commitments.network_giving", months),
        views=board_words.network_views("cities") if reader.is_administrator else [],
    )


@pages.get("/heures/reseau/sites", en="/hours/network/sites", may=members)
def network_sites() -> ResponseReturnValue:
    """Sites side by side, per member, with the network's median."""
    found = comparison.side_by_side(now())
    kind = request.args.get("kind", "")
    shown = sites.open_sites()
    if kind in spreadsheets.KINDS:
        return _side_by_side_file(found, kind)
    return render(
        "commitments/network_sites.html",
        found=found,
        shown=shown,
        measures=board_words.MEASURES,
        small=figures.small,
        figure=figures.figure,
        views=board_words.network_views("sites") if actor().is_administrator else [],
    )


def _side_by_side_file(found: comparison.Comparison, kind: str) -> ResponseReturnValue:
    header = (
        _("Site"),
        _("Period"),
        _("Presence per member (minutes)"),
        _("Shared time per member (minutes)"),
        _("Began with a debt (percent)"),
        _("Slots covered (percent)"),
    )
    rows = [
        (
            site.name,
            period.label,
            *(found.of(site.id, period.id, measure) for measure in comparison.MEASURES),
        )
        for site in sites.open_sites()
        for period in found.periods
    ]
    return spreadsheets.answer(_("sites"), header, rows, kind=kind, zone=time_zone())


@pages.get("/heures/reseau/solidarite", en="/hours/network/solidarity", may=members)
def network_solidarity() -> ResponseReturnValue:
    """The year of the pool, of gifts, of what was waived and of reliefs."""
    this_year = today(actor().time_zone).year
    year = request.args.get("year", type=whole) or this_year
    year = min(max(year, FIRST_YEAR), this_year)
    return render(
        "commitments/network_solidarity.html",
        year=year,
        found=solidarity.year_of(rules.year_of(date(year, 1, 1))),
        years=[
            (str(one), url("commitments.network_solidarity", year=one), one == year, None)
            for one in range(this_year, this_year - YEARS, -1)
        ],
        reliefs=board_words.RELIEFS,
        views=board_words.network_views("solidarity") if actor().is_administrator else [],
    )


@pages.get("/heures/reseau/confiance", en="/hours/network/trust", may=administrators)
def network_health() -> ResponseReturnValue:
    """Whether the numbers can be trusted: the last tick, open periods, the last proof, screens."""
    return render(
        "commitments/network_health.html",
        health=health.health(now()),
        views=board_words.network_views("health"),
    )


@pages.post("/heures/reseau/confiance/prouver", en="/hours/network/trust/prove", may=administrators)
def network_prove() -> ResponseReturnValue:
    """Prove every invariant again, and keep the result."""
    proof = health.prove(actor(), now())
    if proof.faults:
        toast(_("Something does not hold: see below."), "sorry")
    else:
        toast(_("Every proof holds."))
    return redirect_to("commitments.network_health")
