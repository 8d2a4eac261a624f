"""A post is sent: the files and the draft of its form become its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, update

from incubator.domain.help.models import Answer, Question
from incubator.domain.help.post_models import Attachment, Comment, Draft
from incubator.kernel.db import db

if TYPE_CHECKING:
    from incubator.domain.help.revisions import Post
    from incubator.network.members.actor import Actor


def sent(actor: Actor, question: Question, post: Post) -> None:
    """Attach what waits under the post's ``once``; nothing is left of its draft."""
    waiting = (
        Attachment.owner_id == actor.id,
        Attachment.once == post.once,
        Attachment.question_id.is_(None),
    )
    db.session.execute(
        update(Attachment)
        .where(*waiting)
        .values(
            question_id=question.id,
            answer_id=post.id if isinstance(post, Answer) else None,
            comment_id=post.id if isinstance(post, Comment) else None,
        )
    )
    db.session.execute(delete(Draft).where(Draft.author_id == actor.id, Draft.once == post.once))
