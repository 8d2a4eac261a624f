"""What the network learns from its threads: one's own numbers, a site's, the best answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.help import figures_shown
from incubator.blueprints.help.pages import pages
from incubator.domain.help.learning import best, figures
from incubator.domain.help.learning.figure_rules import first_of, months_before, next_month
from incubator.edge import spreadsheets
from incubator.edge.access import members, signed_in
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.locale import time_zone
from incubator.edge.pages import render
from incubator.kernel.errors import NotFound
from incubator.network.sites import queries as sites

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from incubator.network.members.actor import Actor
    from incubator.network.sites.models import Site

MONTHS_SHOWN = 12
FIRST = date(2000, 1, 1)


@dataclass(frozen=True)
class Scope:
    """What a manager looks at: a month, and one of their sites or (administrators) all of them."""

    month: date
    site: Site | None
    choices: Sequence[Site]

    @property
    def site_id(self) -> int | None:
        """The site's number; None for the whole network."""
        return self.site.id if self.site else None


def asked_month(this_day: date) -> date:
    """The month that the address names, else the present one; none is in the future."""
    try:
        asked = date.fromisoformat(f"{request.args.get('month', '')}-01")
    except ValueError:
        return first_of(this_day)
    return max(FIRST, min(asked, first_of(this_day)))


def scope_of(reader: Actor) -> Scope | None:
    """What a manager asks for; None for whoever runs no site, NotFound for another's."""
    if not reader.is_manager:
        return None
    choices = [site for site in sites.open_sites() if reader.manages(site.id)]
    month, slug = asked_month(today("UTC")), request.args.get("site", "")
    if slug:
        chosen = next((site for site in choices if site.slug == slug), None)
        if chosen is None:
            raise NotFound("sites.site")
        return Scope(month, chosen, choices)
    if reader.is_administrator or not choices:
        return Scope(month, None, choices)
    return Scope(month, choices[0], choices)


@pages.get("/entraide/apprendre", en="/help/learn", may=members)
def learn() -> ResponseReturnValue:
    """How help goes: one's own numbers, and for managers those of their sites."""
    reader = actor()
    scope = scope_of(reader)
    kind = request.args.get("kind", "")
    if scope and kind in spreadsheets.KINDS:
        return _file(scope, kind)
    values = _board(reader, scope) if scope else {}
    return render("help/learn.html", own=figures.own(reader, now=now()), scope=scope, **values)


def _board(reader: Actor, scope: Scope) -> dict[str, Any]:
    months, instant = months_before(scope.month, MONTHS_SHOWN), now()
    site_id = scope.site_id
    trend = figures.trend(months, site_id)
    network = trend if site_id is None else figures.trend(months, None)
    missing = figures.coverage(site_id, now=instant)
    waiting = figures.unanswered(reader, site_id, now=instant)
    this = first_of(today("UTC"))
    return {
        "months": months,
        "trend": trend,
        "told": trend.get(scope.month),
        "pictures": figures_shown.pictures(months, trend, network),
        "by_site": figures.by_site(scope.month, [site.id for site in scope.choices]),
        "by_skill": figures.by_skill(scope.month, site_id),
        "coverage": missing,
        "waiting": figures_shown.by_waiting(waiting, instant),
        "mentors": figures.mentors(reader, site_id, now=instant),
        "earlier": months[-2],
        "later": next_month(scope.month) if scope.month < this else None,
        "shown": figures_shown,
    }


def _file(scope: Scope, kind: str) -> ResponseReturnValue:
    """The figures of the month by site and skill as a file."""
    sites_told = figures.by_site(scope.month, [site.id for site in scope.choices])
    whole = figures.trend([scope.month], scope.site_id).get(scope.month)
    where = scope.site.name if scope.site else _("The whole network")
    rows = [(where, "", *figures_shown.cells(whole))] if whole else []
    rows += [
        (site.name, "", *figures_shown.cells(sites_told[site.id]))
        for site in scope.choices
        if site.id in sites_told and site.id != scope.site_id
    ]
    rows += [
        (where, skill.name_in(actor().language), *figures_shown.cells(told))
        for skill, told in figures.by_skill(scope.month, scope.site_id)
    ]
    name = f"{_('mutual-help')}-{scope.month:%Y-%m}"
    header = (_("Site"), _("Skill"), *figures_shown.header())
    return spreadsheets.answer(name, header, rows, kind=kind, zone=time_zone())


@pages.get("/entraide/meilleures-reponses", en="/help/best-answers", may=signed_in)
def best_answers() -> ResponseReturnValue:
    """The answers of a month that were of most use, among those one may read."""
    this = today("UTC")
    month = asked_month(this)
    return render(
        "help/best.html",
        month=month,
        found=best.best_of(actor(), month),
        earlier=first_of(month - timedelta(days=1)),
        later=next_month(month) if month < first_of(this) else None,
    )
