"""Who asks or answers follows the thread; who follows it is told once, however much comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incubator.domain.help import bump_letters, bumps, follows
from incubator.domain.help.events import (
    AnswerAccepted,
    AnswerGiven,
    CommentBecameAnswer,
    CommentWritten,
    MembersMentioned,
    QuestionAsked,
    QuestionClosed,
    QuestionRepeats,
)
from incubator.kernel.db import transaction, utcnow
from incubator.kernel.events import joins
from incubator.kernel.jobs import job

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incubator.domain.help.events import HelpEvent


@job(bumps.TELL)
def tell(payload: Mapping[str, Any]) -> None:
    """Write the letters of a thread that are due."""
    with transaction():
        bump_letters.write_due(int(payload["question_id"]), now=utcnow())


def asked(event: QuestionAsked) -> None:
    """The asker follows; who follows a skill of the question or its site hears of it."""
    if event.actor_id is not None:
        follows.follow_by_default(event.question_id, event.actor_id, now=utcnow())
    _bump(event, bumps.followers_of(event.skill_ids, event.site_id))


def answered(event: AnswerGiven | CommentBecameAnswer) -> None:
    """Who answered follows; those who did before hear of it."""
    if event.actor_id is not None:
        follows.follow_by_default(event.question_id, event.actor_id, now=utcnow())
    _bump(event, bumps.followers(event.question_id))


def commented(event: CommentWritten) -> None:
    """Whoever follows sees that there is a remark; no letter goes for it alone."""
    with bumps.without_letters():
        _bump(event, bumps.followers(event.question_id))


def mentioned(event: MembersMentioned) -> None:
    """Who is named sees the thread raised, whether or not they follow it."""
    why = bumps.Why("thread", event.question_id)
    with bumps.without_letters():
        _bump(event, dict.fromkeys(event.member_ids, why))


def repeats(event: QuestionRepeats) -> None:
    """Whoever follows a question that was asked before follows the one with the answers."""
    for member_id in sorted(bumps.followers(event.question_id)):
        follows.follow_by_default(event.original_id, member_id, now=utcnow())


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
    joins(CommentBecameAnswer, answered)
    joins(CommentWritten, commented)
    joins(MembersMentioned, mentioned)
    joins(QuestionRepeats, repeats)
    joins(AnswerAccepted, solved)
    joins(QuestionClosed, solved)
