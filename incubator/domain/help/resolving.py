"""What solved a question: answers, something else or another thread; and what did not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update

from incubator.domain.help import policy, queries, rules
from incubator.domain.help.events import (
    AnswerAccepted,
    AnswerUnaccepted,
    QuestionClosed,
    QuestionReopened,
    QuestionRepeats,
)
from incubator.domain.help.models import Acceptance, Answer, Closure, Question
from incubator.domain.help.post_models import Duplicate
from incubator.domain.help.records import settle, tell
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotAllowed, Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.members.actor import Actor

OTHER_WAYS = (Closure, Duplicate)


def is_accepted(answer_id: int) -> bool:
    """Whether an answer is said to have solved its question."""
    query = select(Acceptance.id).where(Acceptance.answer_id == answer_id)
    return db.session.scalar(query) is not None


def accept(actor: Actor, answer_id: int, *, now: datetime) -> Acceptance:
    """Say that this answer solved the question, alone or with others.

    It is then no longer solved otherwise. Raise NotAllowed ``help.accept_not_asker``, Refusal
    ``help.accepted_too_many``.
    """
    question, given = queries.answer_visible_to(actor, answer_id, lock=True)
    _check(actor, question)
    of_question = Acceptance.question_id == question.id
    if not is_accepted(given.id):
        number = db.session.scalar(select(func.count()).where(of_question)) or 0
        if number >= rules.ACCEPTED_MOST:
            raise Refusal("help.accepted_too_many", most=rules.ACCEPTED_MOST)
        _forget(question, *OTHER_WAYS)
        values = {"question_id": question.id, "answer_id": given.id, "by_id": actor.id}
        db.session.add(Acceptance(**values, accepted_at=now))
        settle(question)
        tell(AnswerAccepted, actor, question, answer_id=given.id, helper_id=given.author_id)
    return db.session.scalars(select(Acceptance).where(Acceptance.answer_id == given.id)).one()


def unaccept(actor: Actor, answer_id: int) -> None:
    """Take an acceptance back; without another the question is open again.

    Nothing when it was not accepted. Raise NotAllowed ``help.accept_not_asker``.
    """
    question, given = queries.answer_visible_to(actor, answer_id, lock=True)
    _check(actor, question)
    if is_accepted(given.id):
        take_back(actor, question, given)


def take_back(actor: Actor, question: Question, given: Answer) -> None:
    """An accepted answer is so no longer, whatever the reason; the caller holds the question."""
    db.session.execute(delete(Acceptance).where(Acceptance.answer_id == given.id))
    settle(question)
    tell(AnswerUnaccepted, actor, question, answer_id=given.id, helper_id=given.author_id)
    if not question.is_solved:
        tell(QuestionReopened, actor, question)


def close(actor: Actor, question_id: int, *, how: str, now: datetime) -> None:
    """Say that a question was solved otherwise, and how.

    Nothing when it was so already. Raise NotAllowed ``help.accept_not_asker``, Refusal
    ``help.already_solved`` when an answer is accepted, or on ``how``.
    """
    question = queries.visible_to(actor, question_id, lock=True)
    _check(actor, question)
    words = rules.clean_how(how)
    if queries.accepted_ids(question):
        raise Refusal("help.already_solved", field="how")
    _forget(question, Duplicate)
    new = insert_once(Closure, question_id=question.id, how=words, by_id=actor.id, closed_at=now)
    if new:
        settle(question)
        tell(QuestionClosed, actor, question)


def reopen(actor: Actor, question_id: int) -> None:
    """Open a solved question again, however it was solved; nothing when it is open.

    Raise NotAllowed ``help.accept_not_asker``.
    """
    question = queries.visible_to(actor, question_id, lock=True)
    _check(actor, question)
    if not question.is_solved:
        return
    accepted = select(Acceptance.answer_id).where(Acceptance.question_id == question.id)
    given = db.session.scalars(select(Answer).where(Answer.id.in_(accepted)).order_by(Answer.id))
    helpers = [(each.id, each.author_id) for each in given]
    _forget(question, Acceptance, *OTHER_WAYS)
    settle(question)
    for answer_id, helper_id in helpers:
        tell(AnswerUnaccepted, actor, question, answer_id=answer_id, helper_id=helper_id)
    tell(QuestionReopened, actor, question)


def repeats(actor: Actor, question_id: int, *, original_id: int, now: datetime) -> Duplicate:
    """Say that a question was asked before; those that repeat it repeat the original from now on.

    When the original itself repeats a third, that one is meant. Raise NotAllowed
    ``help.accept_not_asker``, NotFound for an original that one may not read, Refusal
    ``help.repeats_itself`` or ``help.repeats_hidden`` when not all readers may read it.
    """
    first, second = sorted((question_id, original_id))
    # Always in this order: two people who mark both at once follow one another.
    held = {each: queries.visible_to(actor, each, lock=True) for each in (first, second)}
    question, original = held[question_id], _root(actor, held[original_id])
    _check(actor, question)
    if original.id == question.id:
        raise Refusal("help.repeats_itself", field="original")
    if not _is_read_by_all_readers_of(question, original):
        raise Refusal("help.repeats_hidden", field="original")
    _forget(question, *OTHER_WAYS)
    values = {"question_id": question.id, "original_id": original.id, "by_id": actor.id}
    db.session.execute(
        update(Duplicate)
        .where(Duplicate.original_id == question.id)
        .values(original_id=original.id)
    )
    db.session.add(Duplicate(**values, marked_at=now))
    settle(question)
    tell(QuestionRepeats, actor, question, original_id=original.id)
    return db.session.scalars(select(Duplicate).where(Duplicate.question_id == question.id)).one()


def _is_read_by_all_readers_of(question: Question, original: Question) -> bool:
    if original.audience == "network":
        return True
    if original.audience != question.audience:
        return False
    if original.audience == "circle":
        return original.circle_id == question.circle_id
    return original.site_id == question.site_id


def _root(actor: Actor, question: Question) -> Question:
    query = select(Duplicate.original_id).where(Duplicate.question_id == question.id)
    further = db.session.scalar(query)
    return queries.visible_to(actor, further) if further else question


def _check(actor: Actor, question: Question) -> None:
    if not policy.may_accept(actor, question):
        raise NotAllowed("help.accept_not_asker")


def _forget(question: Question, *kinds: type[Acceptance | Closure | Duplicate]) -> None:
    for kind in kinds:
        db.session.execute(delete(kind).where(kind.question_id == question.id))
