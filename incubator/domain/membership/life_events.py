"""What happens in the life of a membership after arrival."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from incubator.kernel.events import Event

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, kw_only=True, slots=True)
class ProcessEvent(Event):
    """Anything that happened to a leave, a transfer or an exit (``kind``)."""

    member_id: int
    process_id: int
    kind: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ProcessAsked(ProcessEvent):
    """It waits for somebody's word."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProcessAgreed(ProcessEvent):
    """It will take place on its day."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProcessRefused(ProcessEvent):
    """It will not take place; why is in its row, where it can be forgotten."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProcessCancelled(ProcessEvent):
    """It was called off before its day, or ended with an exit."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LeaveBegan(Event):
    """A member is away from ``starts_on`` to the day before ``ends_on``."""

    member_id: int
    process_id: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class LeaveEnded(Event):
    """A member is here again from ``ended_on``, sooner than planned perhaps."""

    member_id: int
    process_id: int
    ended_on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberExited(Event):
    """A member left on a day, and what they chose.

    ``access`` is «alumni» or «closed», ``hours`` «pool» or «lapse»; ``anonymise`` asks that
    what they wrote goes on without their name.
    """

    member_id: int
    process_id: int
    left_on: date
    access: str
    hours: str
    anonymise: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ErasureAsked(Event):
    """A member asks to be forgotten."""

    member_id: int
    erasure_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ErasureWithdrawn(Event):
    """A member no longer asks to be forgotten."""

    member_id: int
    erasure_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class DataTaken(Event):
    """A member took a copy of everything that is kept about them."""

    member_id: int
