"""«Thank you» for an answer: one a member, with or without words, which they may take back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, select

from incubator.domain.help import policy, queries
from incubator.domain.help.events import ThanksGiven, ThanksTakenBack
from incubator.domain.help.models import Answer
from incubator.domain.help.post_models import Thanks
from incubator.domain.help.records import settle, tell
from incubator.domain.help.rules import clean_words
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Select

    from incubator.domain.help.models import Question
    from incubator.network.members.actor import Actor

WORDS_MOST: Final = 300
READ_MOST: Final = 100


def thank(actor: Actor, answer_id: int, *, words: str = "", now: datetime) -> Thanks:
    """Thank for an answer; again only changes the words.

    Raise NotAllowed ``help.thank_own``, Refusal ``help.thanks_too_long``.
    """
    question, given = queries.answer_visible_to(actor, answer_id, lock=True)
    if not policy.may_vote(actor, given):
        raise NotAllowed("help.thank_own")
    said = _clean(words)
    key = {"question_id": question.id, "answer_id": given.id, "member_id": actor.id}
    new = insert_once(Thanks, **key, words=said, thanked_at=now)
    thanks = db.session.scalars(_own(actor, given.id)).one()
    thanks.words = said
    db.session.flush()
    if new:
        _counted(question, given)
        tell(ThanksGiven, actor, question, answer_id=given.id, helper_id=given.author_id)
    return thanks


def take_back(actor: Actor, answer_id: int) -> None:
    """Take one's thanks back; nothing when there were none."""
    question, given = queries.answer_visible_to(actor, answer_id, lock=True)
    gone = delete(Thanks).where(Thanks.answer_id == given.id, Thanks.member_id == actor.id)
    if db.session.execute(gone.returning(Thanks.id)).all():
        _counted(question, given)
        tell(ThanksTakenBack, actor, question, answer_id=given.id, helper_id=given.author_id)


def _clean(words: str) -> str:
    said = clean_words(words)
    if len(said) > WORDS_MOST:
        raise Refusal("help.thanks_too_long", field="words", most=WORDS_MOST)
    return said


def _own(actor: Actor, answer_id: int) -> Select[Thanks]:
    return (
        select(Thanks)
        .where(Thanks.answer_id == answer_id, Thanks.member_id == actor.id)
        .execution_options(populate_existing=True)
    )


def _counted(question: Question, given: Answer) -> None:
    given.thanks = thanks_of(given.id)
    settle(question)


def thanks_of(answer_id: int) -> int:
    """How many thanked for an answer."""
    query = select(func.count()).select_from(Thanks).where(Thanks.answer_id == answer_id)
    return db.session.scalar(query) or 0


def own_thanks(actor: Actor, answer_id: int) -> Thanks | None:
    """The thanks that one gave for an answer."""
    return db.session.scalar(_own(actor, answer_id))


@dataclass(frozen=True, slots=True)
class Word:
    """Words of thanks for an answer; ``name`` is empty where the reader may not know it."""

    answer_id: int
    name: str
    words: str


def words_for(reader: Actor, question: Question, *, hidden: int | None) -> list[Word]:
    """The words of thanks for a reader's answers in a thread; see ``anonymity`` for ``hidden``."""
    rows = db.session.execute(
        select(Thanks.answer_id, Thanks.member_id, Member.name, Thanks.words)
        .join(Member, Member.id == Thanks.member_id)
        .join(Answer, Answer.id == Thanks.answer_id)
        .where(Thanks.question_id == question.id, Answer.author_id == reader.id, Thanks.words != "")
        .order_by(Thanks.answer_id, Thanks.id)
        .limit(READ_MOST)
    )
    return [
        Word(row.answer_id, "" if row.member_id == hidden else row.name, row.words) for row in rows
    ]
