"""The only writer of the ledger: a line once, its reversal once, and the standing with it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Insert, func, insert, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import aliased

from incubator.domain.commitments.ledger_models import FirmStanding, Group, Line, Standing
from incubator.kernel.db import Base, db, insert_once

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

COLUMNS = {"DUE": "due", "DONE": "done", "HELP": "help", "CARRY_IN": "carry_in"}
CHUNK = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A line to write; ``minutes`` are signed: what is owed is negative.

    It is the firm's where ``firm_id`` says so, the pool's without either.
    """

    member_id: int | None
    period_id: int
    kind: str
    minutes: int
    key: str
    source_type: str
    source_id: int | None = None
    source_rev: int = 1
    day: date | None = None
    site_id: int | None = None
    reason: str = ""
    actor_id: int | None = None
    reverses_id: int | None = None
    group_id: int | None = None
    firm_id: int | None = None
    origin_period_id: int | None = None


def post(entry: Entry, *, now: datetime) -> bool:
    """Write a line unless its key was written before; whether it was written."""
    if not insert_once(Line, **asdict(entry), recorded_at=now):
        return False
    _project([_sums(entry, entry.kind, now)])
    return True


def post_new(entries: Sequence[Entry], *, now: datetime) -> None:
    """Write many lines whose keys are new: the caller holds the lock of their period."""
    for start in range(0, len(entries), CHUNK):
        some = entries[start : start + CHUNK]
        db.session.execute(insert(Line), [dict(asdict(e), recorded_at=now) for e in some])
        _project([_sums(entry, entry.kind, now) for entry in some])


def reverse(
    line: Line, *, reason: str, actor_id: int | None, now: datetime, group_id: int | None = None
) -> bool:
    """Write the opposite of a line, once; whether it was written."""
    entry = Entry(
        member_id=line.member_id,
        period_id=line.period_id,
        kind="REVERSAL",
        minutes=-line.minutes,
        key=f"reversal:{line.id}",
        source_type=line.source_type,
        source_id=line.source_id,
        source_rev=line.source_rev,
        day=line.day,
        site_id=line.site_id,
        reason=reason,
        actor_id=actor_id,
        reverses_id=line.id,
        group_id=group_id,
        firm_id=line.firm_id,
        origin_period_id=line.origin_period_id,
    )
    if not insert_once(Line, **asdict(entry), recorded_at=now):
        return False
    _project([_sums(entry, line.kind, now)])
    return True


def open_group(kind: str, *, key: str, reason: str = "", by_id: int | None, now: datetime) -> Group:
    """Begin lines that belong together: unless they merge members, they must sum to zero."""
    balance = None if kind == "merge" else 0
    group = Group(kind=kind, key=key, balance=balance, reason=reason, by_id=by_id, made_at=now)
    db.session.add(group)
    db.session.flush()
    return group


def of_source(source_type: str, source_id: int) -> Sequence[Line]:
    """Every line that a fact has written, oldest first."""
    return db.session.scalars(
        select(Line)
        .where(Line.source_type == source_type, Line.source_id == source_id)
        .order_by(Line.id)
    ).all()


def live_lines(member_id: int) -> Sequence[Line]:
    """The lines of a member that were not taken back, oldest first."""
    reversal = aliased(Line)
    return db.session.scalars(
        select(Line)
        .outerjoin(reversal, reversal.reverses_id == Line.id)
        .where(Line.member_id == member_id, Line.kind != "REVERSAL", reversal.id.is_(None))
        .order_by(Line.id)
    ).all()


def balance(member_id: int) -> int:
    """What the ledger of a member sums to, in minutes: negative when they owe."""
    total = select(func.sum(Standing.balance)).where(Standing.member_id == member_id)
    return int(db.session.scalar(total) or 0)


def _sums(entry: Entry, kind: str, now: datetime) -> dict[str, Any]:
    """What a line adds to its member's standing; ``kind`` is the one it is summed under."""
    column = COLUMNS.get(kind, "corrections")
    sums = dict.fromkeys((*COLUMNS.values(), "corrections"), 0)
    sums[column] = -entry.minutes if column == "due" else entry.minutes
    return {
        "member_id": entry.member_id,
        "firm_id": entry.firm_id,
        "period_id": entry.period_id,
        "home_site_id": entry.site_id,
        "balance": entry.minutes,
        "computed_at": now,
        **sums,
    }


def _project(rows: list[dict[str, Any]]) -> None:
    """Add lines to the standings of their accounts; the pool's sum is the database's to keep."""
    dialect = db.session.get_bind().dialect.name
    firms = [row for row in rows if row["firm_id"]]
    members = [row for row in rows if row["member_id"] and not row["firm_id"]]
    for model, holder, some in (
        (Standing, "member_id", members),
        (FirmStanding, "firm_id", firms),
    ):
        other = "firm_id" if holder == "member_id" else "member_id"
        if some:
            values = [{name: row[name] for name in row if name != other} for row in some]
            db.session.execute(_adding(dialect, model.__tablename__, holder), values)


@cache
def _adding(dialect: str, table: str, holder: str) -> Insert:
    """Add to a standing, or begin one; the site is that of the latest line."""
    insert_on = sqlite_insert if dialect == "sqlite" else postgresql_insert
    # The table, not the row: no object is kept, and half the time is spared.
    statement = insert_on(Base.metadata.tables[table])
    new, columns = statement.excluded, statement.table.c
    added = ("carry_in", "due", "done", "help", "corrections", "balance")
    return statement.on_conflict_do_update(
        index_elements=[holder, "period_id"],
        set_={name: columns[name] + new[name] for name in added}
        | {"home_site_id": new["home_site_id"], "computed_at": new["computed_at"]},
    )
