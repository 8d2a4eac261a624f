"""Threads locked and unlocked, each written down with the case that it was done for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete

from incubator.domain.help import policy, queries, rules
from incubator.domain.help.care import records
from incubator.domain.help.events import ThreadLocked, ThreadUnlocked
from incubator.domain.help.locking import lock_of
from incubator.domain.help.post_models import Lock
from incubator.domain.help.records import tell
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotAllowed

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.help.care_models import Case
    from incubator.domain.help.models import Question
    from incubator.network.members.actor import Actor


def lock(actor: Actor, question_id: int, *, reason: str = "", now: datetime) -> None:
    """Let only managers write in a thread; nothing when it is so already.

    Raise NotAllowed ``help.run_not_manager``.
    """
    question = _run(actor, question_id)
    why = rules.clean_reason(reason)
    lock_held(actor, question, records.case_of(question, question), reason=why, now=now)


def lock_held(actor: Actor, question: Question, case: Case, *, reason: str, now: datetime) -> None:
    """As ``lock``, for a thread whose row is held; ``case`` is the post that it is done for."""
    new = insert_once(Lock, question_id=question.id, by_id=actor.id, locked_at=now, reason=reason)
    if new:
        records.take(actor, case, "lock", note=reason, now=now)
        tell(ThreadLocked, actor, question, reason=reason)


def unlock(actor: Actor, question_id: int, *, now: datetime) -> None:
    """Let everybody write again; raise NotAllowed ``help.run_not_manager`` or ``help.care_own``.

    Whoever asked does not take back what another manager decided about their thread.
    """
    question = _run(actor, question_id)
    found = lock_of(question)
    if found and question.author_id == actor.id != found.by_id:
        raise NotAllowed("help.care_own")
    if found:
        unlock_held(actor, question, now=now)


def unlock_held(actor: Actor, question: Question, *, now: datetime) -> None:
    """Take the lock of a thread whose row is held, and write down that it does not stand."""
    db.session.execute(delete(Lock).where(Lock.question_id == question.id))
    for case in records.cases_of(question):
        measure = records.standing(case, "lock")
        if measure:
            records.undo(actor, case, measure, now=now)
    tell(ThreadUnlocked, actor, question)


def _run(actor: Actor, question_id: int) -> Question:
    question = queries.visible_to(actor, question_id, lock=True)
    if not policy.may_run(actor, question):
        raise NotAllowed("help.run_not_manager")
    return question
