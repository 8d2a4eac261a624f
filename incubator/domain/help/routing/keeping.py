"""Requests follow what becomes of members: who leaves, rests, was a double or is forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select, update

from incubator.domain.help.models import Question
from incubator.domain.help.routing.models import OPEN, Asking, HelpRequest
from incubator.domain.help.routing.waves import hurry
from incubator.kernel.db import db

if TYPE_CHECKING:
    from datetime import datetime


def answered(question_id: int, member_id: int, *, now: datetime) -> None:
    """Somebody who was asked has answered."""
    db.session.execute(
        update(HelpRequest)
        .where(
            HelpRequest.question_id == question_id,
            HelpRequest.member_id == member_id,
            HelpRequest.state.in_((OPEN, "covered", "declined", "passed")),
        )
        .values(state="answered", settled_at=now, due_at=None)
        .execution_options(synchronize_session=False)
    )


def withdraw(member_id: int, *, now: datetime) -> None:
    """Nothing waits any more for somebody who is not there; others are asked instead."""
    of_member = (HelpRequest.member_id == member_id, HelpRequest.state.in_((OPEN, "covered")))
    left = db.session.scalars(select(HelpRequest.question_id).where(*of_member)).all()
    db.session.execute(
        update(HelpRequest)
        .where(*of_member)
        .values(state="over", settled_at=now, due_at=None)
        .execution_options(synchronize_session=False)
    )
    for question_id in sorted(left):
        hurry(question_id, now=now)


def unname(member_id: int) -> None:
    """Whom somebody passed a question on to is not told any more by whom."""
    change = update(HelpRequest).where(HelpRequest.by_id == member_id).values(by_id=None)
    db.session.execute(change.execution_options(synchronize_session=False))


def forget(member_id: int) -> None:
    """What was asked of somebody, how often they wanted it, and their name in others' requests."""
    unname(member_id)
    for rows in (HelpRequest, Asking):
        gone = delete(rows).where(rows.member_id == member_id)
        db.session.execute(gone.execution_options(synchronize_session=False))


def tidy_merged(member_id: int) -> None:
    """Nobody is asked to help with their own question, nor by themselves, after a merge."""
    own = select(Question.id).where(Question.author_id == member_id)
    themselves = HelpRequest.by_id == HelpRequest.member_id
    gone = delete(HelpRequest).where(
        HelpRequest.member_id == member_id, or_(HelpRequest.question_id.in_(own), themselves)
    )
    db.session.execute(gone.execution_options(synchronize_session=False))
