"""What happened in the help threads."""

from __future__ import annotations

from dataclasses import dataclass

from incubator.kernel.events import Event


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
    """The text or the skills of a question changed; the old text is a revision."""


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
class ThreadsHandedOver(Event):
    """What ``from_id`` wrote in threads is ``to_id``'s: ``how_many`` questions and answers."""

    from_id: int
    to_id: int
    how_many: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ThreadNews(Event):
    """A member is to be told what is new in a thread that they follow, or hear of by ``why``.

    ``why`` is «thread», «skill» or «site» and ``why_id`` which one. New are the answers after
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
