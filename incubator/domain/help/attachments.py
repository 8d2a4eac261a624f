"""Files of posts: who may see them, and those that wait for their form to be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from incubator.domain.help import policy, queries
from incubator.domain.help.models import Answer
from incubator.domain.help.post_models import Attachment, Comment
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, NotFound, Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incubator.domain.help.models import Question
    from incubator.kernel.kept_files import Kept
    from incubator.network.members.actor import Actor

FILES_MOST: Final = 8
UNSENT_MOST: Final = 40
SHOWN_MOST: Final = 400
ONCE_MOST: Final = 36


def add(actor: Actor, once: str, file: Kept, *, now: datetime) -> Attachment:
    """Let a stored file wait for the post of a form.

    Raise NotAllowed ``help.guest``, Refusal ``help.files_too_many``.
    """
    if not policy.may_ask(actor):
        raise NotAllowed("help.guest")
    unsent = (Attachment.owner_id == actor.id, Attachment.question_id.is_(None))
    number = select(func.count()).select_from(Attachment).where(*unsent)
    here = db.session.scalar(number.where(Attachment.once == once[:ONCE_MOST])) or 0
    if not once or here >= FILES_MOST or (db.session.scalar(number) or 0) >= UNSENT_MOST:
        raise Refusal("help.files_too_many", field="files", most=FILES_MOST)
    added = Attachment(
        owner_id=actor.id,
        once=once[:ONCE_MOST],
        file_key=file.key,
        file_name=file.name,
        kind=file.kind,
        size=file.size,
        width=file.width,
        height=file.height,
        added_at=now,
    )
    db.session.add(added)
    db.session.flush()
    return added


def remove(actor: Actor, attachment_id: int) -> Attachment:
    """Take a file away, sent or not; raise NotFound, NotAllowed ``help.edit_not_yours``.

    The file itself goes with the next sweep of what no row names.
    """
    found = visible_to(actor, attachment_id)
    if found.owner_id != actor.id:
        raise NotAllowed("help.edit_not_yours")
    db.session.delete(found)
    db.session.flush()
    return found


def waiting(actor: Actor, once: str) -> Sequence[Attachment]:
    """The files that wait for a form to be sent."""
    return db.session.scalars(
        select(Attachment)
        .where(
            Attachment.owner_id == actor.id,
            Attachment.once == once[:ONCE_MOST],
            Attachment.question_id.is_(None),
        )
        .order_by(Attachment.id)
    ).all()


def visible_to(actor: Actor, attachment_id: int) -> Attachment:
    """A file of a post that one may read, or of one's own that is not sent.

    Raise NotFound ``help.file``.
    """
    found = db.session.get(Attachment, attachment_id)
    if found is None or not _is_shown(actor, found):
        raise NotFound("help.file")
    return found


def _is_shown(actor: Actor, file: Attachment) -> bool:
    if file.question_id is None:
        return file.owner_id == actor.id
    queries.visible_to(actor, file.question_id)
    gone = [
        db.session.scalar(select(kind.removed).where(kind.id == number))
        for kind, number in ((Answer, file.answer_id), (Comment, file.comment_id))
        if number
    ]
    return not any(gone)


def of_thread(question: Question) -> dict[tuple[int | None, int | None], list[Attachment]]:
    """The files of a thread by (answer, comment); neither is the question itself."""
    found: dict[tuple[int | None, int | None], list[Attachment]] = {}
    for file in db.session.scalars(
        select(Attachment)
        .where(Attachment.question_id == question.id)
        .order_by(Attachment.id)
        .limit(SHOWN_MOST)
    ):
        found.setdefault((file.answer_id, file.comment_id), []).append(file)
    return found


def sent_by(member_id: int) -> Sequence[Attachment]:
    """The files that a member sent, for the export of what is theirs."""
    query = select(Attachment).where(Attachment.owner_id == member_id)
    return db.session.scalars(query.order_by(Attachment.id)).all()
