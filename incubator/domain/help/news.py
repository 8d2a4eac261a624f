"""What is new in a thread for one reader, as a letter tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from incubator.domain.help.models import Acceptance, Answer, Question
from incubator.domain.help.queries import closure_of
from incubator.kernel.db import db

if TYPE_CHECKING:
    from incubator.domain.help.events import ThreadNews

# A letter holds so many answers whole; the thread has the rest.
ANSWERS_MOST: Final = 10


@dataclass(frozen=True)
class Text:
    """A question or an answer: its author, HTML and Markdown; whether it solved the thread.

    Without an author it is by whoever asked without their name: no letter tells it to anybody.
    """

    author: str
    html: str
    text: str
    accepted: bool = False


@dataclass(frozen=True, kw_only=True)
class News:
    """A thread with what is new: the question itself if it is, new answers, how it was solved."""

    title: str
    question: Text | None
    answers: tuple[Text, ...]
    more: int
    solved: bool
    how: str


def news_of(event: ThreadNews) -> News | None:
    """What a letter tells of an event; None when nothing is left that is new."""
    question = db.session.scalars(
        select(Question)
        .where(Question.id == event.question_id)
        .options(joinedload(Question.author))
    ).one()
    rows = db.session.execute(
        select(Answer, Acceptance.id.is_not(None).label("accepted"))
        .outerjoin(Acceptance, Acceptance.answer_id == Answer.id)
        .where(Answer.question_id == question.id, ~Answer.removed)
        .where(Answer.author_id != event.member_id)
        .where(Answer.id > event.after_answer_id, Answer.id <= event.last_answer_id)
        .options(joinedload(Answer.author))
        .order_by(Answer.id)
    ).all()
    fresh = event.first and event.why != "thread"
    if not rows and not fresh and not event.solved:
        return None
    closure = closure_of(question) if event.solved else None
    return News(
        title=question.title,
        question=Text(_name(question, question), question.body_html, question.body_md)
        if fresh
        else None,
        answers=tuple(
            Text(_name(question, given), given.body_html, given.body_md, accepted)
            for given, accepted in rows[:ANSWERS_MOST]
        ),
        more=max(0, len(rows) - ANSWERS_MOST),
        solved=event.solved,
        how=closure.how if closure else "",
    )


def _name(question: Question, post: Question | Answer) -> str:
    hidden = question.anonymous and post.author_id == question.author_id
    return "" if hidden else post.author.name
