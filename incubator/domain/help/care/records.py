"""The records of care: a case for a post, measures taken and undone, and what follows from both.

Whoever calls holds the row of the question.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from incubator.domain.help.care import rules
from incubator.domain.help.care.events import ReportsAnswered
from incubator.domain.help.care.policy import site_of
from incubator.domain.help.care_models import Case, Measure, Report
from incubator.domain.help.models import Answer, Question
from incubator.domain.help.post_models import Comment
from incubator.kernel.db import db, insert_once
from incubator.kernel.events import record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from incubator.domain.help.revisions import Post
    from incubator.network.members.actor import Actor


def case_of(question: Question, post: Post) -> Case:
    """The case of a post, opened if there was none."""
    answer_id = post.id if isinstance(post, Answer) else None
    comment_id = post.id if isinstance(post, Comment) else None
    insert_once(
        Case,
        question_id=question.id,
        answer_id=answer_id,
        comment_id=comment_id,
        site_id=site_of(question),
        author_id=post.author_id,
        version=0,
    )
    which = _of_post(question.id, answer_id, comment_id)
    return db.session.scalars(
        select(Case).where(*which).execution_options(populate_existing=True)
    ).one()


def _of_post(
    question_id: int, answer_id: int | None, comment_id: int | None
) -> tuple[ColumnElement[bool], ...]:
    if comment_id is not None:
        return (Case.comment_id == comment_id,)
    if answer_id is not None:
        return (Case.answer_id == answer_id,)
    return (Case.question_id == question_id, Case.answer_id.is_(None), Case.comment_id.is_(None))


def find_case(post: Post) -> Case | None:
    """The case of a post, if it has one."""
    answer_id = post.id if isinstance(post, Answer) else None
    comment_id = post.id if isinstance(post, Comment) else None
    return db.session.scalar(select(Case).where(*_of_post(post.id, answer_id, comment_id)))


def cases_of(question: Question) -> Sequence[Case]:
    """The cases of all posts of a thread."""
    query = select(Case).where(Case.question_id == question.id).order_by(Case.id)
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


def take(actor: Actor, case: Case, kind: str, *, now: datetime, **more: Any) -> Measure:
    """Write down what was done about a post; tell it where that answers reports."""
    since = case.waiting_since
    taken = Measure(case_id=case.id, kind=kind, by_id=actor.id, taken_at=now, **more)
    db.session.add(taken)
    case.acted_at = now
    touch(case)
    if since is not None and case.waiting_since is None:
        told = ReportsAnswered(
            actor_id=actor.id,
            site_id=case.site_id,
            question_id=case.question_id,
            case_id=case.id,
            act=kind,
            since=since,
        )
        record(told)
    return taken


def standing(case: Case, kind: str) -> Measure | None:
    """The measure of a kind that stands, the latest if there are several."""
    return db.session.scalar(
        select(Measure)
        .where(Measure.case_id == case.id, Measure.kind == kind, Measure.undone_at.is_(None))
        .order_by(Measure.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


def undo(actor: Actor, case: Case, measure: Measure, *, now: datetime) -> None:
    """Write down that a measure no longer stands."""
    measure.undone_at, measure.undone_by_id = now, actor.id
    case.acted_at = now
    touch(case)


def touch(case: Case) -> None:
    """Something happened to a case: whether reports wait follows from its records."""
    db.session.flush()
    reported = db.session.scalars(select(Report.reported_at).where(Report.case_id == case.id))
    answered = db.session.scalars(
        select(Measure.taken_at).where(
            Measure.case_id == case.id,
            Measure.kind.in_(rules.ANSWERS),
            Measure.undone_at.is_(None),
        )
    )
    case.waiting_since = rules.waiting_since(reported.all(), answered.all())
    case.version += 1
    db.session.flush()
