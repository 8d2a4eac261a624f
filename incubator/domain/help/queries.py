"""One question and what stands under it. ``visible_to`` is the only door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, distinct, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from incubator.domain.help.models import (
    Acceptance,
    Answer,
    Closure,
    Question,
    QuestionSkill,
    Revision,
)
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.kernel.keyset import Cursor, Page, keyset_page
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.network.members.actor import Actor

ANSWERS_SHOWN = 50
REVISIONS_SHOWN = 100


def readable(actor: Actor) -> ColumnElement[bool]:
    """Which questions are for their eyes; the same rule as ``policy.may_read``."""
    present = Question.state != "removed"
    if actor.is_administrator:
        return present
    sites = set(actor.managed_site_ids)
    if not actor.is_guest and actor.home_site_id is not None:
        sites.add(actor.home_site_id)
    theirs = Question.site_id.in_(sorted(sites)) if sites else ~true()
    return and_(
        present, or_(Question.audience == "network", Question.author_id == actor.id, theirs)
    )


def visible_to(actor: Actor, question_id: int, *, lock: bool = False) -> Question:
    """The question of an id with its author, site and skills; ``lock`` holds its row.

    Raise NotFound ``help.question`` when it is absent, removed or not for their eyes.
    """
    query = select(Question).where(Question.id == question_id, readable(actor))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    else:
        query = query.options(
            joinedload(Question.author).joinedload(Member.home_site),
            joinedload(Question.site),
            selectinload(Question.skills).joinedload(QuestionSkill.skill),
        )
    found = db.session.scalar(query)
    if found is None:
        raise NotFound("help.question")
    return found


def answer_visible_to(
    actor: Actor, answer_id: int, *, lock: bool = False
) -> tuple[Question, Answer]:
    """The answer of an id and its question; ``lock`` holds the question's row.

    Raise NotFound ``help.answer`` or ``help.question``.
    """
    question_id = db.session.scalar(select(Answer.question_id).where(Answer.id == answer_id))
    if question_id is None:
        raise NotFound("help.answer")
    question = visible_to(actor, question_id, lock=lock)
    # Read after the lock, so that a rival's removal is seen.
    given = db.session.scalar(
        select(Answer)
        .where(Answer.id == answer_id, ~Answer.removed)
        .execution_options(populate_existing=lock)
    )
    if given is None:
        raise NotFound("help.answer")
    return question, given


def acceptance_of(question: Question) -> Acceptance | None:
    """Which answer solved it, and who said so."""
    return db.session.scalar(
        select(Acceptance)
        .where(Acceptance.question_id == question.id)
        .options(joinedload(Acceptance.by))
        .order_by(Acceptance.id)
        .limit(1)
    )


def closure_of(question: Question) -> Closure | None:
    """How it was solved otherwise, and who said so."""
    return db.session.scalar(
        select(Closure).where(Closure.question_id == question.id).options(joinedload(Closure.by))
    )


def answers_of(question: Question, cursor: Cursor, *, but: int | None = None) -> Page[Answer]:
    """The answers of a question in the order they came, with their authors, without one."""
    query = (
        select(Answer)
        .where(Answer.question_id == question.id, ~Answer.removed)
        .options(joinedload(Answer.author).joinedload(Member.home_site))
    )
    if but is not None:
        query = query.where(Answer.id != but)
    return keyset_page(query, [Answer.id], cursor)


def answer_with_author(answer_id: int) -> Answer:
    """An answer already found to be readable, with its author."""
    return db.session.scalars(
        select(Answer)
        .where(Answer.id == answer_id)
        .options(joinedload(Answer.author).joinedload(Member.home_site))
    ).one()


def cities_of(question: Question) -> int:
    """From how many cities it was answered."""
    return (
        db.session.scalar(
            select(func.count(distinct(Member.home_site_id)))
            .select_from(Answer)
            .join(Member, Member.id == Answer.author_id)
            .where(Answer.question_id == question.id, ~Answer.removed)
        )
        or 0
    )


def history_of(question: Question, answer: Answer | None = None) -> Sequence[Revision]:
    """What a question, or one of its answers, said before each edit; the latest first."""
    answer_id = answer.id if answer else None
    return db.session.scalars(
        select(Revision)
        .where(
            Revision.question_id == question.id,
            Revision.answer_id.is_(None) if answer_id is None else Revision.answer_id == answer_id,
        )
        .options(joinedload(Revision.by))
        .order_by(Revision.number.desc())
        .limit(REVISIONS_SHOWN)
    ).all()
