"""Who asks or answers follows the thread; who follows it is told once, however much comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incubator.domain.help import bump_letters, bumps, concerns, follows
from incubator.domain.help.events import (
    AnswerAccepted,
    AnswerGiven,
    CommentBecameAnswer,
    CommentWritten,
    MembersMentioned,
    QuestionAsked,
    QuestionClosed,
    QuestionRepeats,
    ThanksGiven,
)
from incubator.kernel.db import transaction, utcnow
from incubator.kernel.events import joins
from incubator.kernel.jobs import job
from incubator.reactions.notifications import thread_news

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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
    readers = bumps.followers_of(event.skill_ids, event.site_id)
    _bump(event, readers)
    thread_news.tell(event, "help_questions", readers, what="question")


def answered(event: AnswerGiven | CommentBecameAnswer) -> None:
    """Who answered follows; those who did before hear of it."""
    if event.actor_id is not None:
        follows.follow_by_default(event.question_id, event.actor_id, now=utcnow())
    readers = bumps.followers(event.question_id)
    _bump(event, readers)
    thread_news.tell(event, "help_threads", readers, what="answer")


def commented(event: CommentWritten) -> None:
    """Whoever follows sees that there is a remark; who wrote what it is about gets a letter."""
    readers = bumps.followers(event.question_id)
    author_id = concerns.author_to_tell(event.question_id, event.answer_id)
    about = [author_id] if author_id and author_id != event.actor_id else []
    post = concerns.Post("comment", event.comment_id)
    _concern(event, about, concerns.COMMENT, post=post, readers=readers)
    others = readers.keys() - set(about)
    thread_news.tell(event, "help_threads", others, what="comment")
    thread_news.tell(event, "help_comments", about, what="comment_mine")


def mentioned(event: MembersMentioned) -> None:
    """Who is named gets a letter and sees the thread raised, whether or not they follow it."""
    post = concerns.Post("question", event.question_id)
    if event.comment_id is not None:
        post = concerns.Post("comment", event.comment_id)
    elif event.answer_id is not None:
        post = concerns.Post("answer", event.answer_id)
    _concern(event, event.member_ids, concerns.MENTION, post=post, readers={})
    thread_news.tell(event, "help_mentions", event.member_ids, what="mention")


def _concern(
    event: HelpEvent,
    about: Iterable[int],
    why: str,
    *,
    post: concerns.Post,
    readers: Mapping[int, bumps.Why],
) -> None:
    """Raise the thread for its readers without a letter, and for those concerned with one."""
    here = bumps.Why("thread", event.question_id)
    concerned = dict.fromkeys(about, here)
    told = concerns.note(event.question_id, concerned, post, why=why)
    everybody = {**concerned, **readers}
    with bumps.without_letters():
        _bump(event, {each: found for each, found in everybody.items() if each not in told})
    _bump(event, {each: found for each, found in everybody.items() if each in told})


def thanked(event: ThanksGiven) -> None:
    """Who is thanked sees the thread raised, whether or not they follow it."""
    with bumps.without_letters():
        _bump(event, {event.helper_id: bumps.Why("thread", event.question_id)})
    thread_news.tell(event, "help_thanks", [event.helper_id], what="thanks")


def repeats(event: QuestionRepeats) -> None:
    """Whoever follows a question that was asked before follows the one with the answers."""
    for member_id in sorted(bumps.followers(event.question_id)):
        follows.follow_by_default(event.original_id, member_id, now=utcnow())


def solved(event: AnswerAccepted | QuestionClosed) -> None:
    """What solved it is news for everybody who follows."""
    readers = bumps.followers(event.question_id)
    _bump(event, readers)
    helper = {event.helper_id} if isinstance(event, AnswerAccepted) else set()
    thread_news.tell(event, "help_thanks", helper, what="accepted")
    thread_news.tell(event, "help_threads", readers.keys() - helper, what="solved")


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
    joins(ThanksGiven, thanked)
    joins(AnswerAccepted, solved)
    joins(QuestionClosed, solved)
