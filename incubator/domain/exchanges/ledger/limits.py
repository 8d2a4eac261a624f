"""Writing the history of limits: the database lets no account have others than it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert

from incubator.domain.exchanges.ledger.models import LimitChange
from incubator.kernel.db import Base, db

if TYPE_CHECKING:
    from datetime import datetime

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
