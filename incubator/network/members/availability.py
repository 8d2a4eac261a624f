"""Who is free to help, and who accompanies others, on a given day: pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from incubator.kernel.errors import Refusal
from incubator.network.members.rules import fit

if TYPE_CHECKING:
    from datetime import date
    from typing import Protocol

    class Stored(Protocol):
        """A row that says how available somebody is."""

        state: str
        until: date | None

    class Accompanying(Protocol):
        """A row that says whom somebody accompanies."""

        capacity: int
        about: str
        paused: bool
        paused_until: date | None


OPEN, LIMITED, AWAY = STATES = ("open", "limited", "away")
MOST_MENTORED = 20
ABOUT_MENTORING_LENGTH = 200
# Nobody plans further: a later date is a slip of the keyboard.
FURTHEST = timedelta(days=2 * 366)


@dataclass(frozen=True)
class Availability:
    """How available somebody is, and the last day of it when they said so."""

    state: str = OPEN
    until: date | None = None


@dataclass(frozen=True)
class Mentoring:
    """How many people somebody accompanies at most, about what, and whether they pause.

    A capacity of 0 is somebody who accompanies nobody; ``paused_until`` is the last day of
    the pause, if they know it.
    """

    capacity: int = 0
    about: str = ""
    paused: bool = False
    paused_until: date | None = None

    @property
    def welcomes(self) -> bool:
        """Whether somebody may come to them now."""
        return self.capacity > 0 and not self.paused


def availability_on(stored: Stored | None, today: date) -> Availability:
    """How available somebody is on a day: open again after the last day they named."""
    if stored is None or _is_over(stored.until, today):
        return Availability()
    return Availability(stored.state, stored.until)


def mentoring_on(stored: Accompanying | None, today: date) -> Mentoring:
    """What somebody offers as a mentor on a day: a pause ends by itself after its last day."""
    if stored is None:
        return Mentoring()
    paused = stored.paused and not _is_over(stored.paused_until, today)
    until = stored.paused_until if paused else None
    return Mentoring(stored.capacity, stored.about, paused, until)


def _is_over(until: date | None, today: date) -> bool:
    return until is not None and until < today


def check_availability(wanted: Availability, today: date) -> Availability:
    """What may be stored; who is open is so without an end.

    Raise Refusal ``members.availability``, ``members.past`` or ``members.too_far``.
    """
    if wanted.state not in STATES:
        raise Refusal("members.availability", field="availability")
    if wanted.state == OPEN:
        return Availability()
    return Availability(wanted.state, _coming(wanted.until, today, "available_until"))


def check_mentoring(wanted: Mentoring, today: date) -> Mentoring:
    """What may be stored; who accompanies nobody has nothing to pause.

    Raise Refusal ``members.capacity``, ``members.too_long``, ``members.past`` or
    ``members.too_far``.
    """
    if not 0 <= wanted.capacity <= MOST_MENTORED:
        raise Refusal("members.capacity", field="capacity", most=MOST_MENTORED)
    about = fit(wanted.about, "mentoring_about", most=ABOUT_MENTORING_LENGTH)
    if not wanted.capacity:
        return Mentoring()
    if not wanted.paused:
        return Mentoring(wanted.capacity, about)
    until = _coming(wanted.paused_until, today, "paused_until")
    return Mentoring(wanted.capacity, about, paused=True, paused_until=until)


def _coming(until: date | None, today: date, field: str) -> date | None:
    if until is None:
        return None
    if until < today:
        raise Refusal("members.past", field=field)
    if until > today + FURTHEST:
        raise Refusal("members.too_far", field=field)
    return until
