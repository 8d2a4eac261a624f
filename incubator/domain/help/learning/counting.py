"""Help that was of use counts in hours: who may have theirs counted, and how long it took.

Help answers for the thread alone: who asked, who helped, and that the help was of use. The hours
are another feature's, which hears ``HelpTimed``; a thread reopened or an answer taken away later
changes nothing of what somebody has confirmed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from incubator.domain.help import queries
from incubator.domain.help.events import HelpTimed
from incubator.domain.help.models import Acceptance, Answer
from incubator.domain.help.post_models import Thanks
from incubator.domain.help.records import tell
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from incubator.domain.help.models import Question
    from incubator.domain.help.posts import Said
    from incubator.network.members.actor import Actor


@dataclass(frozen=True, slots=True)
class Helped:
    """A helper whose answer was of use: accepted, or the asker thanked for it."""

    answer_id: int
    helper_id: int
    name: str
    helped_at: datetime


def helpers_in(question: Question) -> list[Helped]:
    """Whose help in a thread may be counted, each once, by their first answer of use."""
    accepted = exists().where(Acceptance.answer_id == Answer.id)
    thanked = exists().where(Thanks.answer_id == Answer.id, Thanks.member_id == question.author_id)
    rows = db.session.execute(
        select(Answer.id, Answer.author_id, Member.name, Answer.answered_at)
        .join(Member, Member.id == Answer.author_id)
        .where(
            Answer.question_id == question.id,
            ~Answer.removed,
            Answer.author_id != question.author_id,
            accepted | thanked,
        )
        .order_by(Answer.id)
    )
    first: dict[int, Helped] = {}
    for row in rows:
        first.setdefault(row.author_id, Helped(*row))
    return list(first.values())


def among(question: Question, given: Sequence[Said], accepted: Collection[int]) -> Sequence[Helped]:
    """The same among answers that were read already."""
    first: dict[int, Helped] = {}
    for each in sorted(given, key=lambda one: one.id):
        of_use = each.id in accepted or each.of_use
        if of_use and each.author_id != question.author_id:
            helped = Helped(each.id, each.author_id, each.author.name, each.answered_at)
            first.setdefault(each.author_id, helped)
    return list(first.values())


def helper_of(actor: Actor, answer_id: int, *, lock: bool = False) -> tuple[Question, Helped]:
    """The thread of an answer and its helper, for one of the two whom it concerns.

    Raise NotFound as ``queries``, NotAllowed ``help.count_not_yours`` or ``help.count_not_yet``
    while nobody has said that the answer was of use.
    """
    question, given = queries.answer_visible_to(actor, answer_id, lock=lock)
    if actor.is_guest or actor.id not in {question.author_id, given.author_id}:
        raise NotAllowed("help.count_not_yours")
    for helped in helpers_in(question):
        if helped.helper_id == given.author_id:
            return question, helped
    raise NotAllowed("help.count_not_yet")


def count(actor: Actor, answer_id: int, *, minutes: int, now: datetime) -> None:
    """Say how many minutes the help took: the helper, or whoever asked.

    Raise as ``helper_of``, and what the hours refuse.
    """
    question, helped = helper_of(actor, answer_id, lock=True)
    tell(
        HelpTimed,
        actor,
        question,
        answer_id=helped.answer_id,
        helper_id=helped.helper_id,
        asker_id=question.author_id,
        unnamed=question.anonymous,
        minutes=minutes,
        helped_at=helped.helped_at,
        told_at=now,
        # Hours are read by managers of other sites too, who may not read the thread.
        note=question.title if question.audience == "network" else "",
    )
