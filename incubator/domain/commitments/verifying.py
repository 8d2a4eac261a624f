"""Proving the hours again: what no data may break, asked of all the data; and rebuilding.

What the database itself refuses is proven too: data may have been written by other hands, or
before the guard was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, literal, select

from incubator.domain.commitments import (
    ledger_sums,
    planned,
    proofs_facts,
    proofs_ledger,
    proofs_lines,
)
from incubator.domain.commitments.faults import MOST, Fault
from incubator.kernel.db import UTCDateTime, db
from incubator.network.members.firm_models import Firm
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

PROOFS: tuple[Callable[[datetime], Iterator[Fault]], ...] = (
    proofs_facts.one_session_is_open,
    proofs_facts.sessions_go_forward,
    proofs_ledger.standings_follow_lines,
    proofs_ledger.reversals_are_opposite,
    proofs_lines.lines_follow_facts,
    proofs_ledger.dues_are_charged,
    proofs_ledger.closed_periods_are_over,
    proofs_lines.corrections_are_complete,
    proofs_ledger.carries_arrive,
    proofs_ledger.groups_balance,
    proofs_facts.nobody_confirms_themselves,
    proofs_facts.nothing_future_counts,
    proofs_facts.sanctions_are_announced,
    proofs_facts.periods_meet,
    proofs_facts.pledges_share_no_day,
    proofs_facts.promises_are_remembered,
)


def verify(now: datetime) -> list[Fault]:
    """Every fault, at most twenty of a kind."""
    faults: list[Fault] = []
    for proof in PROOFS:
        for number, fault in enumerate(proof(now), 1):
            faults.append(fault)
            if number == MOST:
                break
    return faults


def rebuild(now: datetime) -> int:
    """Throw the standings away and add them up from the ledger; how many there are.

    In the caller's transaction. Minutes of sign-ups to come, which no line tells, come from them.
    """
    made = sum(
        _rebuild(model.__table__, holder, of_firm=of_firm, now=now)
        for model, holder, of_firm in ledger_sums.SORTS
    )
    planned.keep(planned.concerned(now), now=now)
    db.session.expire_all()
    return made


def _rebuild(table: Any, holder: str, *, of_firm: bool, now: datetime) -> int:
    db.session.execute(delete(table))
    sums = ledger_sums.sums_of_ledger(of_firm=of_firm).subquery()
    row: Any = Firm if of_firm else Member
    home = row.site_id if of_firm else row.home_site_id
    columns = [name for name in dict(sums.c) if name not in {"holder", "period_id"}]
    source = select(
        sums.c.holder,
        sums.c.period_id,
        home,
        *(sums.c[name] for name in columns),
        literal(now, UTCDateTime),
    ).join(row, row.id == sums.c.holder)
    names = [holder, "period_id", "home_site_id", *columns, "computed_at"]
    db.session.execute(insert(table).from_select(names, source))
    return int(db.session.scalar(select(func.count()).select_from(table)) or 0)
