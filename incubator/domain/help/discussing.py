"""Comments on questions and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import select

from incubator.domain.help import policy, queries, rules, sending
from incubator.domain.help.care import limits
from incubator.domain.help.events import CommentEdited, CommentRemoved, CommentWritten
from incubator.domain.help.locking import check_open
from incubator.domain.help.models import Removal
from incubator.domain.help.post_models import Comment
from incubator.domain.help.records import tell
from incubator.domain.help.revisions import check_revision, keep
from incubator.domain.help.sending import sent
from incubator.domain.help.writing import rewrite, tell_mentioned, write
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotAllowed, NotFound

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.members.actor import Actor


def comment(
    actor: Actor,
    question_id: int,
    *,
    body: str,
    once: str,
    now: datetime,
    answer_id: int | None = None,
) -> Comment:
    """Comment on an answer, or on the question; a repeated ``once`` gives the first comment.

    Raise NotAllowed ``help.guest``, NotFound, Refusal ``help.locked``,
    ``help.slow_down_comment`` or on the body.
    """
    question = queries.visible_to(actor, question_id, lock=True)
    if answer_id is not None:
        other, _answer = queries.answer_visible_to(actor, answer_id)
        if other.id != question.id:
            raise NotFound("help.answer")
    check_open(actor, question)
    text = write(body, rules.COMMENT_MOST)
    key = once[: rules.ONCE_MOST] or uuid4().hex
    new = insert_once(
        Comment,
        question_id=question.id,
        answer_id=answer_id,
        author_id=actor.id,
        once=key,
        body_md=text.md,
        body_html=text.html,
        written_at=now,
    )
    said = db.session.scalars(
        select(Comment).where(Comment.author_id == actor.id, Comment.once == key)
    ).one()
    if new:
        if question.author_id != actor.id:
            limits.check(actor, "comment", now=now)
        sent(actor, question, said)
        tell(CommentWritten, actor, question, comment_id=said.id, answer_id=answer_id)
        tell_mentioned(actor, question, post=said, now_named=text.mentioned)
    return said


def edit_comment(
    actor: Actor, comment_id: int, *, body: str, revision: int, once: str = "", now: datetime
) -> Comment:
    """Rewrite a comment and keep what it said; a draft of the form ``once`` ends.

    Raise NotAllowed ``help.edit_not_yours``, Conflict ``help.edited_meanwhile``.
    """
    question, said = queries.comment_visible_to(actor, comment_id, lock=True)
    if not policy.may_edit_comment(actor, question, said):
        raise NotAllowed("help.edit_not_yours")
    text = write(body, rules.COMMENT_MOST)
    check_revision(said, revision)
    sending.rewritten(actor, question, said, once=once)
    if text.md != said.body_md:
        keep(actor, question, said, now=now)
        rewrite(actor, question, post=said, text=text)
        tell(CommentEdited, actor, question, comment_id=said.id)
    return said


def remove_comment(actor: Actor, comment_id: int, *, reason: str = "", now: datetime) -> None:
    """Take a comment away and keep the trace; raise NotAllowed ``help.edit_not_yours``."""
    question, said = queries.comment_visible_to(actor, comment_id, lock=True)
    if not policy.may_edit_comment(actor, question, said):
        raise NotAllowed("help.edit_not_yours")
    why = rules.clean_reason(reason)
    named = {"question_id": question.id, "comment_id": said.id, "by_id": actor.id}
    db.session.add(Removal(**named, removed_at=now, reason=why))
    said.removed = True
    db.session.flush()
    tell(CommentRemoved, actor, question, comment_id=said.id, reason=why)
