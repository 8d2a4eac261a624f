"""How well mutual credit fares, for those who run the network: figures, and what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from incubator.blueprints.credit.routes import ROOT, ROOT_EN, pages
from incubator.domain.exchanges.ledger import health as figures
from incubator.domain.exchanges.ledger import switch as switches
from incubator.edge import spreadsheets
from incubator.edge.access import administrators
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.formats import euros, number, plural_of
from incubator.edge.locale import time_zone
from incubator.edge.pages import render

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.exchanges.ledger.health import Health

# Yardsticks: debts in months of trade (IRTA warns of 2.5 to 3.0 for an exchange's own deficit).
WATCH_MONTHS, ALARM_MONTHS = 2.5, 3.0
WATCH_DAYS, ALARM_DAYS = 90, 180
WATCH_IDLE, ALARM_IDLE = 0.3, 0.5
WATCH_TOP, ALARM_TOP = 0.4, 0.6


class Figure(NamedTuple):
    """A figure: what it is, how much, how it looks («fine», «watch», «alarm», «» of none)."""

    label: str
    value: str
    mark: str
    words: str


@pages.get(f"{ROOT}/sante", en=f"{ROOT_EN}/health", may=administrators)
def health() -> ResponseReturnValue:
    """The health of the network."""
    told = figures.health(actor(), now=now())
    return render(
        "credit/health.html",
        on=switches.is_on(),
        told=told,
        figures=_figures(told),
        marks=MARKS,
    )


@pages.get(f"{ROOT}/sante.csv", en=f"{ROOT_EN}/health.csv", may=administrators)
def health_csv() -> ResponseReturnValue:
    """The same as a table."""
    told = figures.health(actor(), now=now())
    day = today(actor().time_zone)
    rows = [
        (day, each.label, each.value, str(MARKS[each.mark]) if each.mark else "")
        for each in _figures(told)
    ]
    header = (_("Day"), _("Figure"), _("Value"), _("How it looks"))
    kind = request.args.get("kind", "")
    return spreadsheets.answer(
        f"credit-{day.isoformat()}", header, rows, kind=kind, zone=time_zone()
    )


MARKS: Final = {"fine": _l("good"), "watch": _l("to watch"), "alarm": _l("act on it")}
# What each figure is called, and what it means in plain words.
TOLD: Final = {
    "firms": (_l("Firms that take part"), _l("With an open account.")),
    "volume": (
        _l("Given and received in 90 days"),
        _l("What was accepted between firms, rounds of settling included."),
    ),
    "owed": (
        _l("Received and not yet given back"),
        _l("The sum of all balances below zero; others have given exactly as much."),
    ),
    "months": (
        _l("That, in months of trade"),
        _l(
            "A yardstick: up to 2.5 months is good; from 3 on, more is owed than trade brings "
            "back. Shorten new lines, and bring needs and offers together."
        ),
    ),
    "days": (
        _l("Days until what was earned is used"),
        _l(
            "Half of what firms gave was used within so many days. Long means that they find too "
            "little here: ask them what they need."
        ),
    ),
    "idle": (
        _l("Firms without any trade in 90 days"),
        _l("Call them: one need or offer published is often enough."),
    ),
    "top": (
        _l("Held by the top 5% of firms"),
        _l(
            "The share of all that was given beyond what was received. High means that a few give "
            "and find nothing to take."
        ),
    ),
}


def _figures(told: Health) -> list[Figure]:
    nothing = _("nothing to reckon from yet")
    months, days = told.months_owed, told.days_to_spend
    values = {
        "firms": str(told.firms),
        "volume": euros(told.quarter_cents),
        "owed": euros(-told.negative_cents),
        "months": nothing if months is None else _months(months),
        "days": nothing if days is None else _days(days),
        "idle": nothing if told.idle_share is None else _share(told.idle_share),
        "top": nothing if told.top_share is None else _share(told.top_share),
    }
    marks = {
        "months": _mark(months, WATCH_MONTHS, ALARM_MONTHS),
        "days": _mark(days, WATCH_DAYS, ALARM_DAYS),
        "idle": _mark(told.idle_share, WATCH_IDLE, ALARM_IDLE),
        "top": _mark(told.top_share, WATCH_TOP, ALARM_TOP),
    }
    return [
        Figure(str(label), values[key], marks.get(key, ""), str(words))
        for key, (label, words) in TOLD.items()
    ]


def _months(value: float) -> str:
    told = round(value, 1)
    return ngettext("%(n)s month", "%(n)s months", plural_of(told), n=number(told))


def _days(value: float) -> str:
    told = round(value, 1)
    return ngettext("%(n)s day", "%(n)s days", plural_of(told), n=number(told))


def _number(value: float) -> str:
    return number(round(value, 1))


def _share(share: float) -> str:
    return _("%(n)s %%", n=_number(100 * share))


def _mark(value: float | None, watch: float, alarm: float) -> str:
    if value is None:
        return ""
    if value >= alarm:
        return "alarm"
    return "watch" if value >= watch else "fine"
