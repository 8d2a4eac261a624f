"""A question is brought to those who can answer it; what becomes of it, or of them, is followed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incubator.domain.help.care.events import PostHidden, PostShown, ThreadMoved
from incubator.domain.help.events import (
    AnswerAccepted,
    AnswerBecameComment,
    AnswerGiven,
    AnswerRemoved,
    AnswerUnaccepted,
    CommentBecameAnswer,
    HelpEvent,
    QuestionAsked,
    QuestionClosed,
    QuestionEdited,
    QuestionRemoved,
    QuestionReopened,
    QuestionRepeats,
    ThreadLocked,
    ThreadUnlocked,
)
from incubator.domain.help.routing import keeping, letters, waves
from incubator.domain.help.routing.inviting import TELL
from incubator.domain.membership.life_events import LeaveBegan, MemberExited
from incubator.kernel.db import transaction, utcnow
from incubator.kernel.events import joins
from incubator.kernel.jobs import job
from incubator.kernel.schedule import hourly
from incubator.network.accounts.events import MemberDeactivated

if TYPE_CHECKING:
    from collections.abc import Mapping

# After these a question may wait no more, or again.
TURNS = (
    AnswerAccepted,
    AnswerBecameComment,
    AnswerRemoved,
    AnswerUnaccepted,
    CommentBecameAnswer,
    PostHidden,
    PostShown,
    QuestionClosed,
    QuestionRemoved,
    QuestionReopened,
    QuestionRepeats,
    ThreadLocked,
    ThreadUnlocked,
)


@job(TELL)
def tell(payload: Mapping[str, Any]) -> None:
    """Write the letters of a question that are due."""
    with transaction():
        letters.write_due(int(payload["question_id"]), now=utcnow())


@job(waves.ADVANCE)
def advance(payload: Mapping[str, Any]) -> None:
    """Take the next step of a question at its very instant."""
    with transaction():
        waves.advance(int(payload["question_id"]), now=utcnow())


@hourly("help.routing")
def catch_up(payload: Mapping[str, Any]) -> None:
    """Take every step that is due: those of the time when nothing ran, too."""
    del payload
    now = utcnow()
    for question_id in waves.due(now):
        with transaction():
            waves.advance(question_id, now=now)


def asked(event: QuestionAsked) -> None:
    """The first few are asked at once."""
    waves.start(event.question_id, now=utcnow())


def edited(event: QuestionEdited) -> None:
    """Other skills, other people."""
    if event.asks_anew:
        waves.restart(event.question_id, now=utcnow())


def moved(event: ThreadMoved) -> None:
    """Other readers, other people."""
    waves.restart(event.question_id, now=utcnow())


def answered(event: AnswerGiven) -> None:
    """Whoever answered has done what was asked of them; the others need not any more."""
    if event.actor_id is not None:
        keeping.answered(event.question_id, event.actor_id, now=utcnow())
    waves.settle(event.question_id, now=utcnow())


def turned(event: HelpEvent) -> None:
    """It may wait no more, or again."""
    waves.settle(event.question_id, now=utcnow())


def gone(event: MemberExited | MemberDeactivated | LeaveBegan) -> None:
    """Nothing waits for who is not there."""
    keeping.withdraw(event.member_id, now=utcnow())
    if isinstance(event, MemberExited) and event.anonymise:
        keeping.unname(event.member_id)


def subscribe() -> None:
    """Hear it in its own transaction."""
    joins(QuestionAsked, asked)
    joins(QuestionEdited, edited)
    joins(ThreadMoved, moved)
    joins(AnswerGiven, answered)
    for turn in TURNS:
        joins(turn, turned)
    joins(MemberExited, gone)
    joins(MemberDeactivated, gone)
    joins(LeaveBegan, gone)
