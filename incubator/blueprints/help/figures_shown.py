"""Figures of help in words and pictures: percentages, durations, small charts with their table."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flask_babel import gettext as _

from incubator.domain.help.learning.figure_rules import DAY, FEW
from incubator.edge.art import spark
from incubator.edge.formats import month as month_words
from incubator.kernel.hours import format_minutes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from markupsafe import Markup

    from incubator.domain.help.learning.models import MonthFigures
    from incubator.domain.help.models import Question
    from incubator.edge.spreadsheets import Cell

WHOLE = 100  # percent
UNKNOWN = "–"


class Picture(NamedTuple):
    """A small chart of some months, its title and the value of the last one."""

    title: str
    last: str
    drawn: Markup


class Waiting(NamedTuple):
    """Questions that nobody has replied to for so many days."""

    days: int
    questions: Sequence[Question]


def share(part: int, whole: int) -> int | None:
    """A part in percent of a whole; None of nothing."""
    return part * WHOLE // whole if whole else None


def percent(part: int, whole: int) -> str:
    """The same in words."""
    value = share(part, whole)
    return UNKNOWN if value is None else f"{value}\u00a0%"


def duration(minutes: int | None, number: int) -> str:
    """A duration, unless it tells of so few that it would tell of somebody."""
    return UNKNOWN if minutes is None or number < FEW else format_minutes(minutes)


def _reply(told: MonthFigures | None) -> int | None:
    return told.reply_median if told and told.replied >= FEW else None


def _solution(told: MonthFigures | None) -> int | None:
    return told.solved_median if told and told.solved >= FEW else None


def _day(told: MonthFigures | None) -> int | None:
    return share(told.within_24, told.asked) if told else None


def pictures(
    months: Sequence[date],
    trend: Mapping[date, MonthFigures],
    network: Mapping[date, MonthFigures],
) -> list[Picture]:
    """The months as small charts: bars of what is looked at, strokes of the network."""
    measures = (
        (_("Answered within 24 hours"), _day, lambda value: f"{value}\u00a0%"),
        (_("First reply, median"), _reply, format_minutes),
        (_("Solution, median"), _solution, format_minutes),
    )
    made = []
    for title, measure, words in measures:
        values = [measure(trend.get(month)) for month in months]
        middles = [measure(network.get(month)) for month in months]
        last = UNKNOWN if values[-1] is None else words(values[-1])
        span = _(
            "%(what)s from %(first)s to %(last)s; the last one: %(value)s.",
            what=title,
            first=month_words(months[0]),
            last=month_words(months[-1]),
            value=last,
        )
        made.append(Picture(title, last, spark(values, middles, span)))
    return made


def by_waiting(questions: Iterable[Question], instant: datetime) -> list[Waiting]:
    """Unanswered questions by how long they wait: three days and more, two, one."""
    found: dict[int, list[Question]] = {3: [], 2: [], 1: []}
    for each in questions:
        found[min(3, (instant - each.asked_at) // DAY)].append(each)
    return [Waiting(days, some) for days, some in found.items() if some]


def header() -> tuple[str, ...]:
    """What the columns of the file are called."""
    return (
        _("Questions"),
        _("Answered"),
        _("within 24 hours"),
        _("within 48 hours"),
        _("within 72 hours"),
        _("Of use"),
        _("Solved"),
        _("Reopened"),
        _("First reply, median (minutes)"),
        _("First reply, nine tenths (minutes)"),
        _("First reply, median (working minutes)"),
        _("First reply, nine tenths (working minutes)"),
        _("Solution, median (minutes)"),
        _("Solution, nine tenths (minutes)"),
        _("Solution, median (working minutes)"),
        _("Solution, nine tenths (working minutes)"),
    )


def cells(told: MonthFigures) -> tuple[Cell, ...]:
    """A line of the file; times of few questions are left out."""
    replied, solved = told.replied >= FEW, told.solved >= FEW
    replies = (told.reply_median, told.reply_most, told.reply_median_work, told.reply_most_work)
    times = (told.solved_median, told.solved_most, told.solved_median_work, told.solved_most_work)
    return (
        told.asked,
        told.replied,
        told.within_24,
        told.within_48,
        told.within_72,
        told.useful,
        told.solved,
        told.reopened,
        *(value if replied else None for value in replies),
        *(value if solved else None for value in times),
    )
