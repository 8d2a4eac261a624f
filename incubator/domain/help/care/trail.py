"""Everything that was said and done about one post, in its order; and what its author wrote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from incubator.domain.help.care_models import Case, Measure, Report
from incubator.domain.help.models import Answer, Question
from incubator.kernel.db import db
from incubator.kernel.text import excerpt, plain_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incubator.network.members.actor import Actor

MOST: Final = 100
WROTE_MOST: Final = 4
EXCERPT: Final = 140


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something that happened: a report, a measure, or that a measure was undone."""

    at: datetime
    what: str
    by: str
    words: str
    reason: str = ""
    measure: Measure | None = None


def trail_of(case: Case) -> list[Step]:
    """What happened about a post, the latest first."""
    reports = db.session.scalars(
        select(Report)
        .where(Report.case_id == case.id)
        .options(joinedload(Report.reporter))
        .order_by(Report.id.desc())
        .limit(MOST)
    ).all()
    measures = db.session.scalars(
        select(Measure)
        .where(Measure.case_id == case.id)
        .options(joinedload(Measure.by), joinedload(Measure.undone_by))
        .order_by(Measure.id.desc())
        .limit(MOST)
    ).all()
    steps = [
        Step(
            at=each.reported_at,
            what="report",
            by=each.reporter.name,
            words=each.words,
            reason=each.reason,
        )
        for each in reports
    ]
    for each in measures:
        steps += _steps(each)
    # Undone at the same instant as taken is shown after it.
    steps.reverse()
    return sorted(steps, key=lambda step: step.at)[::-1]


def _steps(measure: Measure) -> list[Step]:
    taken = Step(
        at=measure.taken_at,
        what=measure.kind,
        by=measure.by.name,
        words=measure.note,
        measure=measure if measure.undone_at is None else None,
    )
    if measure.undone_at is None or measure.undone_by is None:
        return [taken]
    what = measure.answer or "undone"
    undone = Step(
        at=measure.undone_at, what=what, by=measure.undone_by.name, words="", reason=measure.kind
    )
    return [undone, taken]


class Wrote(NamedTuple):
    """A text of a member: when, the thread where it stands, and how it begins."""

    at: datetime
    question_id: int
    title: str
    words: str


def wrote_of_late(reader: Actor, case: Case) -> Sequence[Wrote]:
    """The latest questions and answers of a case's author, of threads that the reader runs."""
    questions = (
        select(Question.asked_at, Question.id, Question.title, Question.body_html)
        .where(Question.author_id == case.author_id, Question.state != "removed")
        .order_by(Question.asked_at.desc())
    )
    answers = (
        select(Answer.answered_at, Question.id, Question.title, Answer.body_html)
        .join(Question, Question.id == Answer.question_id)
        .where(Answer.author_id == case.author_id, ~Answer.removed, Question.state != "removed")
        .order_by(Answer.answered_at.desc())
    )
    found: list[Wrote] = []
    for query in (questions, answers):
        if not reader.is_administrator:
            own = Question.site_id.in_(sorted(reader.managed_site_ids))
            query = query.where(own, Question.circle_id.is_(None))  # noqa: PLW2901 - narrowed
        rows = db.session.execute(query.limit(WROTE_MOST))
        found += [Wrote(*row[:3], excerpt(plain_text(row[3]), EXCERPT)) for row in rows]
    return sorted(found, key=lambda one: one.at, reverse=True)[:WROTE_MOST]
