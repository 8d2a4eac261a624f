"""The statement of a site's period, as the ledger knew it at an instant: the same ever after.

Lines and what promises said are never changed nor removed: those recorded until then say what was
known then.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, literal, select
from sqlalchemy.orm import aliased

from incubator.domain.commitments import promise_history, statement_rules
from incubator.domain.commitments.ledger_models import Line
from incubator.domain.commitments.models import Period
from incubator.domain.commitments.promise_models import Obligation
from incubator.domain.commitments.statement_rules import Sums
from incubator.kernel.db import db
from incubator.network.members.firm_models import Firm
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Select

CHUNK = 500
MOST_PERIODS = 60


@dataclass(frozen=True, slots=True)
class Row:
    """An account's line: a member's, or a firm's (``slug`` is the member's alone)."""

    name: str
    slug: str
    member_id: int | None
    firm_id: int | None
    sums: Sums


@dataclass(frozen=True, slots=True)
class Statement:
    """A site's period as known at an instant.

    ``guests`` are minutes of presence here by those whose promise is at another site, or who
    made none.
    """

    period: Period
    known_at: datetime
    rows: Sequence[Row]
    total: Sums
    guests: int


def periods() -> Sequence[Period]:
    """The periods that have begun to be of interest, the last first."""
    query = select(Period).where(Period.state != "planned").order_by(Period.starts_on.desc())
    return db.session.scalars(query.limit(MOST_PERIODS)).all()


def of_site(site_id: int, period: Period, known_at: datetime) -> Statement:
    """The statement of a site's period by the lines recorded until an instant."""
    rows = _rows(site_id, period, known_at, of_firm=False)
    rows += _rows(site_id, period, known_at, of_firm=True)
    total = Sums()
    for row in rows:
        total = total.plus(row.sums)
    guests = _presence_at(site_id, period, known_at) - total.here
    return Statement(period, known_at, rows, total, guests)


def _rows(site_id: int, period: Period, known_at: datetime, *, of_firm: bool) -> list[Row]:
    """A line for each who was known then to have promised at this site for a day of the period."""
    promised = promise_history.promised_at(site_id, period.span, known_at, of_firm=of_firm)
    ids = db.session.scalars(promised).all()
    found: dict[int, list[Any]] = defaultdict(list)
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        for row in db.session.execute(
            _lines(some, site_id, period=period, known_at=known_at, of_firm=of_firm)
        ):
            found[row.holder].append((row.kind, row.here, row.late, int(row.minutes)))
    shared = _shares(found, period, known_at, of_firm=of_firm)
    names = _names(list(found), of_firm=of_firm)
    return [
        Row(
            one.name,
            "" if of_firm else one.slug,
            None if of_firm else one.id,
            one.id if of_firm else None,
            _at_site(statement_rules.add_up(found[one.id]), shared.get(one.id), site_id),
        )
        for one in names
    ]


def _at_site(sums: Sums, stretches: Sequence[Mapping[str, Any]] | None, site_id: int) -> Sums:
    """The part of the due that is this site's, where the home changed within the period."""
    if not stretches or all(one["site"] == site_id for one in stretches):
        return sums
    return replace(sums, owed=statement_rules.shares(sums.owed, stretches).get(site_id, 0))


def _lines(
    ids: Sequence[int], site_id: int, *, period: Period, known_at: datetime, of_firm: bool
) -> Select[Any]:
    original = aliased(Line)
    holder = Line.firm_id if of_firm else Line.member_id
    kind = func.coalesce(original.kind, Line.kind)
    here = case((Line.site_id == site_id, literal(1)), else_=literal(0))
    late = case((Line.origin_period_id.is_not(None), literal(1)), else_=literal(0))
    columns = (holder.label("holder"), kind.label("kind"), here.label("here"), late.label("late"))
    query = (
        select(*columns, func.sum(Line.minutes).label("minutes"))
        .outerjoin(original, original.id == Line.reverses_id)
        .where(holder.in_(ids), Line.period_id == period.id, Line.recorded_at <= known_at)
        .group_by(holder, kind, here, late)
    )
    return query if of_firm else query.where(Line.firm_id.is_(None))


def _shares(
    found: Mapping[int, Any], period: Period, known_at: datetime, *, of_firm: bool
) -> dict[int, Sequence[Mapping[str, Any]]]:
    """What the last due known then was made of, by holder."""
    holder = Obligation.firm_id if of_firm else Obligation.member_id
    rows = db.session.execute(
        select(holder, Obligation.explanation)
        .where(
            Obligation.period_id == period.id,
            Obligation.made_at <= known_at,
            holder.in_(list(found)),
        )
        .order_by(Obligation.rev)
    )
    return {one: explanation.get("stretches", ()) for one, explanation in rows if one is not None}


def _names(ids: Sequence[int], *, of_firm: bool) -> Sequence[Any]:
    row: Any = Firm if of_firm else Member
    query = select(row.id, row.name, row.slug).where(row.id.in_(ids))
    return db.session.execute(query.order_by(row.sort_name, row.id)).all()


def _presence_at(site_id: int, period: Period, known_at: datetime) -> int:
    """All the presence counted at a site in a period, whoever's."""
    original = aliased(Line)
    total = db.session.scalar(
        select(func.sum(Line.minutes))
        .outerjoin(original, original.id == Line.reverses_id)
        .where(
            Line.site_id == site_id,
            Line.day >= period.starts_on,
            Line.day < period.ends_on,
            Line.period_id == period.id,
            Line.recorded_at <= known_at,
            func.coalesce(original.kind, Line.kind) == "DONE",
        )
    )
    return int(total or 0)
