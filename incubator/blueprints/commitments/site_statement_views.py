"""The statement of a site's period: on the page, as a table, on paper; any past day again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.commitments import board_words
from incubator.blueprints.commitments.looking import noted
from incubator.blueprints.commitments.routes import pages
from incubator.blueprints.commitments.site_views import own_site
from incubator.blueprints.commitments.views import managed_sites
from incubator.domain.commitments import statements as site_statements
from incubator.domain.commitments.presence_rules import day_start
from incubator.edge import paper, spreadsheets
from incubator.edge.access import managers
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.formats import long_day, month
from incubator.edge.locale import language
from incubator.edge.pages import render
from incubator.edge.paper import Column
from incubator.edge.state import settings
from incubator.kernel.errors import NotFound
from incubator.kernel.hours import format_minutes
from incubator.kernel.text import slugify

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Response
    from flask.typing import ResponseReturnValue

    from incubator.domain.commitments.models import Period
    from incubator.domain.commitments.statement_rules import Sums
    from incubator.domain.commitments.statements import Statement
    from incubator.network.sites.models import Site

DAY = timedelta(days=1)
HOUR = 60


@dataclass(frozen=True)
class Asked:
    """What the address asks for: a site's period as known at the end of a day."""

    site: Site
    as_of: date
    periods: Sequence[Period]
    statement: Statement


def _asked(slug: str) -> Asked:
    """The statement of an address; the looks are written. Raise NotFound, NotAllowed."""
    site = own_site(slug)
    told = _read(site)
    seen = [row.member_id for row in told.statement.rows]
    noted(actor(), seen, page="statement_site", site_id=site.id)
    return told


def _read(site: Site) -> Asked:
    this_day = today(site.time_zone)
    periods = site_statements.periods()
    period = _period(periods, this_day)
    as_of = _as_of(this_day)
    end = day_start(as_of + DAY, site.time_zone) - timedelta(microseconds=1)
    known_at = min(end, now())
    return Asked(site, as_of, periods, site_statements.of_site(site.id, period, known_at))


def _period(periods: Sequence[Period], this_day: date) -> Period:
    """The period that the address names by a month, else the last that is over, else today's."""
    named = request.args.get("month", "")
    found = [one for one in periods if f"{one.starts_on:%Y-%m}" == named]
    over = [one for one in periods if one.ends_on <= this_day]
    current = [one for one in periods if one.starts_on <= this_day]
    for some in (found, over, current):
        if some:
            return some[0]
    raise NotFound("commitments.period")


def _as_of(this_day: date) -> date:
    try:
        return min(date.fromisoformat(request.args["as_of"]), this_day)
    except (KeyError, ValueError):
        return this_day


@pages.get("/heures/site/<slug>/releve", en="/hours/site/<slug>/statement", may=managers)
def site_statement(slug: str) -> ResponseReturnValue:
    """Due, done here and elsewhere, help, waived, gifted: a line a member."""
    told = _asked(slug)
    return render(
        "commitments/site_statement.html",
        site=told.site,
        own_sites=managed_sites(),
        statement=told.statement,
        periods=told.periods,
        as_of=told.as_of,
        today=today(told.site.time_zone),
        views=board_words.views_of(told.site, "statement"),
    )


@pages.get("/heures/site/<slug>/releve.csv", en="/hours/site/<slug>/statement.csv", may=managers)
def site_statement_file(slug: str) -> ResponseReturnValue:
    """The statement as a table: CSV in two dialects, or XLSX (``kind``)."""
    told = _asked(slug)
    kind = request.args.get("kind", "")
    rows: list[list[spreadsheets.Cell]] = [
        [row.name, *_minutes(row.sums), told.as_of] for row in told.statement.rows
    ]
    header = (
        _("Name"),
        *(_("%(label)s (minutes)", label=label) for label in _labels()),
        _("As of"),
    )
    zone = told.site.time_zone
    return spreadsheets.answer(_name(told), header, rows, kind=kind, zone=zone)


@pages.get("/heures/site/<slug>/releve.pdf", en="/hours/site/<slug>/statement.pdf", may=managers)
def site_statement_pdf(slug: str) -> Response:
    """The statement on paper, for the assembly."""
    told = _asked(slug)
    statement = told.statement
    sheet = paper.Paper(
        title=_(
            "Statement of %(site)s, %(month)s",
            site=told.site.name,
            month=month(statement.period.starts_on),
        ),
        foot=f"{settings().network_name} · {told.site.name}",
        language=language(),
        made_at=statement.known_at,
    )
    sheet.words(_("As the ledger knew it on %(day)s.", day=long_day(told.as_of)), pale=True)
    sheet.words(_closed(statement), pale=True)
    sheet.ln(4)
    sheet.grid(_columns(), [[row.name, *_hours(row.sums)] for row in statement.rows])
    sheet.heading(_("Together"))
    sheet.pairs(list(zip(_labels(), _hours(statement.total), strict=True)))
    sheet.words(
        _(
            "Presence here of people whose promise is elsewhere: %(hours)s.",
            hours=format_minutes(statement.guests),
        )
    )
    sheet.words(
        _("The ledger is only ever added to: a correction is a line of its own."), pale=True, size=8
    )
    sheet.heading(_("Read and approved"))
    sheet.words(_("Day, name and signature:"))
    return sheet.response(_name(told))


def _closed(statement: Statement) -> str:
    closed = statement.period.closed_at
    if closed is not None and closed <= statement.known_at:
        return _("The period is closed.")
    return _("The period was not closed yet: this may still change.")


def _name(told: Asked) -> str:
    first = told.statement.period.starts_on
    words = slugify(_("statement"))
    return f"{words}-{told.site.slug}-{first:%Y-%m}-{told.as_of.isoformat()}"


def _labels() -> list[str]:
    return [
        _("Brought along"),
        _("Owed"),
        _("Here"),
        _("Elsewhere"),
        _("Shared"),
        _("Gifts"),
        _("Corrections"),
        _("Balance"),
        _("Waived"),
    ]


def _minutes(sums: Sums) -> list[int]:
    return [
        sums.carried,
        sums.owed,
        sums.here,
        sums.elsewhere,
        sums.help,
        sums.gifted,
        sums.late,
        sums.balance,
        sums.waived,
    ]


def _hours(sums: Sums) -> list[str]:
    return [format_minutes(minutes) if minutes else "–" for minutes in _minutes(sums)]


def _columns() -> list[Column]:
    widths = (17, 16, 15, 17, 14, 14, 19, 15, 14)
    numbers = [
        Column(label, width, right=True) for label, width in zip(_labels(), widths, strict=True)
    ]
    return [Column(_("Name"), 33), *numbers]
