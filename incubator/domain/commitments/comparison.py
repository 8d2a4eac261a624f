"""Sites side by side, per member and never in totals, over the last periods; from standings.

A site with fewer than five people in a period has no figures: they would be somebody's.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, select

from incubator.domain.commitments.giving_rules import FEWEST
from incubator.domain.commitments.ledger_models import Standing
from incubator.domain.commitments.models import Period
from incubator.domain.commitments.presence_rules import day_start
from incubator.domain.commitments.slot_models import Signup, Slot
from incubator.kernel.db import db

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

PERIODS = 6
MEASURES = ("presence", "help", "late", "coverage")


@dataclass(frozen=True, slots=True)
class Figures:
    """A site's period: minutes of presence and of help a member, percent late, percent covered.

    None is hidden or unknown.
    """

    people: int
    presence: int | None
    help: int | None
    late: int | None
    coverage: int | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Figures by (site, period), and the network's median by (measure, period)."""

    periods: Sequence[Period]
    figures: Mapping[tuple[int, int], Figures]
    medians: Mapping[tuple[str, int], int | None]

    def of(self, site_id: int, period_id: int, measure: str) -> int | None:
        """One figure."""
        found = self.figures.get((site_id, period_id))
        return getattr(found, measure) if found else None


def side_by_side(now: datetime) -> Comparison:
    """All sites over the last periods that have begun: three statements."""
    periods = list(
        db.session.scalars(
            select(Period)
            .where(Period.starts_on <= now.date())
            .order_by(Period.starts_on.desc())
            .limit(PERIODS)
        )
    )[::-1]
    covered = _coverage(periods, now)
    figures = {
        (row.site, row.period): _figures(row, covered.get((row.site, row.period)))
        for row in db.session.execute(_sums([one.id for one in periods]))
    }
    medians = {
        (measure, period.id): _median(figures, period.id, measure)
        for measure in MEASURES
        for period in periods
    }
    return Comparison(periods, figures, medians)


def _sums(period_ids: Sequence[int]) -> Any:
    return (
        select(
            Standing.home_site_id.label("site"),
            Standing.period_id.label("period"),
            func.count().label("people"),
            func.sum(Standing.done).label("done"),
            func.sum(Standing.help).label("help"),
            func.sum(case((Standing.carry_in < 0, 1), else_=0)).label("late"),
        )
        .where(Standing.period_id.in_(period_ids), Standing.home_site_id.is_not(None))
        .group_by(Standing.home_site_id, Standing.period_id)
    )


def _figures(row: Any, coverage: int | None) -> Figures:
    people = int(row.people)
    if people < FEWEST:
        return Figures(people, None, None, None, coverage)
    return Figures(
        people,
        int(row.done) // people,
        int(row.help) // people,
        round(int(row.late) * 100 / people),
        coverage,
    )


def _median(figures: Mapping[tuple[int, int], Figures], period_id: int, measure: str) -> int | None:
    known = [
        value
        for (_, period), one in figures.items()
        if period == period_id and (value := getattr(one, measure)) is not None
    ]
    return round(median(known)) if known else None


def _coverage(periods: Sequence[Period], now: datetime) -> dict[tuple[int, int], int]:
    """Percent of the places needed that were taken, by site and period, as far as slots are over.

    The days of slots are their sites' own; the edges in UTC are wide enough for every zone.
    """
    if not periods:
        return {}
    taken = (
        select(func.count())
        .select_from(Signup)
        .where(Signup.slot_id == Slot.id, Signup.state.in_(("booked", "done", "partial")))
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Slot.site_id, Slot.local_date, Slot.capacity_min, taken).where(
            Slot.state != "cancelled",
            Slot.starts_at >= day_start(periods[0].starts_on, "Pacific/Kiritimati"),
            Slot.starts_at < now,
        )
    )
    sums: dict[tuple[int, int], tuple[int, int]] = {}
    for site_id, day, needed, there in rows:
        for period in periods:
            if period.starts_on <= day < period.ends_on:
                had, wanted = sums.get((site_id, period.id), (0, 0))
                sums[site_id, period.id] = (had + min(there, needed), wanted + needed)
    return {key: round(had * 100 / wanted) for key, (had, wanted) in sums.items() if wanted}
