"""What is new in a thread for one reader, as a letter tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from incubator.domain.help.models import Acceptance, Answer, Question
from incubator.domain.help.post_models import Comment
from incubator.domain.help.queries import closure_of
from incubator.kernel.db import db

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.domain.help.events import ThreadNews

# A letter holds so many answers whole, and so many posts that concern its reader.
ANSWERS_MOST: Final = 10
KINDS: Final[dict[type[Answer | Comment], str]] = {Answer: "answer", Comment: "comment"}

P = TypeVar("P", Answer, Comment)


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
class Concerning(Text):
    """A post that names the reader («mention»), or comments on their question or answer.

    ``what`` is the post, ``on`` what a comment stands under: «question» or «answer».
    """

    why: str
    what: str
    on: str


@dataclass(frozen=True, kw_only=True)
class News:
    """A thread with what is new: the question itself if it is, new answers, how it was solved.

    ``concerning`` are the posts that concern the reader; they stand nowhere else in the letter.
    """

    title: str
    question: Text | None
    concerning: tuple[Concerning, ...]
    answers: tuple[Text, ...]
    more: int
    more_concerning: int
    solved: bool
    how: str


def news_of(event: ThreadNews) -> News | None:
    """What a letter tells of an event; None when nothing is left that is new."""
    question = db.session.scalars(
        select(Question)
        .where(Question.id == event.question_id)
        .options(joinedload(Question.author))
    ).one()
    concerning = _concerning(question, event)
    named = [number for kind, number, _why in event.concerns if kind == "answer"]
    rows = db.session.execute(
        select(Answer, Acceptance.id.is_not(None).label("accepted"))
        .outerjoin(Acceptance, Acceptance.answer_id == Answer.id)
        .where(Answer.question_id == question.id, ~Answer.removed)
        .where(Answer.author_id != event.member_id, Answer.id.not_in(named))
        .where(Answer.id > event.after_answer_id, Answer.id <= event.last_answer_id)
        .options(joinedload(Answer.author))
        .order_by(Answer.id)
    ).all()
    fresh = event.first and event.why in {"skill", "site"}
    if not rows and not fresh and not event.solved and not concerning:
        return None
    closure = closure_of(question) if event.solved else None
    return News(
        title=question.title,
        question=Text(_name(question, question), question.body_html, question.body_md)
        if fresh
        else None,
        concerning=tuple(concerning[:ANSWERS_MOST]),
        answers=tuple(
            Text(_name(question, given), given.body_html, given.body_md, accepted)
            for given, accepted in rows[:ANSWERS_MOST]
        ),
        more=max(0, len(rows) - ANSWERS_MOST),
        more_concerning=max(0, len(concerning) - ANSWERS_MOST),
        solved=event.solved,
        how=closure.how if closure else "",
    )


def _concerning(question: Question, event: ThreadNews) -> list[Concerning]:
    """The posts that concern the reader and are still there, in their order."""
    whys = {(kind, number): why for kind, number, why in event.concerns}
    found: list[Concerning] = []
    if ("question", question.id) in whys and not (event.first and event.why in {"skill", "site"}):
        found.append(_concern(question, question, what="question", why="mention"))
    for kind, rows in (("answer", _there(Answer, event)), ("comment", _there(Comment, event))):
        found += [_concern(question, row, what=kind, why=whys[kind, row.id]) for row in rows]
    return found


def _there(model: type[P], event: ThreadNews) -> Sequence[P]:
    """The posts of one kind that concern the reader, but those taken away."""
    ids = [number for kind, number, _why in event.concerns if kind == KINDS[model]]
    if not ids:
        return ()
    return db.session.scalars(
        select(model)
        .where(model.id.in_(ids), ~model.removed, model.author_id != event.member_id)
        .options(joinedload(model.author))
        .order_by(model.id)
    ).all()


def _concern(
    question: Question, post: Question | Answer | Comment, *, what: str, why: str
) -> Concerning:
    under = isinstance(post, Comment) and post.answer_id is not None
    return Concerning(
        author=_name(question, post),
        html=post.body_html,
        text=post.body_md,
        why=why,
        what=what,
        on="answer" if under else "question",
    )


def _name(question: Question, post: Question | Answer | Comment) -> str:
    hidden = question.anonymous and post.author_id == question.author_id
    return "" if hidden else post.author.name
