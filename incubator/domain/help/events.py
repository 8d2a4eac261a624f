"""What happened in the help threads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from incubator.kernel.events import Event

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class HelpEvent(Event):
    """Anything that happened to a question; ``site_id`` is the question's site."""

    question_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionAsked(HelpEvent):
    """A member asked; ``audience`` is «network» or «site»."""

    audience: str
    skill_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionEdited(HelpEvent):
    """The text or the skills of a question changed; the old text is a revision.

    ``asks_anew``: it asks for other skills.
    """

    asks_anew: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionClosed(HelpEvent):
    """A question was solved otherwise than by an answer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionReopened(HelpEvent):
    """A solved question is open again; the answers that solved it were told of before."""


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionRemoved(HelpEvent):
    """A question was taken away."""

    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerGiven(HelpEvent):
    """A member answered a question of ``asker_id``."""

    answer_id: int
    asker_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerEdited(HelpEvent):
    """The text of an answer changed; the old text is a revision."""

    answer_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerAccepted(HelpEvent):
    """An answer of ``helper_id`` solved the question, alone or with others."""

    answer_id: int
    helper_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerUnaccepted(HelpEvent):
    """An answer of ``helper_id`` is no longer said to have solved the question."""

    answer_id: int
    helper_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionRepeats(HelpEvent):
    """A question was asked before: ``original_id`` has its answers, whoever follows goes there."""

    original_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerRemoved(HelpEvent):
    """An answer was taken away."""

    answer_id: int
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CommentWritten(HelpEvent):
    """A member commented on an answer, or without ``answer_id`` on the question."""

    comment_id: int
    answer_id: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class CommentEdited(HelpEvent):
    """The text of a comment changed; the old text is a revision."""

    comment_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CommentRemoved(HelpEvent):
    """A comment was taken away."""

    comment_id: int
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class VoteGiven(HelpEvent):
    """Somebody finds an answer useful, or without ``answer_id`` has the same question."""

    answer_id: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class VoteTakenBack(HelpEvent):
    """Somebody took such a vote back."""

    answer_id: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ThanksGiven(HelpEvent):
    """Somebody thanked ``helper_id`` for an answer."""

    answer_id: int
    helper_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ThanksTakenBack(HelpEvent):
    """Somebody took their thanks for an answer back."""

    answer_id: int
    helper_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class HelpTimed(HelpEvent):
    """The helper or whoever asked says how many minutes the help in a thread took.

    ``unnamed``: who asked bears no name; ``note`` is what every reader of the hours may know.
    """

    answer_id: int
    helper_id: int
    asker_id: int = field(metadata={"secret": True})
    unnamed: bool
    minutes: int
    helped_at: datetime
    told_at: datetime
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetMade(HelpEvent):
    """A solved thread became a practice sheet."""

    sheet_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetEdited(HelpEvent):
    """A practice sheet was rewritten; the old text is a revision."""

    sheet_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetWithdrawn(HelpEvent):
    """A practice sheet is shown no more."""

    sheet_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CommentBecameAnswer(HelpEvent):
    """A comment is an answer from now on."""

    comment_id: int
    answer_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerBecameComment(HelpEvent):
    """An answer is a comment on the question from now on."""

    answer_id: int
    comment_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ThreadLocked(HelpEvent):
    """Only managers write in a thread from now on."""

    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ThreadUnlocked(HelpEvent):
    """Everybody may write in a thread again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MembersMentioned(HelpEvent):
    """A text names members who may read it; those whom it named before are not told again."""

    member_ids: tuple[int, ...]
    answer_id: int | None
    comment_id: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionMadeOfMessages(HelpEvent):
    """A question carries ``how_many`` messages of a chat room."""

    room_id: int
    how_many: int


@dataclass(frozen=True, kw_only=True, slots=True)
class QuotesDecided(HelpEvent):
    """Who was quoted from a private room agreed to be named, or took their messages out."""

    agreed: bool
    how_many: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ThreadTalkedThrough(HelpEvent):
    """Two began to talk a thread through in a room of theirs."""

    member_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class TalkConcluded(HelpEvent):
    """What they concluded is an answer."""

    answer_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ThreadsHandedOver(Event):
    """What ``from_id`` wrote in threads is ``to_id``'s: ``how_many`` questions and answers."""

    from_id: int
    to_id: int
    how_many: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ThreadNews(Event):
    """A member is to be told what is new in a thread that they follow, or hear of by ``why``.

    ``why`` is «thread», «skill» or «site» and ``why_id`` which one; empty where only ``concerns``
    are told: posts («answer», 12) with «mention» or «comment» each. New are the answers after
    ``after_answer_id`` up to ``last_answer_id``; ``first`` if no letter told of the thread before;
    ``solved`` if it was solved since.
    """

    question_id: int
    member_id: int
    why: str
    why_id: int
    after_answer_id: int
    last_answer_id: int
    first: bool
    solved: bool
    concerns: tuple[tuple[str, int, str], ...] = ()
