"""A thread in which only managers write any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from incubator.domain.help import policy
from incubator.domain.help.post_models import Lock
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, Refusal

if TYPE_CHECKING:
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
