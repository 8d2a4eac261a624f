"""What the calendar of the hours has to tell people, once each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from incubator.kernel.events import Event

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, kw_only=True, slots=True)
class HalfTimeCome(Event):
    """Half of a period is over, and what a member gave and signed up for does not hold it.

    ``given`` counts what was brought along; ``given``, ``planned`` and ``owed`` are minutes,
    ``last_day`` is that of the period, ``slots`` are the duties that fit them.
    """

    member_id: int
    given: int
    planned: int
    owed: int
    last_day: date
    slots: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class StatementReady(Event):
    """A period is closed: what a member gave and owed in it, and what is carried on; minutes."""

    member_id: int
    starts_on: date
    given: int
    owed: int
    balance: int


@dataclass(frozen=True, kw_only=True, slots=True)
class DeskWaits(Event):
    """On a morning, stays of a site without a known end pile up, or screens have been silent."""

    presumed: int
    screens: tuple[str, ...]
