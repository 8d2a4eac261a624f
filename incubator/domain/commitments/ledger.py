"""The only writer of the ledger: a line once, its reversal once, and the standing with it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Insert, bindparam, func, insert, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import aliased

from incubator.domain.commitments.ledger_models import FirmStanding, Group, Line, Standing
from incubator.kernel.db import Base, BigId, db, insert_once
from incubator.network.members.firm_models import Firm
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
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
    _project([(entry, entry.kind)], now)
    return True


def post_new(
    entries: Sequence[Entry], *, now: datetime, reversals: Sequence[tuple[Entry, str]] = ()
) -> None:
    """Write many lines whose keys are new: the caller holds the lock of their accounts.

    ``reversals`` are opposites of lines, each with the kind of the line that it takes back.
    """
    both = [*reversals, *((entry, entry.kind) for entry in entries)]
    for start in range(0, len(both), CHUNK):
        some = both[start : start + CHUNK]
        values = [{**_columns(entry), "recorded_at": now} for entry, _kind in some]
        db.session.execute(insert(Base.metadata.tables[Line.__tablename__]), values)
    if both:
        _project(both, now)


def _columns(entry: Entry) -> dict[str, Any]:
    # Not asdict(): it copies what it finds, and takes as long as the insert.
    return {name: getattr(entry, name) for name in _FIELDS}


def opposite(line: Any, *, reason: str, actor_id: int | None, group_id: int | None = None) -> Entry:
    """What takes a line back; ``line`` has the columns of one."""
    return Entry(
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


def reverse(
    line: Line, *, reason: str, actor_id: int | None, now: datetime, group_id: int | None = None
) -> bool:
    """Write the opposite of a line, once; whether it was written."""
    entry = opposite(line, reason=reason, actor_id=actor_id, group_id=group_id)
    if not insert_once(Line, **asdict(entry), recorded_at=now):
        return False
    _project([(entry, line.kind)], now)
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


def _project(written: Iterable[tuple[Entry, str]], now: datetime) -> None:
    """Add lines to the standings of their accounts; the pool's sum is the database's to keep.

    Each comes with the kind that it is summed under: a reversal with that of what it reverses.
    """
    sums: dict[bool, dict[tuple[int, int], dict[str, int]]] = {False: {}, True: {}}
    for entry, kind in written:
        holder = entry.firm_id or entry.member_id
        if holder is None:
            continue
        account = sums[bool(entry.firm_id)].setdefault((holder, entry.period_id), dict(_ZERO))
        column = COLUMNS.get(kind, "corrections")
        account[column] += -entry.minutes if column == "due" else entry.minutes
        account["balance"] += entry.minutes
    dialect = db.session.get_bind().dialect.name
    for of_firms, some in sums.items():
        if some:
            model, holder_name = _STANDINGS[of_firms]
            homes = _homes(sorted({holder for holder, _period in some}), of_firms=of_firms)
            values = [
                {
                    holder_name: holder,
                    "period_id": period_id,
                    "home_site_id": homes.get(holder),
                    "computed_at": now,
                    **added,
                }
                for (holder, period_id), added in some.items()
            ]
            db.session.execute(_adding(dialect, model.__tablename__, holder_name), values)


_STANDINGS: dict[bool, tuple[type[Base], str]] = {
    False: (Standing, "member_id"),
    True: (FirmStanding, "firm_id"),
}
_ADDED = (*COLUMNS.values(), "corrections", "balance")
_ZERO = dict.fromkeys(_ADDED, 0)
_FIELDS = tuple(each.name for each in fields(Entry))
_IDS = bindparam("ids", type_=BigId, expanding=True)
_MEMBER_HOMES = select(Member.id, Member.home_site_id).where(Member.id.in_(_IDS))
_FIRM_HOMES = select(Firm.id, Firm.site_id).where(Firm.id.in_(_IDS))


def _homes(ids: Sequence[int], *, of_firms: bool) -> dict[int, int | None]:
    """Where the holders are at home now: the site whose managers see the standing."""
    homes: dict[int, int | None] = {}
    for start in range(0, len(ids), CHUNK):
        some = {"ids": ids[start : start + CHUNK]}
        rows = db.session.execute(_FIRM_HOMES if of_firms else _MEMBER_HOMES, some)
        homes.update((holder, home) for holder, home in rows)
    return homes


@cache
def _adding(dialect: str, table: str, holder: str) -> Insert:
    """Add to a standing, or begin one; the site is the holder's home at the latest line."""
    insert_on = sqlite_insert if dialect == "sqlite" else postgresql_insert
    # The table, not the row: no object is kept, and half the time is spared.
    statement = insert_on(Base.metadata.tables[table])
    new, columns = statement.excluded, statement.table.c
    return statement.on_conflict_do_update(
        index_elements=[holder, "period_id"],
        set_={name: columns[name] + new[name] for name in _ADDED}
        | {"home_site_id": new["home_site_id"], "computed_at": new["computed_at"]},
    )
