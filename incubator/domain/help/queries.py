"""One question and what stands under it. ``visible_to`` is the only door."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import joinedload, selectinload

from incubator.domain.help.models import (
    Acceptance,
    Answer,
    Closure,
    Question,
    QuestionSkill,
    Revision,
)
from incubator.domain.help.post_models import Comment, Duplicate
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.network.members.models import Member
from incubator.network.members.reader import (
    READ_CIRCLES,
    READ_SITES,
    READER_ID,
    READS_ALL,
    values_of,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from incubator.domain.help.revisions import Post
    from incubator.network.members.actor import Actor

REVISIONS_SHOWN = 30
Under = TypeVar("Under", Answer, Comment)


# Which questions are for the reader's eyes; the same rule as ``policy.may_read``.
READABLE = and_(
    Question.state != "removed",
    or_(
        READS_ALL,
        Question.audience == "network",
        and_(
            Question.audience == "site",
            or_(Question.author_id == READER_ID, Question.site_id.in_(READ_SITES)),
        ),
        and_(Question.audience == "circle", Question.circle_id.in_(READ_CIRCLES)),
    ),
)


def visible_to(actor: Actor, question_id: int, *, lock: bool = False) -> Question:
    """The question of an id with its author, site and skills; ``lock`` holds its row.

    Raise NotFound ``help.question`` when it is absent, removed or not for their eyes.
    """
    query = _LOCKED if lock else _SHOWN
    found = db.session.scalar(query, values_of(actor) | {"question_id": question_id})
    if found is None:
        raise NotFound("help.question")
    return found


_READ = select(Question).where(Question.id == bindparam("question_id"), READABLE)
_LOCKED = _READ.with_for_update().execution_options(populate_existing=True)
_SHOWN = _READ.options(
    joinedload(Question.author).joinedload(Member.home_site),
    joinedload(Question.site),
    joinedload(Question.circle),
    selectinload(Question.skills).joinedload(QuestionSkill.skill),
)


def titles_of(actor: Actor, question_ids: Collection[int]) -> dict[int, str]:
    """The titles of those of some threads that they may read."""
    query = select(Question.id, Question.title).where(Question.id.in_(question_ids), READABLE)
    rows = db.session.execute(query, values_of(actor))
    return dict(rows.all())


def answer_visible_to(
    actor: Actor, answer_id: int, *, lock: bool = False
) -> tuple[Question, Answer]:
    """The answer of an id and its question; ``lock`` holds the question's row.

    Raise NotFound ``help.answer`` or ``help.question``.
    """
    return _under(actor, Answer, answer_id, missing="help.answer", lock=lock)


def comment_visible_to(
    actor: Actor, comment_id: int, *, lock: bool = False
) -> tuple[Question, Comment]:
    """The comment of an id and its question; ``lock`` holds the question's row.

    Raise NotFound ``help.comment`` or ``help.question``.
    """
    return _under(actor, Comment, comment_id, missing="help.comment", lock=lock)


def _under(
    actor: Actor, kind: type[Under], post_id: int, *, missing: str, lock: bool
) -> tuple[Question, Under]:
    """A post under a question that they may read, and the question."""
    question_id = db.session.scalar(select(kind.question_id).where(kind.id == post_id))
    if question_id is None:
        raise NotFound(missing)
    question = visible_to(actor, question_id, lock=lock)
    # Read after the lock, so that a rival's removal is seen.
    found = db.session.scalar(
        select(kind)
        .where(kind.id == post_id, ~kind.removed)
        .execution_options(populate_existing=lock)
    )
    if found is None:
        raise NotFound(missing)
    return question, found


def has_asked(actor: Actor) -> bool:
    """Whether they have asked anything yet."""
    query = select(Question.id).where(Question.author_id == actor.id).limit(1)
    return db.session.scalar(query) is not None


def accepted_ids(question: Question) -> list[int]:
    """The answers that solved it."""
    query = select(Acceptance.answer_id).where(Acceptance.question_id == question.id)
    return list(db.session.scalars(query))


def duplicate_of(question: Question) -> Duplicate | None:
    """The earlier question that it repeats, and who said so."""
    return db.session.scalar(
        select(Duplicate)
        .where(Duplicate.question_id == question.id)
        .options(joinedload(Duplicate.by), joinedload(Duplicate.original))
    )


def closure_of(question: Question) -> Closure | None:
    """How it was solved otherwise, and who said so."""
    return db.session.scalar(
        select(Closure).where(Closure.question_id == question.id).options(joinedload(Closure.by))
    )


def history_of(question: Question, post: Post) -> Sequence[Revision]:
    """What a question, an answer or a comment said before each edit; the latest first."""
    which = {
        "help_answer": Revision.answer_id == post.id,
        "help_comment": Revision.comment_id == post.id,
    }
    own = Revision.answer_id.is_(None) & Revision.comment_id.is_(None)
    return db.session.scalars(
        select(Revision)
        .where(Revision.question_id == question.id, which.get(post.__tablename__, own))
        .options(joinedload(Revision.by))
        .order_by(Revision.number.desc())
        .limit(REVISIONS_SHOWN)
    ).all()
