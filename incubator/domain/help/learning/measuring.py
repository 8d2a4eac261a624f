"""Figures of months, stored: written each hour for months that may still change, then settled."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select

from incubator.domain.help.learning.figure_rules import (
    WINDOW,
    Asked,
    Figures,
    figures,
    first_of,
    next_month,
)
from incubator.domain.help.learning.models import MonthFigures
from incubator.domain.help.models import Question, QuestionSkill
from incubator.kernel.db import db, transaction, utcnow
from incubator.kernel.schedule import hourly
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Mapping

MEASURE = "help.figures"
Subject = tuple[int | None, int | None]


@hourly(MEASURE)
def measure_due(payload: Mapping[str, Any]) -> None:
    """Measure every month that is not settled, each in a transaction of its own."""
    del payload
    now = utcnow()
    for month in due_months(now):
        with transaction():
            measure(month, now=now)


def due_months(now: datetime) -> list[date]:
    """The months with questions whose figures may still change, the oldest first."""
    first = db.session.scalar(select(func.min(Question.asked_at)))
    if first is None:
        return []
    settled = set(
        db.session.scalars(
            select(MonthFigures.month).where(
                MonthFigures.settled,
                MonthFigures.site_id.is_(None),
                MonthFigures.skill_id.is_(None),
            )
        )
    )
    months, month = [], first_of(first.date())
    while month <= now.date():
        if month not in settled:
            months.append(month)
        month = next_month(month)
    return months


def measure(month: date, *, now: datetime) -> None:
    """Write the figures of a month anew: of the network, of sites, of skills in each."""
    start = datetime.combine(month, time(), now.tzinfo)
    end = datetime.combine(next_month(month), time(), now.tzinfo)
    asked = _asked(start, end)
    subjects: dict[Subject, list[Asked]] = defaultdict(list)
    skills = _skills(start, end)
    for each in asked:
        places = [None] if each.site_id is None else [None, each.site_id]
        for site_id in places:
            for skill_id in (None, *skills.get(each.id, ())):
                subjects[site_id, skill_id].append(each)
    db.session.execute(delete(MonthFigures).where(MonthFigures.month == month))
    settled = now >= end + WINDOW
    db.session.add_all(
        _row(month, subject, figures(some), settled=settled, now=now)
        for subject, some in subjects.items()
    )
    db.session.flush()


def move_skill(gone_id: int, kept_id: int, *, now: datetime) -> None:
    """Tell the months of two skills that are one anew; their questions were moved before."""
    about = MonthFigures.skill_id.in_((gone_id, kept_id))
    months = db.session.scalars(select(MonthFigures.month).where(about).distinct()).all()
    for month in sorted(months):
        measure(month, now=now)


def _asked(start: datetime, end: datetime) -> list[Asked]:
    rows = db.session.execute(
        select(
            Question.id,
            Question.site_id,
            func.coalesce(Site.time_zone, "UTC"),
            Question.asked_at,
            Question.first_reply_at,
            Question.first_useful_at,
            Question.solved_at,
            Question.reopened,
        )
        .outerjoin(Site, Site.id == Question.site_id)
        .where(Question.asked_at >= start, Question.asked_at < end, Question.state != "removed")
        .order_by(Question.id)
    )
    return [Asked(*row) for row in rows]


def _skills(start: datetime, end: datetime) -> Mapping[int, list[int]]:
    rows = db.session.execute(
        select(QuestionSkill.question_id, QuestionSkill.skill_id)
        .join(Question, Question.id == QuestionSkill.question_id)
        .where(Question.asked_at >= start, Question.asked_at < end)
        .order_by(QuestionSkill.question_id, QuestionSkill.position)
    )
    found: dict[int, list[int]] = defaultdict(list)
    for question_id, skill_id in rows:
        found[question_id].append(skill_id)
    return found


def _row(
    month: date, subject: Subject, told: Figures, *, settled: bool, now: datetime
) -> MonthFigures:
    site_id, skill_id = subject
    counts = {name: value for name, value in asdict(told).items() if isinstance(value, int)}
    return MonthFigures(
        key=f"{month:%Y-%m}:{site_id or ''}:{skill_id or ''}",
        month=month,
        site_id=site_id,
        skill_id=skill_id,
        reply_median=told.reply.median,
        reply_most=told.reply.most,
        reply_median_work=told.reply_work.median,
        reply_most_work=told.reply_work.most,
        solved_median=told.solution.median,
        solved_most=told.solution.most,
        solved_median_work=told.solution_work.median,
        solved_most_work=told.solution_work.most,
        settled=settled,
        measured_at=now,
        **counts,
    )
