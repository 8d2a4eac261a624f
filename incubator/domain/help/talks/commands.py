"""Questions made of messages, whose authors agree to be named; threads talked through by two."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from incubator.domain.help import commands, policy, queries
from incubator.domain.help.events import (
    QuestionMadeOfMessages,
    QuotesDecided,
    TalkConcluded,
    ThreadTalkedThrough,
)
from incubator.domain.help.models import Answer, Question
from incubator.domain.help.records import tell
from incubator.domain.help.talks.models import Origin, Quote, Talk
from incubator.domain.help.talks.queries import may_talk_with, own_quotes, talk_of
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotAllowed, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from incubator.network.members.actor import Actor

QUOTES_MOST: Final = 40


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A message as it stands in its room when it is quoted."""

    seq: int
    no: int
    author_id: int
    said_at: datetime
    html: str


def made_of(actor: Actor, room_id: int, seqs: Iterable[int]) -> Question | None:
    """The question that a member has already made of these messages."""
    return db.session.scalar(
        select(Question)
        .join(Origin, Origin.question_id == Question.id)
        .where(
            Origin.room_id == room_id,
            Origin.by_id == actor.id,
            Origin.chosen == _key(seqs),
            Question.state != "removed",
        )
    )


def quote(
    actor: Actor,
    question: Question,
    heard: Sequence[Heard],
    *,
    room_id: int,
    private: bool,
    now: datetime,
) -> None:
    """Let a new question carry messages of a room.

    Of a ``private`` one, the others are named once they agree.
    """
    key = _key(each.seq for each in heard)
    origin = Origin(question_id=question.id, room_id=room_id, by_id=actor.id, chosen=key)
    origin.made_at = now
    db.session.add(origin)
    db.session.add_all(
        Quote(
            question_id=question.id,
            seq=each.seq,
            no=each.no,
            author_id=each.author_id,
            said_at=each.said_at,
            body_html=each.html,
            consent="asked" if private and each.author_id != actor.id else "free",
        )
        for each in heard
    )
    db.session.flush()
    tell(QuestionMadeOfMessages, actor, question, room_id=room_id, how_many=len(heard))


def _key(seqs: Iterable[int]) -> str:
    named = " ".join(map(str, sorted(set(seqs))))
    return blake2b(named.encode(), digest_size=20).hexdigest()


def decide(actor: Actor, question_id: int, *, agreed: bool, now: datetime) -> None:
    """Agree to be named beside one's quoted messages, or take them out of the question.

    Raise NotFound ``help.quotes`` where nothing of theirs needs consent.
    """
    mine = own_quotes(actor, question_id, lock=True)
    if not mine:
        raise NotFound("help.quotes")
    for each in mine:
        each.consent, each.answered_at = ("given" if agreed else "refused"), now
    db.session.flush()
    question = db.session.get_one(Question, question_id)
    tell(QuotesDecided, actor, question, agreed=agreed, how_many=len(mine))


def check_may_talk(actor: Actor, question_id: int, member_id: int) -> Question:
    """The thread that they may talk through with a member.

    Raise NotFound ``help.question``, NotAllowed ``help.talk_with`` when that member neither asked
    nor answered under their name.
    """
    question = queries.visible_to(actor, question_id)
    if not policy.may_answer(actor) or not may_talk_with(actor, question, member_id):
        raise NotAllowed("help.talk_with")
    return question


def talk(
    actor: Actor, question_id: int, *, member_id: int, room_id: int, now: datetime
) -> tuple[Talk, bool]:
    """Note that a thread is talked through in a room; whether that is new. Raise as above."""
    question = check_may_talk(actor, question_id, member_id)
    who = {"by_id": actor.id, "with_id": member_id}
    where = {"question_id": question.id, "room_id": room_id}
    new = insert_once(Talk, **where, **who, opened_at=now, answer_id=None, concluded_at=None)
    found = db.session.scalars(
        select(Talk).where(Talk.question_id == question.id, Talk.room_id == room_id)
    ).one()
    if new:
        tell(ThreadTalkedThrough, actor, question, member_id=member_id)
    return found, new


def conclude(
    actor: Actor, talk_id: int, *, body: str, once: str, now: datetime
) -> tuple[Talk, Answer, bool]:
    """Answer a thread with what was concluded; whether that is new.

    The first conclusion stays. Raise NotFound ``help.talk`` for others than the two, and as
    ``commands.answer``.
    """
    found = talk_of(actor, talk_id, lock=True)
    if found.answer_id is not None:
        return found, db.session.get_one(Answer, found.answer_id), False
    given = commands.answer(actor, found.question_id, body=body, once=once, now=now)
    found.answer_id, found.concluded_at = given.id, now
    db.session.flush()
    question = db.session.get_one(Question, found.question_id)
    tell(TalkConcluded, actor, question, answer_id=given.id)
    return found, given, True
