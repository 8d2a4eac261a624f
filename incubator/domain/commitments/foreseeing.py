"""What a change of a promise or a relief would do to dues, before anybody agrees to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from incubator.domain.commitments import history, rules
from incubator.domain.commitments.models import Period
from incubator.domain.commitments.periods import rule_on

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

AHEAD = timedelta(days=92)  # how far one looks


@dataclass(frozen=True, slots=True)
class Change:
    """What is changed in a period: minutes owed before and after it."""

    label: str
    span: rules.Span
    before: int
    after: int
    closed: bool


def changes(
    start: date, end: date | None, owed: Callable[[Period], tuple[int, int]], *, now: datetime
) -> tuple[Change, ...]:
    """What is owed before and after, as ``owed`` reckons it, in the periods from a day to another.

    At most three months ahead.
    """
    found = []
    for period in _periods(start, end, now):
        before, after = owed(period)
        found.append(Change(period.label, period.span, before, after, period.state == "closed"))
    return tuple(found)


def _periods(start: date, end: date | None, now: datetime) -> list[Period]:
    """The periods that days touch, those of the next months as they will be made."""
    calendar = list(history.calendar())
    last = min(end or rules.FOREVER, now.date() + AHEAD)
    upto = calendar[-1].ends_on if calendar else start.replace(day=1)
    while upto < last:
        span = rules.month_of(upto)
        calendar.append(
            Period(
                starts_on=span.starts_on,
                ends_on=span.ends_on,
                label=f"{span.starts_on:%Y-%m}",
                state="planned",
                rule_id=rule_on(span.starts_on).id,
            )
        )
        upto = span.ends_on
    return [one for one in calendar if one.starts_on < last and one.ends_on > start]
