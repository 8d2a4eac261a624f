"""«Useful» and «me too»: one vote a member, which they may take back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from incubator.domain.help import policy, queries
from incubator.domain.help.events import VoteGiven, VoteTakenBack
from incubator.domain.help.models import Answer, Question
from incubator.domain.help.post_models import Vote
from incubator.domain.help.records import tell
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotAllowed

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from incubator.network.members.actor import Actor


def vote(actor: Actor, question_id: int, *, given: bool, now: datetime) -> int:
    """Say, or no longer, that one has the same question; how many do.

    Raise NotAllowed ``help.vote_own``.
    """
    question = queries.visible_to(actor, question_id, lock=True)
    return _vote(actor, question, question, given=given, now=now)


def vote_answer(actor: Actor, answer_id: int, *, given: bool, now: datetime) -> int:
    """Say, or no longer, that an answer is useful; how many say so.

    Raise NotAllowed ``help.vote_own``.
    """
    question, answer = queries.answer_visible_to(actor, answer_id, lock=True)
    return _vote(actor, question, answer, given=given, now=now)


def _vote(
    actor: Actor, question: Question, post: Question | Answer, *, given: bool, now: datetime
) -> int:
    if not policy.may_vote(actor, post):
        raise NotAllowed("help.vote_own")
    answer_id = post.id if isinstance(post, Answer) else None
    if given:
        values = {"question_id": question.id, "answer_id": answer_id, "member_id": actor.id}
        changed = insert_once(Vote, **values, voted_at=now)
    else:
        own = delete(Vote).where(*of_post(question.id, answer_id), Vote.member_id == actor.id)
        changed = bool(db.session.execute(own.returning(Vote.id)).all())
    if changed:
        post.votes = count_of(question.id, answer_id)
        db.session.flush()
        tell(VoteGiven if given else VoteTakenBack, actor, question, answer_id=answer_id)
    return post.votes


def of_post(question_id: int, answer_id: int | None) -> tuple[ColumnElement[bool], ...]:
    """Which votes are about an answer, or without one about a question itself."""
    if answer_id is None:
        return (Vote.question_id == question_id, Vote.answer_id.is_(None))
    return (Vote.answer_id == answer_id,)


def count_of(question_id: int, answer_id: int | None) -> int:
    """How many votes a post has."""
    query = select(func.count()).select_from(Vote).where(*of_post(question_id, answer_id))
    return db.session.scalar(query) or 0
