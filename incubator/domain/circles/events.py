"""What happened to circles."""

from __future__ import annotations

from dataclasses import dataclass

from incubator.kernel.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class CircleEvent(Event):
    """Anything that happened to a circle; ``site_id`` is its site's, if it has one."""

    circle_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CircleMade(CircleEvent):
    """A member opened a circle, which is theirs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CircleChanged(CircleEvent):
    """Its name, its description or the way in changed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CircleClosed(CircleEvent):
    """Nothing more is asked in it; those who are in it go on reading."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CircleAsked(CircleEvent):
    """``member_id`` would like to join."""

    member_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CircleInvited(CircleEvent):
    """``member_id`` is invited."""

    member_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CircleJoined(CircleEvent):
    """``member_id`` is in it now."""

    member_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CircleLeft(CircleEvent):
    """``member_id`` is no longer in it, or no longer waits to be."""

    member_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CircleOwnerNamed(CircleEvent):
    """``member_id`` runs it too, or no longer does."""

    member_id: int
    owner: bool
