"""What the records of help say of a helper, and the skills of questions that were merged."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.orm import aliased

from incubator.domain.help.models import Acceptance, Answer, Question, QuestionSkill
from incubator.kernel.db import db

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row


class Told(NamedTuple):
    """What is known of a member's help with a skill: how often, when last, minutes confirmed."""

    times: int
    last_at: datetime
    minutes: int


def confirmed_help(
    helper_id: int, timed: Mapping[int, tuple[int, datetime]] | None = None
) -> dict[int, Told]:
    """What others confirmed of a member's help, by skill.

    An answer that solved another's question counts once; so does a thread of which somebody
    confirmed the time alone. ``timed`` are confirmed minutes, and when, by thread.
    """
    rows = db.session.execute(
        select(QuestionSkill.skill_id, func.count(), func.max(Acceptance.accepted_at))
        .where(*_solved_by(helper_id))
        .group_by(QuestionSkill.skill_id)
    )
    told = {skill_id: Told(count, last_at, 0) for skill_id, count, last_at in rows}
    for question_id, skill_id, solved in _skills_of(helper_id, timed or {}):
        minutes, at = (timed or {})[question_id]
        before = told.get(skill_id, Told(0, at, 0))
        told[skill_id] = Told(
            before.times + (not solved), max(before.last_at, at), before.minutes + minutes
        )
    return told


def _solved_by(helper_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        QuestionSkill.question_id == Question.id,
        Answer.question_id == Question.id,
        Acceptance.answer_id == Answer.id,
        Answer.author_id == helper_id,
        ~Answer.removed,
        Question.state == "solved",
        Question.author_id != helper_id,
    )


def _skills_of(
    helper_id: int, timed: Mapping[int, tuple[int, datetime]]
) -> Sequence[Row[int, int, bool]]:
    """The skills of threads whose time was confirmed, and whether their answer solved it too."""
    if not timed:
        return []
    solved = exists().where(
        Acceptance.question_id == QuestionSkill.question_id,
        Answer.id == Acceptance.answer_id,
        Answer.author_id == helper_id,
        ~Answer.removed,
    )
    return db.session.execute(
        select(QuestionSkill.question_id, QuestionSkill.skill_id, solved)
        .where(QuestionSkill.question_id.in_(list(timed)), QuestionSkill.state != "removed")
        .order_by(QuestionSkill.question_id, QuestionSkill.skill_id)
    ).all()


def helper_thanked_for(question_id: int) -> list[int]:
    """Whose answers solved a question."""
    query = select(Answer.author_id).join(Acceptance, Acceptance.answer_id == Answer.id)
    return list(db.session.scalars(query.where(Answer.question_id == question_id)))


def helpers_in(skill_id: int) -> list[int]:
    """Whose answers solved questions that ask for a skill."""
    query = (
        select(Answer.author_id)
        .join(Acceptance, Acceptance.answer_id == Answer.id)
        .join(QuestionSkill, QuestionSkill.question_id == Answer.question_id)
        .where(QuestionSkill.skill_id == skill_id)
    )
    return sorted(set(db.session.scalars(query)))


def questions_about(skill_id: int) -> int:
    """How many questions ask for a skill."""
    query = select(func.count()).where(QuestionSkill.skill_id == skill_id)
    return int(db.session.scalar(query) or 0)


def move_questions(gone_id: int, kept_id: int) -> None:
    """Let questions that ask for one skill ask for another; for both is for one."""
    other = aliased(QuestionSkill)
    both = select(other.question_id).where(other.skill_id == kept_id)
    db.session.execute(
        delete(QuestionSkill).where(
            QuestionSkill.skill_id == gone_id, QuestionSkill.question_id.in_(both)
        )
    )
    db.session.execute(
        update(QuestionSkill).where(QuestionSkill.skill_id == gone_id).values(skill_id=kept_id)
    )
