"""What happened in the care of threads; ``member_id`` is the author of the post."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from incubator.domain.help.events import HelpEvent
from incubator.kernel.events import Event

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class PostReported(Event):
    """A member says that a post is not as it should be; nothing of the thread changes by it."""

    question_id: int
    case_id: int
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportsAnswered(Event):
    """The reports of a post that waited ``since`` are answered by a measure («dismiss», …)."""

    question_id: int
    case_id: int
    act: str
    since: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class CareEvent(HelpEvent):
    """A manager did something about a post, or took it back."""

    case_id: int
    member_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportsDismissed(CareEvent):
    """The reports of a post need nothing more, and why."""

    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportsReopened(CareEvent):
    """They wait for a decision again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PostHidden(CareEvent):
    """The words of a post are for its author and the managers only, and why."""

    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PostShown(CareEvent):
    """A hidden post is there for everybody again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AuthorWarned(CareEvent):
    """A manager wrote a word to the author of a post."""

    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class WarningTakenBack(CareEvent):
    """That word is no longer meant."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ThreadPinned(CareEvent):
    """A thread stays at the top of a list."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ThreadUnpinned(CareEvent):
    """It no longer does."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ThreadMoved(CareEvent):
    """A thread is another site's, or has other readers, than ``from_site_id`` before."""

    from_site_id: int | None
    audience: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MoveOffered(CareEvent):
    """More people would read a thread: its asker is asked first."""

    audience: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MoveAnswered(CareEvent):
    """The asker agreed to a move or not, or it is no longer offered."""

    answer: str
