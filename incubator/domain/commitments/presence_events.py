"""What happens to presence: sessions, corrections, and what speaks for people at a site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from incubator.kernel.events import Event

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class PresenceEvent(Event):
    """Something happened to a session; ``site_id`` is where it took place."""

    member_id: int
    session_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckedIn(PresenceEvent):
    """A session began at ``at``; they are taken to be there until ``until`` at the latest.

    ``told_at`` is when we heard of it: a screen without a network tells later.
    """

    at: datetime
    until: datetime
    told_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class StayAnnounced(PresenceEvent):
    """Who is in said until when, or was seen again."""

    at: datetime
    until: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckedOut(PresenceEvent):
    """An open session ended, by a check-out, by one that began elsewhere, or undone."""

    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionPresumed(PresenceEvent):
    """Nobody knows when it ended: its member is asked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionChanged(PresenceEvent):
    """A session is told otherwise than before: revision ``rev``, ``why`` in words or a code."""

    rev: int
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PunchKept(Event):
    """A punch was kept without counting: ahead of the clock, too late, or at a closed site."""

    member_id: int
    outcome: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CorrectionEvent(Event):
    """Something happened to a request for a correction; ``site_id`` is whose managers decide."""

    member_id: int
    correction_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CorrectionAsked(CorrectionEvent):
    """A member says that a session was otherwise, or is missing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CorrectionDecided(CorrectionEvent):
    """Somebody else accepted it or not."""

    accepted: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class CorrectionWithdrawn(CorrectionEvent):
    """The member no longer asks."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ScreenEvent(Event):
    """Something happened to a screen of a site."""

    device_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ScreenAdded(ScreenEvent):
    """A manager made a code for a screen."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ScreenEnrolled(ScreenEvent):
    """A device took the code and has a key of its own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ScreenRevoked(ScreenEvent):
    """A manager took its key away."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BadgeIssued(Event):
    """A manager gave a member a number for the screens."""

    member_id: int
    badge_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class BadgeRevoked(Event):
    """A number no longer speaks for its member."""

    member_id: int
    badge_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteCodeMade(Event):
    """A manager made a code for the wall or the screen of a site."""

    code_id: int
    kind: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteCodeRevoked(Event):
    """A code of a site no longer opens anything."""

    code_id: int
