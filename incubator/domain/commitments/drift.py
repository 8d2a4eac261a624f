"""The members of a site who drift from their promise: why, since when, and what is agreed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, exists, func, or_, select

from incubator.domain.commitments import drift_rules, reviews, rules
from incubator.domain.commitments.ledger_models import Line, Standing
from incubator.domain.commitments.models import Contribution, Rule
from incubator.domain.commitments.presence_models import Presence
from incubator.domain.commitments.promise_models import Relief
from incubator.domain.commitments.slot_models import Signup
from incubator.domain.commitments.standing_rules import Terms
from incubator.domain.commitments.status_models import Status
from incubator.kernel.db import db
from incubator.kernel.keyset import Page, keyset_page
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from incubator.domain.commitments.drift_rules import Cause
    from incubator.domain.commitments.models import Period
    from incubator.kernel.keyset import Cursor

MOST_COUNTED = 100
CONCERNS = ("watch", "late", "plan", "paused")


@dataclass(frozen=True, kw_only=True, slots=True)
class Drifting:
    """Somebody to call; minutes. ``seen_on`` is the last day of which anything is known."""

    id: int
    slug: str
    name: str
    face: str | None
    state: str
    since: date | None
    balance: int
    projected: int
    planned: int
    cause: Cause
    seen_on: date | None
    plan_until: date | None
    pause_from: date | None


def of_site(site_id: int, today: date, cursor: Cursor) -> Page[Drifting]:
    """Whoever drifts at a site, by state and then by name, a page of them.

    Six statements, however many they are and however long they have been there.
    """
    period = reviews.current_period()
    if period is None:
        return Page([])
    page = keyset_page(_drifting(site_id, period, today), BY, cursor)
    rows = {row.id: row for row in db.session.execute(_details(page.rows, period))}
    away = set(db.session.scalars(_away(page.rows, today)))
    rule = db.session.get_one(Rule, period.rule_id)
    terms = Terms(rule.warn_days, rule.grace_days)
    told = [
        _told(rows[one], _account(rows[one]), period, terms=terms, away=away, today=today)
        for one in page.rows
    ]
    return Page(told, page.next, page.previous)


def count(site_id: int, today: date, most: int = MOST_COUNTED) -> int:
    """How many drift at a site, counted up to so many: two statements."""
    period = reviews.current_period()
    if period is None:
        return 0
    counted = _drifting(site_id, period, today).limit(most).subquery()
    return db.session.scalar(select(func.count()).select_from(counted)) or 0


def _account(row: Any) -> drift_rules.Account:
    return drift_rules.Account(
        carried=row.carry_in + int(row.late),
        given=row.balance - row.carry_in - int(row.late) + row.owed,
        planned=row.planned,
        owed=row.owed,
    )


def _told(
    row: Any,
    account: drift_rules.Account,
    period: Period,
    *,
    terms: Terms,
    away: set[int],
    today: date,
) -> Drifting:
    status = row.Status
    seen = [day for day in (row.came_on, row.gave_on) if day is not None]
    return Drifting(
        id=row.id,
        slug=row.slug,
        name=row.name,
        face=row.face,
        state=status.state if status else "ok",
        since=status.since_at.date() if status else None,
        balance=row.balance,
        projected=drift_rules.projected(account, period.span, today),
        planned=account.planned,
        cause=drift_rules.cause(
            away=row.id in away,
            joined_on=rules.civil_day(row.joined_at, "UTC"),
            ever_signed_up=row.ever,
            today=today,
        ),
        seen_on=max(seen, default=None),
        plan_until=status.plan_until_on if status else None,
        pause_from=reviews.standing_of(status, today).pause_from(terms),
    )


# What is known of a member by indexes alone: the last day they came, and gave.
_CAME_ON = (
    select(Presence.day)
    .where(Presence.member_id == Member.id, Presence.state != "void")
    .order_by(Presence.started_at.desc())
    .limit(1)
    .scalar_subquery()
)
_GAVE_ON = (
    select(func.max(Contribution.day)).where(Contribution.giver_id == Member.id).scalar_subquery()
)


# Lines of the open period that make good a closed one: as if they had been carried.
_LATE = (
    select(func.coalesce(func.sum(Line.minutes), 0))
    .where(
        Line.member_id == Member.id,
        Line.firm_id.is_(None),
        Line.period_id == Standing.period_id,
        Line.origin_period_id.is_not(None),
    )
    .scalar_subquery()
)
RANK = case(
    *((Status.state == state, place) for place, state in enumerate(drift_rules.ORDER)),
    else_=len(drift_rules.ORDER) - 1,
)
BY = (RANK, Member.sort_name, Member.id)


def _accounts(query: Any, period: Period) -> Any:
    return (
        query.select_from(Member)
        .join(Standing, and_(Standing.member_id == Member.id, Standing.period_id == period.id))
        .outerjoin(Status, and_(Status.member_id == Member.id, Status.until_at.is_(None)))
    )


def _drifting(site_id: int, period: Period, today: date) -> Any:
    """The ids of who drifts: ``drift_rules.projected`` as SQL, so that a page costs a page."""
    carried = Standing.carry_in + _LATE
    given, need = Standing.balance - carried + Standing.owed, Standing.owed - carried
    begun = drift_rules.begun(period.span, today)
    behind = [
        Standing.balance < 0,
        given * period.span.days < need * begun,
        given + Standing.planned < need,
    ]
    if period.span.elapsed(today) < drift_rules.THIRD:
        behind.append(carried < 0)
    return _accounts(select(Member.id), period).where(
        Standing.home_site_id == site_id,
        Member.active,
        or_(Status.state.in_(CONCERNS), and_(*behind)),
    )


def _details(ids: Sequence[int], period: Period) -> Any:
    columns = (
        *(Member.id, Member.slug, Member.name, Member.face.label("face"), Member.joined_at),
        *(Standing.carry_in, Standing.owed, Standing.balance, Standing.planned),
        *(_LATE.label("late"), _CAME_ON.label("came_on"), _GAVE_ON.label("gave_on")),
        exists().where(Signup.member_id == Member.id).label("ever"),
        Status,
    )
    return _accounts(select(*columns), period).where(Member.id.in_(ids))


def _away(ids: Sequence[int], today: date) -> Any:
    return select(Relief.member_id).where(
        Relief.member_id.in_(ids),
        Relief.state == "approved",
        Relief.starts_on <= today,
        or_(Relief.ends_on.is_(None), Relief.ends_on > today),
    )
