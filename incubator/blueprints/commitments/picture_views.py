"""Pictures of a site: when people come, and who helps whom."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.commitments import board_words, figures
from incubator.blueprints.commitments.looking import noted
from incubator.blueprints.commitments.routes import pages
from incubator.blueprints.commitments.site_views import own_site
from incubator.blueprints.commitments.views import managed_sites
from incubator.domain.commitments import giving, heat, heat_rules
from incubator.domain.commitments.rules import Span
from incubator.edge.access import managers
from incubator.edge.actor import actor
from incubator.edge.clock import today
from incubator.edge.numbers import whole
from incubator.edge.pages import render, url
from incubator.network.sites import queries as sites

if TYPE_CHECKING:
    from datetime import date

    from flask.typing import ResponseReturnValue


MONTHS = (1, 3, 12)
A_MONTH = timedelta(days=30)


@pages.get("/heures/site/<slug>/affluence", en="/hours/site/<slug>/busy", may=managers)
def site_heat(slug: str) -> ResponseReturnValue:
    """Weekday by hour: the median and the peak against the desks."""
    site = own_site(slug)
    weeks = request.args.get("weeks", type=whole)
    chosen = weeks if weeks in heat.WEEKS else heat.WEEKS[1]
    cells = heat.cells_of(site, today(site.time_zone), chosen)
    return render(
        "commitments/heat.html",
        site=site,
        own_sites=managed_sites(),
        views=board_words.views_of(site, "heat"),
        weeks=[
            (
                _("%(num)s weeks", num=number),
                url("commitments.site_heat", slug=slug, weeks=number),
                number == chosen,
                None,
            )
            for number in heat.WEEKS
        ],
        picture=figures.week(cells, site),
        hours=heat_rules.hours_shown(cells),
        days=board_words.weekday_names("wide"),
        cells={(cell.weekday, cell.hour): cell for cell in cells},
        busiest=max(cells, key=lambda cell: (cell.median, cell.peak), default=None),
    )


@pages.get("/heures/site/<slug>/entraide", en="/hours/site/<slug>/help", may=managers)
def site_giving(slug: str) -> ResponseReturnValue:
    """Who helps whom: firms, cities, and those who are alone."""
    site = own_site(slug)
    span, months = asked_span(today(site.time_zone))
    found = giving.of_site(site.id, span)
    noted(actor(), [one.id for one in found.isolated], page="giving", site_id=site.id)
    names = figures.city_names(sites.open_places())
    return render(
        "commitments/giving.html",
        site=site,
        own_sites=managed_sites(),
        views=board_words.views_of(site, "giving"),
        months=span_choices("commitments.site_giving", months, slug=slug),
        found=found,
        site_names=names,
        firms=figures.matrix(found.between_firms, found.firms),
        cities=figures.matrix(found.between_sites, names, hides_few=True),
        unseen=any(cell.hidden for cell in found.between_sites.cells.values()),
    )


def asked_span(this_day: date) -> tuple[Span, int]:
    """The last months that the address asks for: one, three or twelve of thirty days."""
    asked = request.args.get("months", type=whole)
    months = asked if asked in MONTHS else MONTHS[1]
    return Span(this_day - months * A_MONTH, this_day + timedelta(days=1)), months


def span_choices(endpoint: str, chosen: int, **values: Any) -> list[tuple[str, str, bool, None]]:
    """The lengths of time that a page may look back."""
    labels = {1: _("30 days"), 3: _("3 months"), 12: _("1 year")}
    return [
        (labels[number], url(endpoint, months=number, **values), number == chosen, None)
        for number in MONTHS
    ]
