"""What follows from the records of a question: its state and its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ScalarSelect, Select, delete, func, select, update

from incubator.domain.help.care_models import Case, Measure
from incubator.domain.help.models import (
    Acceptance,
    Answer,
    Closure,
    Question,
    QuestionSkill,
    Removal,
)
from incubator.domain.help.post_models import Duplicate, Thanks
from incubator.domain.help.rules import state_of
from incubator.kernel.db import db
from incubator.kernel.events import record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.domain.help.events import HelpEvent
    from incubator.network.members.actor import Actor


def tell(kind: type[HelpEvent], actor: Actor, question: Question, **more: Any) -> None:
    """Record an event about a question."""
    record(kind(actor_id=actor.id, site_id=question.site_id, question_id=question.id, **more))


def settle(question: Question) -> None:
    """Write the state and figures of a question as its records say; the caller holds its row."""
    db.session.flush()
    accepted_at, thanked_at, *others, removals, hidden, answers, first_reply_at, last_at = (
        db.session.execute(_records(question)).one()
    )
    was_solved = question.state == "solved"
    question.solved_at = min(filter(None, (accepted_at, *others)), default=None)
    question.first_useful_at = min(filter(None, (accepted_at, thanked_at)), default=None)
    question.state = state_of(question.solved_at, removed=bool(removals or hidden))
    if was_solved and question.state == "open":
        question.reopened += 1
    question.answer_count = answers
    question.first_reply_at = first_reply_at
    question.last_activity_at = max(filter(None, (question.asked_at, last_at)))
    db.session.execute(
        update(QuestionSkill)
        .where(QuestionSkill.question_id == question.id)
        .values(state=question.state, last_activity_at=question.last_activity_at)
    )
    db.session.flush()


def _records(question: Question) -> Select[Any]:
    return select(
        _of(question, func.min(Acceptance.accepted_at), Acceptance.question_id),
        _of(
            question,
            func.min(Thanks.thanked_at),
            Thanks.question_id,
            Answer.id == Thanks.answer_id,
            ~Answer.removed,
        ),
        _of(question, func.min(Closure.closed_at), Closure.question_id),
        _of(question, func.min(Duplicate.marked_at), Duplicate.question_id),
        _of(
            question,
            func.count(),
            Removal.question_id,
            Removal.answer_id.is_(None),
            Removal.comment_id.is_(None),
        ),
        _hidings(question),
        _of(question, func.count(), Answer.question_id, ~Answer.removed),
        _of(
            question,
            func.min(Answer.answered_at),
            Answer.question_id,
            ~Answer.removed,
            Answer.author_id != question.author_id,
        ),
        _of(question, func.max(Answer.answered_at), Answer.question_id, ~Answer.removed),
    )


def _of(question: Question, what: Any, column: Any, *also: Any) -> ScalarSelect[Any]:
    return select(what).where(column == question.id, *also).scalar_subquery()


def _hidings(question: Question) -> ScalarSelect[Any]:
    """How many managers' decisions hide the question itself: one at most."""
    standing = select(func.count()).select_from(Measure).join(Case, Case.id == Measure.case_id)
    of_question = (Case.question_id == question.id, Case.answer_id.is_(None))
    hides = (Measure.kind == "hide", Measure.undone_at.is_(None))
    return standing.where(*of_question, Case.comment_id.is_(None), *hides).scalar_subquery()


def write_skills(question: Question, skill_ids: Sequence[int]) -> None:
    """Let a question ask for these skills and no others."""
    db.session.execute(delete(QuestionSkill).where(QuestionSkill.question_id == question.id))
    db.session.add_all(
        QuestionSkill(
            question_id=question.id,
            skill_id=skill_id,
            position=position,
            state=question.state,
            last_activity_at=question.last_activity_at,
        )
        for position, skill_id in enumerate(skill_ids)
    )
    db.session.flush()
