"""Who asks or answers follows the thread; who follows it is told once, however much comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.domain.help import bumps, follows
from incubator.domain.help.events import (
    AnswerAccepted,
    AnswerGiven,
    QuestionAsked,
    QuestionClosed,
)
from incubator.kernel.db import utcnow
from incubator.kernel.events import joins

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incubator.domain.help.events import HelpEvent


def asked(event: QuestionAsked) -> None:
    """The asker follows; who follows a skill of the question or its site hears of it."""
    if event.actor_id is not None:
        follows.follow_by_default(event.question_id, event.actor_id, now=utcnow())
    _bump(event, bumps.followers_of(event.skill_ids, event.site_id))


def answered(event: AnswerGiven) -> None:
    """Who answered follows; those who did before hear of it."""
    if event.actor_id is not None:
        follows.follow_by_default(event.question_id, event.actor_id, now=utcnow())
    _bump(event, bumps.followers(event.question_id))


def solved(event: AnswerAccepted | QuestionClosed) -> None:
    """What solved it is news for everybody who follows."""
    _bump(event, bumps.followers(event.question_id))


def _bump(event: HelpEvent, readers: Mapping[int, bumps.Why]) -> None:
    others = {member_id: why for member_id, why in readers.items() if member_id != event.actor_id}
    if event.actor_id is not None:
        # Whoever acts in a thread has it before their eyes.
        bumps.read(event.actor_id, event.question_id, now=utcnow())
    bumps.bump(event.question_id, others, now=utcnow())


def subscribe() -> None:
    """Hear it in its own transaction."""
    joins(QuestionAsked, asked)
    joins(AnswerGiven, answered)
    joins(AnswerAccepted, solved)
    joins(QuestionClosed, solved)
