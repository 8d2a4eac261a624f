"""What happened in the care of rooms; ``member_id`` is who wrote the message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from incubator.kernel.events import Event

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageReported(Event):
    """A member says that a message is not as it should be; the room does not learn of it."""

    case_id: int
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageJudged(Event):
    """Somebody decided about a reported message: ``what`` is «dismiss», «hide» or «mute»."""

    case_id: int
    member_id: int
    what: str
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomReportsAnswered(Event):
    """The reports of a message that waited ``since`` are answered: ``what`` as above."""

    case_id: int
    what: str
    since: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class JudgementUndone(Event):
    """A decision was taken back."""

    case_id: int
    member_id: int
    what: str
