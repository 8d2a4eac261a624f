"""What a manager sees before agreeing on a plan or a pause: the debt, sign-ups, what may follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.domain.commitments import reviews, slot_queries
from incubator.domain.commitments.ledger_models import Standing
from incubator.domain.commitments.models import Rule
from incubator.domain.commitments.standing_rules import Terms
from incubator.domain.commitments.status_models import Status
from incubator.kernel.db import db

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from incubator.domain.commitments.slot_models import Signup

MOST = 20


@dataclass(frozen=True, slots=True)
class Account:
    """A member's open period, in minutes; ``pause_from`` is when a manager may pause them."""

    balance: int
    state: str
    since: date | None
    warned_on: date | None
    pause_from: date | None
    plan_until: date | None
    note: str
    duties: Sequence[Signup]

    @property
    def debt(self) -> int:
        """What is missing."""
        return max(0, -self.balance)

    @property
    def planned(self) -> int:
        """Minutes of the sign-ups to come."""
        return sum(
            int((one.slot.ends_at - one.slot.starts_at).total_seconds()) // 60
            for one in self.duties
        )


def of_member(member_id: int, now: datetime) -> Account:
    """A member's account in the period that holds what was carried."""
    period = reviews.current_period()
    balance = db.session.scalar(
        select(Standing.balance).where(
            Standing.member_id == member_id,
            Standing.period_id == (period.id if period else None),
        )
    )
    status = db.session.scalar(
        select(Status).where(Status.member_id == member_id, Status.until_at.is_(None))
    )
    standing = reviews.standing_of(status, now.date())
    rule = db.session.get_one(Rule, period.rule_id) if period else None
    terms = Terms(rule.warn_days, rule.grace_days) if rule else None
    return Account(
        balance or 0,
        standing.state,
        standing.since if status else None,
        standing.warned_on,
        standing.pause_from(terms) if terms else None,
        standing.plan_until,
        status.note if status else "",
        slot_queries.duties_of(member_id, since=now, states=("booked",), most=MOST),
    )
