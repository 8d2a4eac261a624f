"""Writing the history of limits: the database lets no account have others than it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert

from incubator.domain.exchanges.ledger.events import CreditLimitsChanged
from incubator.domain.exchanges.ledger.models import LimitChange
from incubator.domain.exchanges.ledger.rules import limits_of
from incubator.kernel.db import Base, db
from incubator.kernel.events import record

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.exchanges.ledger.door import Held
    from incubator.domain.exchanges.ledger.rules import Limits

_CHANGE = insert(Base.metadata.tables[LimitChange.__tablename__])


def change_limits(
    account_id: int,
    limits: Limits,
    *,
    cause: str,
    by_id: int | None,
    now: datetime,
    comment: str = "",
) -> None:
    """Give an account these limits from now on, and keep why; the caller entered the door."""
    values = {
        "account_id": account_id,
        "cause": cause,
        "lower_limit": limits.lower,
        "soft_limit": limits.soft,
        "upper_limit": limits.upper,
        "frozen": limits.frozen,
        "comment": comment,
        "by_id": by_id,
        "at": now,
    }
    db.session.execute(_CHANGE, values)


def give_earned(held: Held, line: int, *, cause: str, now: datetime) -> None:
    """Give an account the line of so many cents that it has earned, and tell its firm."""
    before = held.state.limits
    limits = limits_of(line, upper=before.upper, frozen=before.frozen)
    change_limits(held.id, limits, cause=cause, by_id=None, now=now)
    record(
        CreditLimitsChanged(
            actor_id=None,
            site_id=held.site_id,
            firm_id=held.firm_id,
            cause=cause,
            line_cents=line,
            frozen=limits.frozen,
            comment="",
        )
    )
