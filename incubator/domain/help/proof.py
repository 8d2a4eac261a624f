"""What the records of help say of a helper, and the skills of questions that were merged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import aliased

from incubator.domain.help.models import Acceptance, Answer, Question, QuestionSkill
from incubator.kernel.db import db

if TYPE_CHECKING:
    from datetime import datetime


def confirmed_help(helper_id: int) -> dict[int, tuple[int, datetime]]:
    """How many of a member's answers solved another's question, by skill, and when last."""
    rows = db.session.execute(
        select(QuestionSkill.skill_id, func.count(), func.max(Acceptance.accepted_at))
        .select_from(Answer)
        .join(Acceptance, Acceptance.answer_id == Answer.id)
        .join(Question, Question.id == Answer.question_id)
        .join(QuestionSkill, QuestionSkill.question_id == Question.id)
        .where(Answer.author_id == helper_id, ~Answer.removed)
        .where(Question.state == "solved", Question.author_id != helper_id)
        .group_by(QuestionSkill.skill_id)
    )
    return {skill_id: (count, last_at) for skill_id, count, last_at in rows}


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
