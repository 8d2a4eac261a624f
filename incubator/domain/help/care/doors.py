"""The doors of care: a post by its name, a case, a measure. What is not theirs is not there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from incubator.domain.help import queries
from incubator.domain.help.care import policy
from incubator.domain.help.care_models import Case, Measure
from incubator.domain.help.models import Answer, Question
from incubator.domain.help.post_models import Comment
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, NotAllowed, NotFound
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from incubator.domain.help.revisions import Post
    from incubator.network.members.actor import Actor

# As the page of a thread names its parts; a longer number fits no column.
_NAME: Final = re.compile(r"(question|answer|comment)-([0-9]{1,18})")


def post_named(actor: Actor, name: str, *, lock: bool = False) -> tuple[Question, Post]:
    """A post that they may read, by its name in the page («answer-12»), and its question.

    ``lock`` holds the question's row. Raise NotFound.
    """
    found = _NAME.fullmatch(name)
    if found is None:
        raise NotFound("help.post")
    number = int(found[2])
    if found[1] == "answer":
        return queries.answer_visible_to(actor, number, lock=lock)
    if found[1] == "comment":
        return queries.comment_visible_to(actor, number, lock=lock)
    question = queries.visible_to(actor, number, lock=lock)
    return question, question


def case_seen_by(actor: Actor, case_id: int) -> Case:
    """A case of a site that they run, with its thread and its author; never about themselves.

    Raise NotFound ``help.case``.
    """
    case = db.session.scalar(
        select(Case)
        .where(Case.id == case_id)
        .options(
            joinedload(Case.question),
            joinedload(Case.author).joinedload(Member.home_site),
        )
    )
    if case is None or not policy.may_decide(actor, case):
        raise NotFound("help.case")
    return case


def held(actor: Actor, case_id: int, *, seen: int | None = None) -> tuple[Question, Case]:
    """The row of a case's question, locked, and the case as it is now.

    Raise NotFound ``help.case``, NotAllowed ``help.care_own``, Conflict ``care.meanwhile``
    when somebody decided after the version ``seen``.
    """
    question, case = _held(actor, case_id)
    if case.author_id == actor.id:
        raise NotAllowed("help.care_own")
    if seen is not None and seen != case.version:
        raise Conflict("care.meanwhile")
    return question, case


def _held(actor: Actor, case_id: int) -> tuple[Question, Case]:
    question_id = db.session.scalar(select(Case.question_id).where(Case.id == case_id))
    question = None if question_id is None else _locked(question_id)
    if question is None or not actor.manages(policy.site_of(question)):
        raise NotFound("help.case")
    case = db.session.scalars(
        select(Case).where(Case.id == case_id).execution_options(populate_existing=True)
    ).one()
    return question, case


def _locked(question_id: int) -> Question | None:
    """The row of a thread, hidden ones too: managers go on deciding about them."""
    query = select(Question).where(Question.id == question_id).with_for_update()
    return db.session.scalar(query.execution_options(populate_existing=True))


def held_measure(actor: Actor, measure_id: int) -> tuple[Question, Case, Measure]:
    """A measure that stands, with its case and its locked question.

    Whoever took it may undo it about their own post too: a pin, a lock. Raise as ``held``;
    Conflict ``care.undone`` when it does not stand any more.
    """
    case_id = db.session.scalar(select(Measure.case_id).where(Measure.id == measure_id))
    if case_id is None:
        raise NotFound("help.case")
    question, case = _held(actor, case_id)
    measure = db.session.scalars(
        select(Measure).where(Measure.id == measure_id).execution_options(populate_existing=True)
    ).one()
    if case.author_id == actor.id != measure.by_id:
        raise NotAllowed("help.care_own")
    if measure.undone_at is not None:
        raise Conflict("care.undone")
    return question, case, measure


def post_of(case: Case) -> Post:
    """What a case is about, hidden or removed too."""
    if case.comment_id is not None:
        return db.session.get_one(Comment, case.comment_id)
    if case.answer_id is not None:
        return db.session.get_one(Answer, case.answer_id)
    return db.session.get_one(Question, case.question_id)
