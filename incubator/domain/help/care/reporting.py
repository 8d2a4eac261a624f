"""A member says that a post is not as it should be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.domain.help.care import doors, limits, policy, records, rules
from incubator.domain.help.care.events import PostReported
from incubator.domain.help.care_models import Report
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotAllowed
from incubator.kernel.events import record

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.help.revisions import Post
    from incubator.network.members.actor import Actor


def report(actor: Actor, name: str, *, reason: str, words: str = "", now: datetime) -> bool:
    """Tell those who run the site of a post («answer-12»); whether it is the first time.

    A second report of the same member changes nothing. Raise NotFound, NotAllowed
    ``care.own_post``, Refusal on the reason and the words, or ``help.slow_down_report``.
    """
    question, post = doors.post_named(actor, name, lock=True)
    if not policy.may_report(actor, post.author_id):
        raise NotAllowed("care.own_post")
    kind, told = rules.clean_reason(reason, words)
    case = records.case_of(question, post)
    new = insert_once(
        Report, case_id=case.id, reporter_id=actor.id, reason=kind, words=told, reported_at=now
    )
    if new:
        limits.check(actor, "report", now=now)
        records.touch(case)
        happened = PostReported(
            actor_id=actor.id,
            site_id=question.site_id,
            question_id=question.id,
            case_id=case.id,
            at=now,
        )
        record(happened)
    return new


def has_reported(actor: Actor, post: Post) -> bool:
    """Whether they reported a post before."""
    case = records.find_case(post)
    if case is None:
        return False
    query = select(Report.id).where(Report.case_id == case.id, Report.reporter_id == actor.id)
    return db.session.scalar(query) is not None
