"""What a thread has to do with chat rooms, as far as its reader may know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from incubator.domain.help import queries
from incubator.domain.help.anonymity import hidden_author
from incubator.domain.help.models import Answer, Question
from incubator.domain.help.talks.models import Origin, Quote, Talk
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incubator.network.members.actor import Actor
    from incubator.network.members.models import Member

TALKS_MOST: Final = 20


class Quoted(NamedTuple):
    """A quoted message: ``author`` is None where they have not agreed to be named.

    Without ``html`` its author took it out.
    """

    no: int
    said_at: datetime
    author: Member | None
    html: str
    waits: bool


class Began(NamedTuple):
    """Where a question began; ``waits_for_me`` when the reader has not said whether to be named."""

    room_id: int
    quotes: tuple[Quoted, ...]
    waits_for_me: bool


def began_in(reader: Actor, question: Question) -> Began | None:
    """The messages of which a question was made, that the reader was found to see."""
    origin = db.session.get(Origin, question.id)
    if origin is None:
        return None
    rows = db.session.scalars(
        select(Quote)
        .where(Quote.question_id == question.id)
        .options(joinedload(Quote.author))
        .order_by(Quote.seq)
    ).all()
    hidden = hidden_author(reader, question)
    waits = any(row.author_id == reader.id and row.consent == "asked" for row in rows)
    return Began(origin.room_id, tuple(_quoted(row, reader, hidden) for row in rows), waits)


def _quoted(row: Quote, reader: Actor, hidden: int | None) -> Quoted:
    told = row.consent in {"free", "given"} or row.author_id == reader.id
    author = row.author if told and row.author_id != hidden else None
    html = "" if row.consent == "refused" else row.body_html
    return Quoted(row.no, row.said_at, author, html, row.consent == "asked")


def own_quotes(actor: Actor, question_id: int, *, lock: bool = False) -> Sequence[Quote]:
    """The messages of theirs that a question quotes only if they agree."""
    query = (
        select(Quote)
        .join(Question, Question.id == Quote.question_id)
        .where(
            Quote.question_id == question_id,
            Quote.author_id == actor.id,
            Quote.consent != "free",
            Question.state != "removed",
        )
        .order_by(Quote.seq)
    )
    return db.session.scalars(query.with_for_update(of=Quote) if lock else query).all()


def may_talk_with(actor: Actor, question: Question, member_id: int) -> bool:
    """Whether a member asked or answered a question under their name, and is somebody else."""
    if member_id in {actor.id, hidden_author(actor, question)}:
        return False
    if member_id == question.author_id:
        return True
    answered = select(Answer.id).where(
        Answer.question_id == question.id, Answer.author_id == member_id, ~Answer.removed
    )
    return db.session.scalar(answered.limit(1)) is not None


def talks_in(reader: Actor, question: Question) -> Sequence[Talk]:
    """Where a thread is talked through, as far as the reader takes part or it was concluded."""
    mine = or_(Talk.by_id == reader.id, Talk.with_id == reader.id)
    return db.session.scalars(
        select(Talk)
        .where(Talk.question_id == question.id, or_(mine, Talk.answer_id.is_not(None)))
        .order_by(Talk.id)
        .limit(TALKS_MOST)
    ).all()


def talk_of(actor: Actor, talk_id: int, *, lock: bool = False) -> Talk:
    """A talk of theirs about a thread that they may read; raise NotFound ``help.talk``."""
    mine = or_(Talk.by_id == actor.id, Talk.with_id == actor.id)
    query = select(Talk).where(Talk.id == talk_id, mine)
    found = db.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound("help.talk")
    queries.visible_to(actor, found.question_id)
    return found
