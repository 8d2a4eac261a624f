"""A post is sent: the files and the draft of its form become its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, delete, func, select, update

from incubator.domain.help.attachments import FILES_MOST
from incubator.domain.help.models import Answer
from incubator.domain.help.post_models import Attachment, Comment, Draft
from incubator.kernel.db import db
from incubator.kernel.errors import Refusal

if TYPE_CHECKING:
    from incubator.domain.help.models import Question
    from incubator.domain.help.revisions import Post
    from incubator.network.members.actor import Actor


def sent(actor: Actor, question: Question, post: Post) -> None:
    """Attach what waits under the post's ``once``; nothing is left of its draft."""
    _take(actor, question, post, once=post.once)


def rewritten(actor: Actor, question: Question, post: Post, *, once: str) -> None:
    """The same for a post that was rewritten in a form of another ``once``.

    Raise Refusal ``help.files_too_many`` when it would hold more files than a post may.
    """
    waits = (Attachment.owner_id == actor.id, Attachment.once == once)
    new = _count(*waits, Attachment.question_id.is_(None))
    if new and new + _count(*_of(question, post)) > FILES_MOST:
        raise Refusal("help.files_too_many", field="files", most=FILES_MOST)
    _take(actor, question, post, once=once)


def _of(question: Question, post: Post) -> tuple[ColumnElement[bool], ...]:
    if isinstance(post, Answer):
        return (Attachment.answer_id == post.id,)
    if isinstance(post, Comment):
        return (Attachment.comment_id == post.id,)
    own = (Attachment.answer_id.is_(None), Attachment.comment_id.is_(None))
    return (Attachment.question_id == question.id, *own)


def _count(*which: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(Attachment).where(*which)
    return db.session.scalar(query) or 0


def _take(actor: Actor, question: Question, post: Post, *, once: str) -> None:
    waiting = (
        Attachment.owner_id == actor.id,
        Attachment.once == once,
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
    db.session.execute(delete(Draft).where(Draft.author_id == actor.id, Draft.once == once))
