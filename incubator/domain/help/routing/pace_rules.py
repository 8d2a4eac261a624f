"""When the next people are asked: pure.

Five at once; five more after four hours during which the asker's site is open; its managers a
day after the question, or at the next opening. A question needed within three days goes twice as
fast, one needed today or tomorrow four times, and its managers hear of it after half a day, or
after four hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from incubator.network.sites.rules import LOOK_AHEAD_DAYS, Timetable, openings_from

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from incubator.network.sites.rules import Span

A_WAVE: Final = 5
WAVES: Final = 2
# The last step: the managers of the site.
STEPS: Final = WAVES + 1
# Whatever happens to a question, no more people are asked than this.
ASKED_MOST: Final = 25
# The hours of a place that names none: nine to six on weekdays.
USUAL_WEEK: Final[Mapping[int, Sequence[Span]]] = {day: [(540, 1080)] for day in range(5)}


@dataclass(frozen=True)
class Pace:
    """``gap`` minutes of opening between two steps; ``managers`` after the question."""

    gap: int
    managers: timedelta


USUAL: Final = Pace(4 * 60, timedelta(hours=24))
SOON: Final = Pace(2 * 60, timedelta(hours=12))
URGENT: Final = Pace(60, timedelta(hours=4))


def pace_of(needed_on: date | None, today: date) -> Pace:
    """How fast a question widens that is needed on a day."""
    if needed_on is None:
        return USUAL
    left = (needed_on - today).days
    if left <= 1:
        return URGENT
    return SOON if left <= 3 else USUAL  # noqa: PLR2004 - days, as said above


def worked(table: Timetable, instant: datetime, minutes: int) -> datetime:
    """The instant by which a site has been open for so many minutes; with 0 its next opening."""
    left = timedelta(minutes=minutes)
    for opening in openings_from(table, instant):
        start = max(opening.starts, instant)
        if start + left <= opening.ends:
            return start + left
        left -= opening.ends - start
    return instant + timedelta(days=LOOK_AHEAD_DAYS)


@dataclass(frozen=True, kw_only=True)
class Course:
    """How far a question has come ``now``: the steps done, how many the last one found."""

    step: int
    found: int
    asked_at: datetime
    now: datetime


def following(course: Course, pace: Pace, table: Timetable) -> tuple[int, datetime | None]:
    """After how many steps it goes on, and when; without an instant it does not.

    A wave that found less than it wanted leaves nobody for another one: the managers come next.
    """
    if course.step >= STEPS:
        return STEPS, None
    after_gap = worked(table, course.now, pace.gap)
    if course.step < WAVES and course.found >= A_WAVE:
        return course.step, after_gap
    if not course.found:
        return WAVES, after_gap
    return WAVES, max(after_gap, worked(table, course.asked_at + pace.managers, 0))
