"""How members stand with their promise, looked at when it is time: warned first, never surprised.

Who is in order has no row. A change of state ends the row that was and begins another; what may
follow is told with it. Pausing and agreeing on a plan are a manager's acts, never the clock's.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import and_, func, or_, select, true
from sqlalchemy.orm import aliased

from incubator.domain.commitments import accounts, standing_rules
from incubator.domain.commitments.events import StandingChanged
from incubator.domain.commitments.ledger_models import Line, Standing
from incubator.domain.commitments.models import Period, Rule
from incubator.domain.commitments.status_models import Status
from incubator.kernel.db import db, transaction
from incubator.kernel.events import record
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

    from incubator.domain.commitments.standing_rules import Balance, Step

BATCH = 500


def review(now: datetime) -> int:
    """Look at whoever it is time to look at; how many stand otherwise than before."""
    changed = 0
    after = 0
    while True:
        with transaction():
            period = current_period()
            if period is None:
                return changed
            # Looked up again once nobody else looks at them: a state begins once.
            accounts.lock_members([row.member_id for row in _to_look_at(period, after, now)])
            rows = _to_look_at(period, after, now)
            changed += _look(rows, period, now=now)
        if len(rows) < BATCH:
            return changed
        after = rows[-1].member_id


def current_period() -> Period | None:
    """The period that holds what was carried: the first that is not closed."""
    return db.session.scalar(
        select(Period).where(Period.state != "closed").order_by(Period.starts_on).limit(1)
    )


def _to_look_at(period: Period, after: int, now: datetime) -> Sequence[Any]:
    """Members who owe something or have a state, and whose next look has come, with sums."""
    today = now.date()
    rows = (
        select(
            Standing.member_id,
            Standing.carry_in,
            Standing.balance,
            Standing.planned,
            _late_sum(period.id).label("late"),
            Member.home_site_id,
            Status,
        )
        .join(Member, and_(Member.id == Standing.member_id, Member.active))
        .outerjoin(Status, and_(Status.member_id == Member.id, Status.until_at.is_(None)))
        .where(
            Standing.period_id == period.id,
            Standing.member_id > after,
            or_(
                and_(Status.id.is_(None), Standing.balance < 0, _may_matter(period, today)),
                and_(
                    Status.id.is_not(None),
                    or_(Status.next_review_on.is_(None), Status.next_review_on <= today),
                ),
                # A debt made good is seen at once.
                and_(Status.state.in_(("watch", "late", "paused")), Standing.balance >= 0),
            ),
        )
        .order_by(Standing.member_id)
        .limit(BATCH)
        .execution_options(populate_existing=True)
    )
    return db.session.execute(rows).all()


def _may_matter(period: Period, today: date) -> ColumnElement[bool]:
    """Who has no state and only owes this period's dues is of no concern before its last days."""
    rule = db.session.get_one(Rule, period.rule_id)
    if today >= period.ends_on - timedelta(days=rule.warn_days):
        return true()
    return or_(Standing.carry_in < 0, Standing.corrections < 0)


def _late_sum(period_id: int) -> Any:
    line = aliased(Line)
    return (
        select(func.coalesce(func.sum(line.minutes), 0))
        .where(
            line.member_id == Standing.member_id,
            line.firm_id.is_(None),
            line.period_id == period_id,
            line.origin_period_id.is_not(None),
        )
        .correlate(Standing)
        .scalar_subquery()
    )


def _look(rows: Sequence[Any], period: Period, *, now: datetime) -> int:
    rule = db.session.get_one(Rule, period.rule_id)
    terms = standing_rules.Terms(rule.warn_days, rule.grace_days)
    changed = 0
    for row in rows:
        balance = standing_rules.Balance(
            carried=row.carry_in + int(row.late),
            current=row.balance,
            projected=row.balance + row.planned,
            ends_on=period.ends_on,
        )
        changed += _take(row, balance, terms=terms, now=now)
    return changed


def _take(row: Any, balance: Balance, *, terms: standing_rules.Terms, now: datetime) -> bool:
    """Write what a look has found; whether anything is otherwise than before."""
    today = now.date()
    before = standing_of(row.Status, today)
    step = standing_rules.step(before, balance, terms=terms, today=today)
    review_on = max(step.review_on or today, today + timedelta(days=1))
    same = step.standing.state == before.state and not step.warn
    if same:
        if row.Status is not None:
            row.Status.next_review_on = review_on
        return False
    _begin(row, step, balance, terms=terms, review_on=review_on, now=now)
    return True


def standing_of(status: Status | None, today: date) -> standing_rules.Standing:
    """A status as the rules see it; none is in order."""
    if status is None:
        return standing_rules.Standing("ok", today)
    return standing_rules.Standing(
        cast("standing_rules.State", status.state),
        status.since_at.date(),
        status.warned_at.date() if status.warned_at else None,
        status.plan_until_on,
    )


def _begin(
    row: Any,
    step: Step,
    balance: Balance,
    *,
    terms: standing_rules.Terms,
    review_on: date,
    now: datetime,
) -> None:
    old = row.Status
    if old is not None:
        old.until_at = max(now, old.since_at)
        db.session.flush()
    standing = step.standing
    db.session.add(
        Status(
            member_id=row.member_id,
            home_site_id=row.home_site_id,
            state=standing.state,
            since_at=now,
            cause_id=_cause(row.member_id) if standing.state == "late" else None,
            next_review_on=review_on,
            warned_at=now if step.warn else None,
            plan_until_on=standing.plan_until,
        )
    )
    db.session.flush()
    record(
        StandingChanged(
            actor_id=None,
            site_id=row.home_site_id,
            member_id=row.member_id,
            state=standing.state,
            before=old.state if old else "ok",
            reason=step.reason,
            warns=step.warn,
            pause_from=standing.pause_from(terms),
            minutes=balance.current,
        )
    )


def _cause(member_id: int) -> int | None:
    """The line that carried the debt."""
    return db.session.scalar(
        select(func.max(Line.id)).where(Line.member_id == member_id, Line.kind == "CARRY_IN")
    )
