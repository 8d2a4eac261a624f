"""What somebody has begun to write, kept until it is sent or thrown away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import joinedload

from incubator.domain.help import policy
from incubator.domain.help.models import Answer, Question
from incubator.domain.help.post_models import Attachment, Comment, Draft
from incubator.domain.help.typed import edited, says_so
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotFound, Refusal
from incubator.network.members.reader import READER_ID, Counter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incubator.domain.help.typed import Typed
    from incubator.network.members.actor import Actor

DRAFTS_MOST: Final = 60
TITLE_MOST: Final = 300
# More than any post: what is too long to be sent must not be lost either.
BODY_MOST: Final = 120_000
ONCE_MOST: Final = 36


def save(actor: Actor, typed: Typed, *, now: datetime) -> Draft | None:
    """Keep what was typed under its form's key; None when it is empty or was sent meanwhile.

    Nothing is kept either of a post rewritten to what it says already.

    It is kept for a thread that was locked or removed, too. Raise NotFound for one that never
    was, Refusal ``help.drafts_too_many``.
    """
    once = typed.once[:ONCE_MOST]
    if not policy.may_ask(actor) or not once or _was_sent(actor, once):
        return None
    own = (Draft.author_id == actor.id, Draft.once == once)
    post = edited(typed.fields, typed.question_id)
    empty = not (typed.body.strip() or typed.title.strip())
    if says_so(post, typed) if post else empty:
        db.session.execute(delete(Draft).where(*own))
        return None
    if not _is_kept(own):
        _check_place(actor, typed)
        named = {"kind": typed.kind, "question_id": typed.question_id, "answer_id": typed.answer_id}
        insert_once(Draft, author_id=actor.id, once=once, fields={}, saved_at=now, **named)
    draft = db.session.scalars(
        select(Draft).where(*own).execution_options(populate_existing=True)
    ).one()
    draft.title, draft.body_md = typed.title[:TITLE_MOST], typed.body[:BODY_MOST]
    draft.fields, draft.saved_at = dict(typed.fields), now
    db.session.flush()
    return draft


def _is_kept(own: tuple[Any, ...]) -> bool:
    return db.session.scalar(select(Draft.id).where(*own)) is not None


def _was_sent(actor: Actor, once: str) -> bool:
    """Whether a post of this form is there: a late autosave must not bring its draft back."""
    return any(
        db.session.scalar(select(kind.id).where(kind.author_id == actor.id, kind.once == once))
        for kind in (Question, Answer, Comment)
    )


def _check_place(actor: Actor, typed: Typed) -> None:
    number = select(func.count()).select_from(Draft).where(Draft.author_id == actor.id)
    if (db.session.scalar(number) or 0) >= DRAFTS_MOST:
        raise Refusal("help.drafts_too_many", most=DRAFTS_MOST)
    if typed.kind == "question" and typed.question_id is None:
        return
    if db.session.get(Question, typed.question_id or 0) is None:
        raise NotFound("help.question")
    answer = db.session.get(Answer, typed.answer_id) if typed.answer_id else None
    if typed.answer_id and (answer is None or answer.question_id != typed.question_id):
        raise NotFound("help.answer")


def of_member(actor: Actor) -> Sequence[Draft]:
    """What they have begun, the latest first, with the thread where it belongs."""
    return db.session.scalars(
        select(Draft)
        .where(Draft.author_id == actor.id)
        .options(joinedload(Draft.question))
        .order_by(Draft.saved_at.desc(), Draft.id.desc())
        .limit(DRAFTS_MOST)
    ).all()


# How many drafts they have.
NUMBER = Counter(
    select(func.count()).select_from(Draft).where(Draft.author_id == READER_ID).scalar_subquery(),
    DRAFTS_MOST,
)


def own(actor: Actor, draft_id: int) -> Draft:
    """A draft of theirs; raise NotFound ``help.draft``."""
    draft = db.session.scalar(
        select(Draft).where(Draft.id == draft_id, Draft.author_id == actor.id)
    )
    if draft is None:
        raise NotFound("help.draft")
    return draft


def in_thread(actor: Actor, question_id: int) -> Sequence[Draft]:
    """What they have begun in a thread, the latest first."""
    return db.session.scalars(
        select(Draft)
        .where(Draft.author_id == actor.id, Draft.question_id == question_id)
        .order_by(Draft.saved_at.desc(), Draft.id.desc())
        .limit(DRAFTS_MOST)
    ).all()


def discard(actor: Actor, draft_id: int) -> None:
    """Throw a draft away with its files; raise NotFound ``help.draft``."""
    draft = own(actor, draft_id)
    unsent = (Attachment.owner_id == actor.id, Attachment.question_id.is_(None))
    db.session.execute(delete(Attachment).where(*unsent, Attachment.once == draft.once))
    db.session.delete(draft)
    db.session.flush()


def forgotten(before: datetime) -> int:
    """Take away files of forms that were left long ago without a draft; how many."""
    lives = select(Draft.id).where(
        Draft.author_id == Attachment.owner_id, Draft.once == Attachment.once
    )
    left = delete(Attachment).where(
        Attachment.question_id.is_(None), Attachment.added_at < before, ~lives.exists()
    )
    return len(db.session.execute(left.returning(Attachment.id)).all())
