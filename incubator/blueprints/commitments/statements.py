"""The statement of a period, as a table or on paper: what the ledger held on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.commitments import words
from incubator.blueprints.commitments.routes import pages
from incubator.blueprints.commitments.views import asked_day
from incubator.domain.commitments import journal, journal_rules
from incubator.domain.commitments.periods import period_on
from incubator.edge import paper, spreadsheets
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.formats import day as day_words
from incubator.edge.formats import long_day, month
from incubator.edge.locale import language, time_zone
from incubator.edge.paper import Column
from incubator.edge.state import settings
from incubator.kernel.errors import NotFound
from incubator.kernel.hours import format_minutes
from incubator.kernel.text import slugify
from incubator.network.sites import queries as sites
from incubator.network.sites.rules import instant_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from incubator.domain.commitments.journal_rules import Entry, Sums
    from incubator.domain.commitments.models import Contribution, Period
    from incubator.network.sites.queries import Place


@dataclass(frozen=True)
class Statement:
    """A member's period as the ledger had it at the end of a day."""

    period: Period
    as_of: date
    instant: datetime
    lines: Sequence[Line]
    sums: Sums


@dataclass(frozen=True)
class Line:
    """A line of a statement."""

    day: date | None
    what: str
    site: str
    with_name: str
    confirmed_by: str
    minutes: int
    total: int | None
    number: int


def statement() -> Statement:
    """The statement that the address asks for; raise NotFound where there is no period yet.

    ``as_of`` is a day: only what was written by its end is told. Today when it is left out.
    """
    reader = actor()
    this_day = today(reader.time_zone)
    period = period_on(asked_day(this_day))
    if period is None:
        raise NotFound("commitments.period")
    as_of = _as_of(this_day)
    end = instant_of(as_of + timedelta(days=1), 0, reader.time_zone)
    instant = min(end - timedelta(microseconds=1), now())
    entries = journal.entries_of(reader.id, period.id, until=instant)
    facts = journal.facts_named(
        one.source_id for one in entries if one.source_type == journal_rules.HELP
    )
    places = {place.id: place for place in sites.open_places()}
    lines = [
        _line(one, facts.get(one.source_id or 0), places.get(one.site_id or 0)) for one in entries
    ]
    return Statement(period, as_of, instant, lines, journal_rules.sums(entries))


def _as_of(this_day: date) -> date:
    try:
        return min(date.fromisoformat(request.args["as_of"]), this_day)
    except (KeyError, ValueError):
        return this_day


def _line(entry: Entry, fact: Contribution | None, place: Place | None) -> Line:
    title = words.entry_title(entry, place.name if place else "")[0]
    return Line(
        day=entry.shown_on,
        what=fact.kind.name_in(language()) if fact else title,
        site=place.name if place else "",
        with_name=words.helped(fact) if fact else "",
        confirmed_by=words.decider(fact) if fact else "",
        minutes=entry.minutes,
        total=entry.total,
        number=entry.line_id,
    )


@pages.get("/heures/releve.csv", en="/hours/statement.csv", may=members)
def statement_csv() -> ResponseReturnValue:
    """My statement of a period as a table."""
    told = statement()
    header = (
        _("Day"),
        _("Activity"),
        _("Site"),
        _("With"),
        _("Confirmed by"),
        _("Minutes"),
        _("Total"),
        _("Line"),
        _("As of"),
    )
    table = (
        (
            line.day,
            line.what,
            line.site,
            line.with_name,
            line.confirmed_by,
            line.minutes,
            line.total,
            line.number,
            told.as_of,
        )
        for line in told.lines
    )
    kind = request.args.get("kind", "")
    return spreadsheets.answer(_name(told), header, table, kind=kind, zone=time_zone())


@pages.get("/heures/releve.pdf", en="/hours/statement.pdf", may=members)
def statement_pdf() -> ResponseReturnValue:
    """My statement of a period on paper."""
    reader, told = actor(), statement()
    sheet = paper.Paper(
        title=_("Statement of hours, %(month)s", month=month(told.period.starts_on)),
        foot=f"{settings().network_name} · {reader.name}",
        language=language(),
        made_at=told.instant,
    )
    sheet.words(reader.name, size=12)
    sheet.words(
        _("From %(first)s to %(last)s.", first=long_day(told.period.starts_on), last=_last(told)),
        pale=True,
    )
    sheet.words(_("As of %(day)s.", day=long_day(told.as_of)) + " " + _state(told), pale=True)
    sheet.heading(_("How it adds up"))
    sheet.pairs(_pairs(told.sums))
    sheet.heading(_("Line by line"))
    sheet.grid(_columns(), [_cells(line) for line in told.lines])
    sheet.ln(4)
    sheet.words(
        _("The ledger is only ever added to: a correction is a line of its own."), pale=True, size=8
    )
    return sheet.response(_name(told))


def _name(told: Statement) -> str:
    name = slugify(_("statement"))
    return f"{name}-{told.period.starts_on:%Y-%m}-{told.as_of.isoformat()}"


def _last(told: Statement) -> str:
    return long_day(told.period.span.last_day)


def _state(told: Statement) -> str:
    closed = told.period.closed_at
    if closed is not None and closed <= told.instant:
        return _("The period is closed.")
    return _("The period was not closed yet: this may still change.")


def _pairs(sums: Sums) -> list[tuple[str, str]]:
    pairs = [
        (_("Brought along"), sums.carried),
        (_("Given"), sums.given),
        (_("Corrections and gifts"), sums.corrected),
        (_("Promised"), -sums.owed),
        (_("Balance"), sums.balance),
    ]
    return [(label, format_minutes(minutes)) for label, minutes in pairs]


def _columns() -> list[Column]:
    return [
        Column(_("Day"), 24),
        Column(_("Activity"), 52),
        Column(_("With"), 34),
        Column(_("Confirmed by"), 34),
        Column(_("Hours"), 15, right=True),
        Column(_("Total"), 15, right=True),
    ]


def _cells(line: Line) -> list[str]:
    return [
        day_words(line.day) if line.day else "–",
        line.what,
        line.with_name or "–",
        line.confirmed_by or "–",
        format_minutes(line.minutes),
        format_minutes(line.total) if line.total is not None else "–",
    ]
