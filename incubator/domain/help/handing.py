"""What one member asked, answered and decided becomes another's: a merge, or a name that goes."""

from __future__ import annotations

from sqlalchemy import ColumnElement, String, cast, delete, func, literal, or_, select, update
from sqlalchemy.orm import aliased

from incubator.domain.help.care import handing as care
from incubator.domain.help.events import ThreadsHandedOver
from incubator.domain.help.learning.handing import hand_over_sheets, hand_over_thanks
from incubator.domain.help.models import (
    Acceptance,
    Answer,
    Closure,
    Question,
    Removal,
    Revision,
)
from incubator.domain.help.post_models import (
    Attachment,
    Comment,
    Conversion,
    Draft,
    Duplicate,
    Lock,
    Vote,
)
from incubator.domain.help.talks.models import Origin, Quote, Talk
from incubator.domain.help.voting import count_of
from incubator.kernel.db import db
from incubator.kernel.events import record

DECISIONS = (Acceptance, Closure, Duplicate, Lock, Conversion, Removal, Revision)


def hand_over(*, from_id: int, to_id: int, by_id: int | None) -> int:
    """Let another member be the author of all that one wrote in threads; how many texts.

    Questions, answers and comments get a new ``once``: no form waits for them any more. States
    and figures of the threads stay as they were, but nobody votes twice or for themselves.
    """
    number = 0
    for written in (Question, Answer, Comment):
        own = written.author_id == from_id
        number += db.session.scalar(select(func.count()).select_from(written).where(own)) or 0
        once = literal("moved-").concat(cast(written.id, String))
        change = update(written).where(own).values(author_id=to_id, once=once)
        db.session.execute(change.execution_options(synchronize_session=False))
    for decided in DECISIONS:
        change = update(decided).where(decided.by_id == from_id).values(by_id=to_id)
        db.session.execute(change.execution_options(synchronize_session=False))
    care.hand_over(from_id=from_id, to_id=to_id)
    _hand_over_unsent(from_id, to_id)
    _hand_over_talks(from_id, to_id)
    _hand_over_votes(from_id, to_id)
    hand_over_thanks(from_id, to_id)
    hand_over_sheets(from_id, to_id)
    record(ThreadsHandedOver(actor_id=by_id, from_id=from_id, to_id=to_id, how_many=number))
    return number


def _hand_over_unsent(from_id: int, to_id: int) -> None:
    """Drafts and files keep one key between them, which the other one's cannot be."""
    for kind, owner in ((Draft, Draft.author_id), (Attachment, Attachment.owner_id)):
        once = literal(f"moved-{from_id}-").concat(kind.once)
        change = update(kind).where(owner == from_id).values({owner: to_id, kind.once: once})
        db.session.execute(change.execution_options(synchronize_session=False))


def _hand_over_talks(from_id: int, to_id: int) -> None:
    """Quoted messages and talks have another name; no form waits for the origins any more."""
    chosen = literal("moved-").concat(cast(Origin.question_id, String))
    for change in (
        update(Origin).where(Origin.by_id == from_id).values(by_id=to_id, chosen=chosen),
        update(Quote).where(Quote.author_id == from_id).values(author_id=to_id),
        update(Talk).where(Talk.by_id == from_id).values(by_id=to_id),
        update(Talk).where(Talk.with_id == from_id).values(with_id=to_id),
    ):
        db.session.execute(change.execution_options(synchronize_session=False))


def _hand_over_votes(from_id: int, to_id: int) -> None:
    twin = aliased(Vote)
    twice = select(twin.id).where(
        twin.member_id == to_id,
        twin.question_id == Vote.question_id,
        func.coalesce(twin.answer_id, 0) == func.coalesce(Vote.answer_id, 0),
    )
    gone = _dropped(Vote.member_id == from_id, twice.exists())
    db.session.execute(update(Vote).where(Vote.member_id == from_id).values(member_id=to_id))
    answers = select(Answer.id).where(Answer.author_id == to_id)
    questions = select(Question.id).where(Question.author_id == to_id)
    for_themselves = or_(
        Vote.answer_id.in_(answers), Vote.answer_id.is_(None) & Vote.question_id.in_(questions)
    )
    gone += _dropped(Vote.member_id == to_id, for_themselves)
    for question_id, answer_id in gone:
        post = Answer if answer_id else Question
        votes = count_of(question_id, answer_id)
        change = update(post).where(post.id == (answer_id or question_id)).values(votes=votes)
        db.session.execute(change)


def _dropped(*which: ColumnElement[bool]) -> list[tuple[int, int | None]]:
    """Take votes away; the posts they were about, as question and answer."""
    change = delete(Vote).where(*which).returning(Vote.question_id, Vote.answer_id)
    return [(row.question_id, row.answer_id) for row in db.session.execute(change)]
