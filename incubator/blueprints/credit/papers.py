"""The statement of a firm for a period: a table, or paper with the head of the chain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.credit import words
from incubator.blueprints.credit.routes import FIRM, ROOT, ROOT_EN, pages
from incubator.blueprints.credit.tables import sides
from incubator.blueprints.credit.views import deal_of, deals_of
from incubator.domain.exchanges.ledger import statements
from incubator.edge import paper, spreadsheets
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import today
from incubator.edge.formats import day as day_words
from incubator.edge.formats import long_day
from incubator.edge.locale import language, time_zone
from incubator.edge.paper import Column
from incubator.edge.state import settings
from incubator.kernel.errors import Refusal
from incubator.kernel.text import slugify
from incubator.network.members.firm_queries import with_id
from incubator.network.sites.rules import instant_of

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.exchanges.ledger.statements import Line, Period
    from incubator.network.members.firm_models import Firm


@dataclass(frozen=True)
class Asked:
    """A statement as the address asks for it, its days included."""

    firm: Firm
    first: date
    last: date
    told: Period


@pages.get(
    f"{ROOT}/compte/{FIRM}/releve.csv", en=f"{ROOT_EN}/account/{FIRM}/statement.csv", may=members
)
def statement_csv(firm_id: int) -> ResponseReturnValue:
    """The statement of a period as a table: opening, lines, closing, the head of the chain."""
    asked = _asked(firm_id)
    header = (
        _("Day"),
        _("What"),
        _("Given (€)"),
        _("Received (€)"),
        _("Balance given (€)"),
        _("Balance received (€)"),
        _("Deal"),
        _("Reason"),
        _("Link"),
    )
    told, deals = asked.told, deals_of(asked.told.lines)
    balance = told.opening
    rows: list[tuple[spreadsheets.Cell, ...]] = [
        (asked.first, _("Balance before"), "", "", *sides(balance))
    ]
    for line in told.lines:
        balance += line.cents
        deal = deal_of(line, deals)
        rows.append(
            (
                line.at,
                words.what(line),
                *sides(line.cents),
                *sides(balance),
                deal[1] if deal else "",
                line.reason,
                line.link,
            )
        )
    rows.append((asked.last, _("Balance after"), "", "", *sides(told.closing)))
    head = (told.head.hash, "", told.head.length)
    rows.append((asked.last, _("Head of the chain"), "", "", "", "", *head))
    kind = request.args.get("kind", "")
    return spreadsheets.answer(_name(asked), header, rows, kind=kind, zone=time_zone())


@pages.get(
    f"{ROOT}/compte/{FIRM}/releve.pdf", en=f"{ROOT_EN}/account/{FIRM}/statement.pdf", may=members
)
def statement_pdf(firm_id: int) -> ResponseReturnValue:
    """The same on paper."""
    asked = _asked(firm_id)
    told, reader = asked.told, actor()
    sheet = paper.Paper(
        title=_("Mutual credit of %(firm)s", firm=asked.firm.name),
        foot=f"{settings().network_name} · {asked.firm.name}",
        language=language(),
        made_at=_end(asked.last, reader.time_zone),
    )
    span = {"first": long_day(asked.first), "last": long_day(asked.last)}
    sheet.words(_("From %(first)s to %(last)s.", **span), pale=True)
    sheet.words(_("Before: %(words)s", words=words.standing(told.opening)))
    sheet.heading(_("Given and received"))
    deals, balance, cells = deals_of(told.lines), told.opening, []
    for line in told.lines:
        balance += line.cents
        deal = deal_of(line, deals)
        cells.append(_cells(line, deal[1] if deal else line.reason, balance))
    sheet.grid(_columns(), cells)
    sheet.ln(4)
    sheet.words(_("After: %(words)s", words=words.standing(told.closing)), size=12)
    sheet.words(
        _(
            "Head of the chain at the end: link %(number)s, %(hash)s.",
            number=told.head.length,
            hash=told.head.hash,
        ),
        pale=True,
        size=8,
    )
    sheet.words(
        _("A record between members of what was given and received; it is not money."),
        pale=True,
        size=8,
    )
    return sheet.response(_name(asked))


def _asked(firm_id: int) -> Asked:
    reader = actor()
    this_day = today(reader.time_zone)
    last = _day("last", this_day)
    first = _day("first", date(last.year, 1, 1))
    told = statements.period(
        reader,
        firm_id=firm_id,
        first=instant_of(first, 0, reader.time_zone),
        until=_end(last, reader.time_zone),
        today=this_day,
    )
    return Asked(with_id(firm_id), first, last, told)


def _day(name: str, usual: date) -> date:
    typed = request.args.get(name, "")
    if not typed:
        return usual
    try:
        found = date.fromisoformat(typed)
    except ValueError:
        raise Refusal("ledger.period", field=name) from None
    if not date(2000, 1, 1) <= found <= date(2999, 12, 31):
        raise Refusal("ledger.period", field=name)
    return found


def _end(last: date, zone: str) -> datetime:
    return instant_of(last + timedelta(days=1), 0, zone)


def _columns() -> list[Column]:
    return [
        Column(_("Day"), 24),
        Column(_("What"), 50),
        Column(_("Deal"), 38),
        Column(_("Given and received"), 31, right=True),
        Column(_("Balance"), 31, right=True),
    ]


def _cells(line: Line, deal: str, balance: int) -> list[str]:
    return [
        day_words(line.at),
        words.what(line),
        deal,
        words.moved(line.cents),
        words.short(balance),
    ]


def _name(asked: Asked) -> str:
    name = slugify(_("mutual credit statement"))
    return f"{name}-{slugify(asked.firm.name)}-{asked.first.isoformat()}-{asked.last.isoformat()}"
