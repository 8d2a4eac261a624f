"""What posts said before they were edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.domain.help.models import Answer, Question, Revision
from incubator.domain.help.post_models import Comment
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.members.actor import Actor

Post = Question | Answer | Comment


def check_revision(post: Post, seen: int) -> None:
    """Raise Conflict ``help.edited_meanwhile`` when the editor started from another text."""
    if post.revision != seen:
        raise Conflict("help.edited_meanwhile", field="body")


def keep(actor: Actor, question: Question, post: Post, *, now: datetime) -> None:
    """Keep the present text of a post as a revision before it is replaced."""
    post.revision += 1
    db.session.add(
        Revision(
            question_id=question.id,
            answer_id=post.id if isinstance(post, Answer) else None,
            comment_id=post.id if isinstance(post, Comment) else None,
            number=post.revision,
            title=post.title if isinstance(post, Question) else "",
            body_md=post.body_md,
            body_html=post.body_html,
            written_at=post.edited_at or written_at(post),
            by_id=actor.id,
            edited_at=now,
        )
    )
    post.edited_at = now
    db.session.flush()


def written_at(post: Post) -> datetime:
    """When a post was first sent."""
    if isinstance(post, Question):
        return post.asked_at
    return post.answered_at if isinstance(post, Answer) else post.written_at
