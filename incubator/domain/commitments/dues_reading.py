"""What dues are reckoned from: promises, reliefs, days of joining, and what was charged so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from incubator.domain.commitments import due_rules, rules
from incubator.domain.commitments.accounts import Account
from incubator.domain.commitments.ledger_models import Line
from incubator.domain.commitments.models import Rule
from incubator.domain.commitments.promise_models import Obligation, Pledge, Relief
from incubator.kernel.db import db
from incubator.network.members.models import Member
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from incubator.domain.commitments.models import Period


@dataclass(slots=True)
class Promised:
    """What an account's dues of a period are reckoned from, and what they were so far."""

    since: date | None = None
    active: bool = True
    pledges: list[Any] = field(default_factory=list)
    reliefs: list[due_rules.Relief] = field(default_factory=list)
    known: Any = None
    live: list[Any] = field(default_factory=list)
    last_rev: int = 0


def read_promised(some: Sequence[Account], period: Period) -> dict[Account, Promised]:
    """The promises, reliefs and charges of a period: five statements, however many they are."""
    found = {account: Promised() for account in some}
    of_firm = bool(some[0].firm_id)
    ids = [one.firm_id or one.member_id for one in some]

    def at(holder: int) -> Promised:
        return found[Account(firm_id=holder) if of_firm else Account(holder)]

    for row in db.session.execute(_pledges(ids, period, of_firm=of_firm)):
        at(row.holder).pledges.append(row)
    if not of_firm:
        _read_members(ids, period, found)
    for row in db.session.execute(_obligations(ids, period, of_firm=of_firm)):
        at(row.holder).known = row
    for row in db.session.execute(_charges(ids, period, of_firm=of_firm)):
        each = at(row.firm_id if of_firm else row.member_id)
        each.last_rev = max(each.last_rev, row.source_rev)
        if row.reversed_by is None:
            each.live.append(row)
    return found


def _pledges(ids: Sequence[int], period: Period, *, of_firm: bool) -> Any:
    holder = Pledge.firm_id if of_firm else Pledge.member_id
    return (
        select(
            holder.label("holder"),
            Pledge.id,
            Pledge.minutes_per_period,
            Pledge.home_site_id,
            Pledge.valid_from,
            Pledge.valid_to,
        )
        .where(holder.in_(ids), Pledge.valid_from < period.ends_on, lasts(period.starts_on))
        .order_by(holder, Pledge.valid_from, Pledge.id)
    )


def _read_members(ids: Sequence[int], period: Period, found: dict[Account, Promised]) -> None:
    rule = db.session.get_one(Rule, period.rule_id)
    rows = db.session.execute(
        select(Member.id, Member.joined_at, Member.active, Site.time_zone)
        .outerjoin(Site, Site.id == Member.home_site_id)
        .where(Member.id.in_(ids))
    )
    for member_id, joined_at, active, zone in rows:
        each = found[Account(member_id)]
        joined_on = rules.civil_day(joined_at, zone or "UTC")
        # The rule may let the first, short period go free.
        free = rule.first_period_free and joined_on > period.starts_on
        each.since = max(joined_on, period.ends_on) if free else joined_on
        each.active = active
    reliefs = db.session.execute(
        select(Relief.member_id, Relief.id, Relief.pct, Relief.starts_on, Relief.ends_on)
        .where(
            Relief.member_id.in_(ids),
            Relief.state == "approved",
            Relief.starts_on < period.ends_on,
            or_(Relief.ends_on.is_(None), Relief.ends_on > period.starts_on),
        )
        .order_by(Relief.member_id, Relief.id)
    )
    for member_id, relief_id, pct, starts_on, ends_on in reliefs:
        found[Account(member_id)].reliefs.append(
            due_rules.Relief(pct, starts_on, ends_on, relief_id)
        )


def _obligations(ids: Sequence[int], period: Period, *, of_firm: bool) -> Any:
    holder = Obligation.firm_id if of_firm else Obligation.member_id
    return (
        select(holder.label("holder"), Obligation.rev, Obligation.minutes, Obligation.explanation)
        .where(holder.in_(ids), Obligation.period_id == period.id)
        # The last one is kept.
        .order_by(Obligation.rev)
    )


def _charges(ids: Sequence[int], period: Period, *, of_firm: bool) -> Any:
    holder = Line.firm_id if of_firm else Line.member_id
    reversal = aliased(Line)
    query = (
        select(*Line.__table__.columns, reversal.id.label("reversed_by"))
        .outerjoin(reversal, reversal.reverses_id == Line.id)
        .where(holder.in_(ids), Line.period_id == period.id, Line.kind == "DUE")
        .order_by(Line.id)
    )
    return query if of_firm else query.where(Line.firm_id.is_(None))


def lasts(first: date) -> Any:
    """Promises that have not ended on a day."""
    return or_(Pledge.valid_to.is_(None), Pledge.valid_to > first)
