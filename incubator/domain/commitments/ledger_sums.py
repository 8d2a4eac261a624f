"""What the ledger sums to, by account and period: what standings are rebuilt and proven from."""

from __future__ import annotations

from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from incubator.domain.commitments.ledger_models import FirmStanding, Line, Standing

# A projection, the column of its holder, and whether that is a firm.
SORTS: tuple[tuple[Any, str, bool], ...] = (
    (Standing, "member_id", False),
    (FirmStanding, "firm_id", True),
)


def sums_of_ledger(*, of_firm: bool) -> Any:
    """What the ledger sums to by account and period, in the columns of a standing."""
    original = aliased(Line)
    kind = func.coalesce(original.kind, Line.kind)
    holder = Line.firm_id if of_firm else Line.member_id

    def total(*kinds: str, sign: int = 1) -> Any:
        return func.sum(case((kind.in_(kinds), sign * Line.minutes), else_=0))

    query = (
        select(
            holder.label("holder"),
            Line.period_id,
            total("CARRY_IN").label("carry_in"),
            total("DUE", sign=-1).label("due"),
            total("DONE").label("done"),
            total("HELP").label("help"),
            func.sum(
                case((kind.in_(("CARRY_IN", "DUE", "DONE", "HELP")), 0), else_=Line.minutes)
            ).label("corrections"),
            func.sum(Line.minutes).label("balance"),
        )
        .outerjoin(original, original.id == Line.reverses_id)
        .where(holder.is_not(None))
        .group_by(holder, Line.period_id)
    )
    return query if of_firm else query.where(Line.firm_id.is_(None))
