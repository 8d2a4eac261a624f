"""Posts that managers hide: their words are for the author and the managers, until shown again.

A hidden post counts as removed everywhere, so that no list, feed, letter or search needs to know
of it; the pages that tell of it read its measure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.domain.help.care import doors, policy, records, rules
from incubator.domain.help.care.events import PostHidden, PostShown
from incubator.domain.help.models import Question
from incubator.domain.help.records import settle, tell
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, NotAllowed, Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.help.care_models import Case
    from incubator.domain.help.revisions import Post
    from incubator.network.members.actor import Actor


def hide(actor: Actor, name: str, *, reason: str, now: datetime) -> Case:
    """Hide a post by its name in the page («answer-12»).

    Raise NotFound, NotAllowed ``help.care_own`` or ``help.run_not_manager``, Refusal on the reason.
    """
    question, post = doors.post_named(actor, name, lock=True)
    if not actor.manages(policy.site_of(question)):
        raise NotAllowed("help.run_not_manager")
    if not policy.may_hide(actor, question, post.author_id):
        raise NotAllowed("help.care_own")
    case = records.case_of(question, post)
    hide_post(actor, question, case, reason=reason, now=now)
    return case


def hide_post(actor: Actor, question: Question, case: Case, *, reason: str, now: datetime) -> None:
    """Hide what a case is about; the caller holds the question.

    Raise Refusal on the reason, Conflict ``care.meanwhile`` when it is hidden already,
    Refusal ``help.care_gone`` when its author took it away.
    """
    why = rules.clean_words(reason, needed=True)
    if records.standing(case, "hide"):
        raise Conflict("care.meanwhile")
    post = doors.post_of(case)
    if _is_gone(post):
        raise Refusal("help.care_gone")
    records.take(actor, case, "hide", note=why, now=now)
    _set_removed(question, post, removed=True)
    told = {"case_id": case.id, "member_id": case.author_id}
    tell(PostHidden, actor, question, **told, reason=why)


def show(actor: Actor, question: Question, case: Case) -> None:
    """A post whose hiding was just undone is there again; the caller holds the question."""
    _set_removed(question, doors.post_of(case), removed=False)
    tell(PostShown, actor, question, case_id=case.id, member_id=case.author_id)


def _is_gone(post: Post) -> bool:
    return post.state == "removed" if isinstance(post, Question) else post.removed


def _set_removed(question: Question, post: Post, *, removed: bool) -> None:
    if not isinstance(post, Question):
        post.removed = removed
        db.session.flush()
    settle(question)
