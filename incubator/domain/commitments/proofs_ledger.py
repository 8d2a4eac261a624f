"""Proofs of the accounts: lines, their sums, closings, groups. Each tells the faults it finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from incubator.domain.commitments import history
from incubator.domain.commitments.faults import MOST, Fault
from incubator.domain.commitments.ledger_models import Group, Line, Pool
from incubator.domain.commitments.ledger_sums import SORTS, sums_of_ledger
from incubator.domain.commitments.models import Period
from incubator.domain.commitments.promise_models import Obligation
from incubator.kernel.db import db

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime


def standings_follow_lines(_now: datetime) -> Iterator[Fault]:
    """A standing is what the ledger sums to."""
    for model, holder, of_firm in SORTS:
        name = "firm" if of_firm else "member"
        sums = sums_of_ledger(of_firm=of_firm).subquery()
        columns = ("carry_in", "due", "done", "help", "corrections", "balance")
        table = model.__table__.c
        differs = or_(
            table.balance.is_(None),
            *(func.coalesce(table[column], 0) != sums.c[column] for column in columns),
        )
        same = and_(table.period_id == sums.c.period_id, table[holder] == sums.c.holder)
        told = select(sums.c.holder, sums.c.period_id, sums.c.balance, table.balance.label("shown"))
        for row in db.session.execute(
            told.outerjoin(model.__table__, same).where(differs).limit(MOST)
        ):
            yield Fault(
                4,
                f"{name} {row.holder}, period {row.period_id}: the ledger says {row.balance}, "
                f"the standing {row.shown}",
            )
        alone = (
            select(table[holder].label("holder"), table.period_id, table.balance)
            .outerjoin(sums, same)
            .where(sums.c.holder.is_(None), table.balance != 0)
        )
        for row in db.session.execute(alone.limit(MOST)):
            yield Fault(4, f"{name} {row.holder}, period {row.period_id}: a standing without lines")


def reversals_are_opposite(_now: datetime) -> Iterator[Fault]:
    """A line that takes another back is its opposite."""
    original = aliased(Line)
    rows = db.session.execute(
        select(Line.id, original.id)
        .join(original, original.id == Line.reverses_id)
        .where(
            or_(
                Line.minutes != -original.minutes,
                Line.period_id != original.period_id,
                Line.member_id.is_distinct_from(original.member_id),
                Line.firm_id.is_distinct_from(original.firm_id),
                original.kind == "REVERSAL",
            )
        )
        .limit(MOST)
    )
    for line_id, original_id in rows:
        yield Fault(5, f"line {line_id} is not the opposite of line {original_id}")


def dues_are_charged(_now: datetime) -> Iterator[Fault]:
    """What is charged for a period that is not closed is the latest reckoning."""
    for _model, _holder, of_firm in SORTS:
        holder = Obligation.firm_id if of_firm else Obligation.member_id
        latest = (
            select(
                holder.label("holder"), Obligation.period_id, func.max(Obligation.rev).label("r")
            )
            .where(holder.is_not(None))
            .group_by(holder, Obligation.period_id)
            .subquery()
        )
        sums = sums_of_ledger(of_firm=of_firm).subquery()
        rows = db.session.execute(
            select(holder.label("holder"), Obligation.period_id, Obligation.minutes, sums.c.due)
            .join(
                latest,
                and_(
                    latest.c.holder == holder,
                    latest.c.period_id == Obligation.period_id,
                    latest.c.r == Obligation.rev,
                ),
            )
            .join(Period, and_(Period.id == Obligation.period_id, Period.state == "open"))
            .outerjoin(
                sums, and_(sums.c.holder == holder, sums.c.period_id == Obligation.period_id)
            )
            .where(Obligation.minutes != func.coalesce(sums.c.due, 0))
            .limit(MOST)
        )
        for row in rows:
            yield Fault(
                10,
                f"{'firm' if of_firm else 'member'} {row.holder}, period {row.period_id}: "
                f"{row.minutes} are owed, {row.due} charged",
            )


def closed_periods_are_over(_now: datetime) -> Iterator[Fault]:
    """A closed period sums to nothing, and takes no lines after its closing."""
    original = aliased(Line)
    for _model, _holder, of_firm in SORTS:
        holder = Line.firm_id if of_firm else Line.member_id
        sums = (
            select(holder.label("holder"), Line.period_id, func.sum(Line.minutes).label("total"))
            .join(Period, and_(Period.id == Line.period_id, Period.state == "closed"))
            .where(holder.is_not(None))
            .group_by(holder, Line.period_id)
            .having(func.sum(Line.minutes) != 0)
        )
        sums = sums if of_firm else sums.where(Line.firm_id.is_(None))
        for row in db.session.execute(sums.limit(MOST)):
            yield Fault(
                11,
                f"{'firm' if of_firm else 'member'} {row.holder}: the closed period "
                f"{row.period_id} is left with {row.total}",
            )
    after = (
        select(Line.id, Line.period_id)
        .join(Period, Period.id == Line.period_id)
        .outerjoin(original, original.id == Line.reverses_id)
        .where(Period.state == "closed", Line.recorded_at > Period.closed_at)
    )
    for line_id, period_id in db.session.execute(after.limit(MOST)):
        yield Fault(11, f"line {line_id} was written into period {period_id} once it was closed")


def carries_arrive(_now: datetime) -> Iterator[Fault]:
    """What leaves a period enters the next."""
    out, into = aliased(Line), aliased(Line)
    rows = db.session.execute(
        select(out.id, out.minutes, into.minutes)
        .outerjoin(
            into,
            and_(
                into.kind == "CARRY_IN",
                into.source_type == history.CLOSE,
                into.source_id == out.source_id,
                into.member_id.is_not_distinct_from(out.member_id),
                into.firm_id.is_not_distinct_from(out.firm_id),
                into.key.not_like("merge:%"),
            ),
        )
        .where(out.kind == "CARRY_OUT", func.coalesce(into.minutes, 0) + out.minutes != 0)
        .limit(MOST)
    )
    for line_id, minutes, entered in rows:
        yield Fault(13, f"line {line_id} carries {-minutes} out, {entered or 0} came in")


def groups_balance(_now: datetime) -> Iterator[Fault]:
    """Lines of a group sum to nothing, and the pool is what its lines say."""
    rows = db.session.execute(
        select(Group.id, func.sum(Line.minutes))
        .join(Line, Line.group_id == Group.id)
        .where(Group.kind != "merge")
        .group_by(Group.id)
        .having(func.sum(Line.minutes) != 0)
        .limit(MOST)
    )
    for group_id, total in rows:
        yield Fault(13, f"group {group_id} sums to {total}")
    held = db.session.scalar(
        select(func.coalesce(func.sum(Line.minutes), 0)).where(
            Line.member_id.is_(None), Line.firm_id.is_(None)
        )
    )
    shown = db.session.scalar(select(Pool.balance))
    if held != shown:
        yield Fault(4, f"the pool holds {held}, its row says {shown}")
