"""A comment that turns out to be an answer, and an answer that was a remark.

The new post says who wrote it and when; its files and its history come along. The old row stays,
removed, so that the conversion can be traced.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import delete, update

from incubator.domain.help import concerns, policy, queries
from incubator.domain.help.events import AnswerBecameComment, CommentBecameAnswer
from incubator.domain.help.locking import check_open
from incubator.domain.help.models import Answer, Revision
from incubator.domain.help.post_models import Attachment, Comment, Conversion, Vote
from incubator.domain.help.records import settle, tell
from incubator.domain.help.resolving import is_accepted
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.members.actor import Actor


def to_answer(actor: Actor, comment_id: int, *, now: datetime) -> Answer:
    """Make an answer of a comment; raise NotAllowed ``help.edit_not_yours``."""
    question, said = queries.comment_visible_to(actor, comment_id, lock=True)
    if not policy.may_edit_comment(actor, question, said):
        raise NotAllowed("help.edit_not_yours")
    check_open(actor, question)
    given = Answer(answered_at=said.written_at)
    _become(given, said, was="comment", now_is="answer")
    said.removed = True
    _note(actor, given, said, way="to_answer", now=now)
    settle(question)
    tell(CommentBecameAnswer, actor, question, comment_id=said.id, answer_id=given.id)
    return given


def to_comment(actor: Actor, answer_id: int, *, now: datetime) -> Comment:
    """Make a comment on the question of an answer; its own comments follow, its votes go.

    Raise NotAllowed ``help.edit_not_yours``, Refusal ``help.convert_accepted``.
    """
    question, given = queries.answer_visible_to(actor, answer_id, lock=True)
    if not policy.may_edit_answer(actor, question, given):
        raise NotAllowed("help.edit_not_yours")
    check_open(actor, question)
    if is_accepted(given.id):
        raise Refusal("help.convert_accepted")
    said = Comment(written_at=given.answered_at)
    _become(said, given, was="answer", now_is="comment")
    under = update(Comment).where(Comment.answer_id == given.id).values(answer_id=None)
    db.session.execute(under)
    db.session.execute(delete(Vote).where(Vote.answer_id == given.id))
    given.removed, given.votes = True, 0
    _note(actor, given, said, way="to_comment", now=now)
    settle(question)
    tell(AnswerBecameComment, actor, question, answer_id=given.id, comment_id=said.id)
    return said


def _become(new: Answer | Comment, old: Answer | Comment, *, was: str, now_is: str) -> None:
    """Give a new post the text of another, with its files, its history and whom it names."""
    new.question_id, new.author_id, new.once = old.question_id, old.author_id, uuid4().hex
    new.body_md, new.body_html = old.body_md, old.body_html
    new.edited_at, new.revision = old.edited_at, old.revision
    db.session.add(new)
    db.session.flush()
    _carry(Attachment, old, new)
    _carry(Revision, old, new)
    concerns.moved(old.question_id, concerns.Post(was, old.id), concerns.Post(now_is, new.id))


def _carry(kind: type[Attachment | Revision], old: Answer | Comment, new: Answer | Comment) -> None:
    """Let what belongs to a post belong to what it became."""
    whose = kind.comment_id if isinstance(old, Comment) else kind.answer_id
    values = {
        "answer_id": new.id if isinstance(new, Answer) else None,
        "comment_id": new.id if isinstance(new, Comment) else None,
    }
    db.session.execute(update(kind).where(whose == old.id).values(values))


def _note(actor: Actor, given: Answer, said: Comment, *, way: str, now: datetime) -> None:
    db.session.add(
        Conversion(
            question_id=given.question_id,
            answer_id=given.id,
            comment_id=said.id,
            way=way,
            by_id=actor.id,
            converted_at=now,
        )
    )
    db.session.flush()
