"""A thread in which only managers write any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from incubator.domain.help import policy, queries, rules
from incubator.domain.help.events import ThreadLocked, ThreadUnlocked
from incubator.domain.help.post_models import Lock
from incubator.domain.help.records import tell
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotAllowed, Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.help.models import Question
    from incubator.network.members.actor import Actor


def lock_of(question: Question) -> Lock | None:
    """The lock of a thread, with who put it there."""
    query = select(Lock).where(Lock.question_id == question.id)
    return db.session.scalar(query.options(joinedload(Lock.by)))


def check_open(actor: Actor, question: Question) -> None:
    """Raise NotAllowed ``help.guest``, or Refusal ``help.locked`` where only managers write."""
    if not policy.may_answer(actor):
        raise NotAllowed("help.guest")
    if not policy.may_write(actor, question, lock_of(question)):
        raise Refusal("help.locked", field="body")


def lock(actor: Actor, question_id: int, *, reason: str = "", now: datetime) -> None:
    """Let only managers write in a thread; nothing when it is so already.

    Raise NotAllowed ``help.run_not_manager``.
    """
    question = _run(actor, question_id)
    why = rules.clean_reason(reason)
    new = insert_once(Lock, question_id=question.id, by_id=actor.id, locked_at=now, reason=why)
    if new:
        tell(ThreadLocked, actor, question, reason=why)


def unlock(actor: Actor, question_id: int) -> None:
    """Let everybody write again; raise NotAllowed ``help.run_not_manager``."""
    question = _run(actor, question_id)
    if lock_of(question):
        db.session.execute(delete(Lock).where(Lock.question_id == question.id))
        tell(ThreadUnlocked, actor, question)


def _run(actor: Actor, question_id: int) -> Question:
    question = queries.visible_to(actor, question_id, lock=True)
    if not policy.may_run(actor, question):
        raise NotAllowed("help.run_not_manager")
    return question
