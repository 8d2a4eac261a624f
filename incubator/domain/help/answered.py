"""A member's open questions that others answered: they wait for the word that solves them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, exists, select

from incubator.domain.help.models import Answer, Question
from incubator.kernel.db import db

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST: Final = 3
_EVER = select(exists().where(Answer.author_id == bindparam("author_id")))
_ANSWERED = (
    select(Question)
    .where(
        Question.author_id == bindparam("author_id"),
        Question.state == "open",
        Question.answer_count > 0,
        Question.first_reply_at.is_not(None),
    )
    .order_by(Question.last_activity_at.desc(), Question.id.desc())
    .limit(MOST)
)


def of_author(member_id: int) -> Sequence[Question]:
    """The open questions of a member that have an answer, the latest news first."""
    return db.session.scalars(_ANSWERED, {"author_id": member_id}).all()


def has_answered(member_id: int) -> bool:
    """Whether a member ever answered a question, be it that the answer was taken away since."""
    return bool(db.session.scalar(_EVER, {"author_id": member_id}))
