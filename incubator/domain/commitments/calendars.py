"""The days of a period on which sites open, for what is owed; read once a transaction."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from sqlalchemy import select

from incubator.domain.commitments import due_rules
from incubator.domain.commitments.models import Rule
from incubator.kernel.db import db, read_once
from incubator.network.sites import public_holidays
from incubator.network.sites.models import Closure, Site, SiteHours

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from incubator.domain.commitments.models import Period

Calendars = dict[int | None, due_rules.Calendar]


def of_period(period: Period, basis: due_rules.Basis | None = None) -> Calendars:
    """The calendar of each site, and under None that of who has no home.

    ``basis`` asks what it would be on another one than the period's own.
    """
    chosen = basis or basis_of(period)
    return read_once(("calendars", period.id, chosen), lambda: _calendars(period, chosen))


def basis_of(period: Period) -> due_rules.Basis:
    """Whether calendar days or opening days share what is owed."""
    rule = db.session.get_one(Rule, period.rule_id)
    return cast("due_rules.Basis", rule.basis)


def _calendars(period: Period, basis: due_rules.Basis) -> Calendars:
    closures = _closures(period)
    made: Calendars = {None: due_rules.calendar(period.span, basis=basis, closures=closures)}
    week = _weeks() if basis == "open_days" else {}
    for site_id, country, subdivision in db.session.execute(
        select(Site.id, Site.country, Site.subdivision)
    ):
        opens = None
        if basis == "open_days":
            span = (period.starts_on, period.ends_on)
            holidays = frozenset(public_holidays.between(country, subdivision, span=span))
            opens = _opening(week.get(site_id, ()), holidays)
        made[site_id] = due_rules.calendar(
            period.span, site_id=site_id, basis=basis, opens=opens, closures=closures
        )
    return made


@dataclass(frozen=True, slots=True)
class _Opening:
    """A weekday on which a site opens, from a day to another (excluded; None is open)."""

    weekday: int
    valid_from: date
    valid_to: date | None

    def on(self, day: date) -> bool:
        """Whether it opens the site on a day."""
        begun = self.valid_from <= day and (self.valid_to is None or day < self.valid_to)
        return begun and day.weekday() == self.weekday


def _opening(some: Sequence[_Opening], holidays: frozenset[date]) -> Callable[[date], bool]:
    return lambda day: day not in holidays and any(one.on(day) for one in some)


def _weeks() -> Mapping[int, Sequence[_Opening]]:
    """The weekdays on which each site opens and opened."""
    days: dict[int, list[_Opening]] = defaultdict(list)
    for site_id, weekday, valid_from, valid_to in db.session.execute(
        select(SiteHours.site_id, SiteHours.weekday, SiteHours.valid_from, SiteHours.valid_to)
    ):
        days[site_id].append(_Opening(weekday, valid_from, valid_to))
    return days


def _closures(period: Period) -> Sequence[due_rules.Closure]:
    rows = db.session.scalars(
        select(Closure)
        .where(Closure.starts_on < period.ends_on, Closure.ends_on > period.starts_on)
        .order_by(Closure.starts_on, Closure.id)
    )
    return [
        due_rules.Closure(
            row.starts_on, row.ends_on, row.site_id, lowers_due=row.lowers_due, id=row.id
        )
        for row in rows
    ]
