"""The year of solidarity: what the pool got and gave, what was waived, who was relieved.

Counts of people are told from five on. Lines of the pool are few; the others are read through
their period.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, distinct, func, or_, select

from incubator.domain.commitments.giving_rules import FEWEST
from incubator.domain.commitments.ledger_models import Line, Pool
from incubator.domain.commitments.models import Period
from incubator.domain.commitments.promise_models import Relief
from incubator.kernel.db import db

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.domain.commitments.rules import Span


@dataclass(frozen=True, slots=True)
class Month:
    """Minutes of a period: into the pool, out of it, from member to member, waived."""

    period: Period
    pooled: int
    drawn: int
    gifted: int
    waived: int


@dataclass(frozen=True, slots=True)
class Relieved:
    """How many people had a kind of relief; None when they are fewer than five."""

    kind: str
    people: int | None


@dataclass(frozen=True, slots=True)
class Year:
    """A year; ``balance`` is what the pool holds now."""

    months: Sequence[Month]
    reliefs: Sequence[Relieved]
    balance: int


def year_of(span: Span) -> Year:
    """The periods that begin in a span, in four statements."""
    periods = db.session.scalars(
        select(Period)
        .where(Period.starts_on >= span.starts_on, Period.starts_on < span.ends_on)
        .order_by(Period.starts_on)
    ).all()
    pool = {row.period_id: row for row in db.session.execute(_of_pool())}
    members = {row.period_id: row for row in db.session.execute(_of_members(periods))}
    months = [
        Month(
            one,
            int(pool[one.id].pooled) if one.id in pool else 0,
            int(pool[one.id].drawn) if one.id in pool else 0,
            int(members[one.id].gifted) if one.id in members else 0,
            int(members[one.id].waived) if one.id in members else 0,
        )
        for one in periods
        if one.state != "planned"
    ]
    balance = db.session.scalars(select(Pool.balance)).one()
    return Year(months, _reliefs(span), balance)


def _of_pool() -> Any:
    """What went in and out of the pool, by period."""
    into = func.sum(case((Line.minutes > 0, Line.minutes), else_=0)).label("pooled")
    out = func.sum(case((Line.minutes < 0, -Line.minutes), else_=0)).label("drawn")
    return (
        select(Line.period_id, into, out)
        .where(Line.member_id.is_(None), Line.firm_id.is_(None))
        .group_by(Line.period_id)
    )


def _of_members(periods: Sequence[Period]) -> Any:
    """What members gave to one another, and what was waived, by period."""
    gifted = func.sum(case((Line.kind == "GIFT_IN", Line.minutes), else_=0)).label("gifted")
    waived = func.sum(case((Line.kind == "WAIVED_DEBT", Line.minutes), else_=0)).label("waived")
    return (
        select(Line.period_id, gifted, waived)
        .where(
            Line.period_id.in_([one.id for one in periods]),
            Line.kind.in_(("GIFT_IN", "WAIVED_DEBT")),
        )
        .group_by(Line.period_id)
    )


def _reliefs(span: Span) -> list[Relieved]:
    people = func.count(distinct(Relief.member_id))
    rows = db.session.execute(
        select(Relief.kind, people)
        .where(
            Relief.state == "approved",
            Relief.starts_on < span.ends_on,
            or_(Relief.ends_on.is_(None), Relief.ends_on > span.starts_on),
        )
        .group_by(Relief.kind)
        .order_by(Relief.kind)
    )
    return [Relieved(kind, count if count >= FEWEST else None) for kind, count in rows]
