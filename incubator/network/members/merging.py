"""Two rows that are one person: everything of one goes to the other, table by table.

Every column that names a member has a mover, or a reason to stay as it is; a test walks the
schema, so that no later table can be forgotten. Features bring their own movers by a bridge.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import (
    String,
    UniqueConstraint,
    cast,
    delete,
    exists,
    func,
    literal,
    select,
    update,
)

from incubator.kernel.db import Base, db

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Table

    from incubator.network.members.actor import Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class Merge:
    """What every mover is told: ``gone_id`` becomes ``kept_id``; ``by`` is who said so."""

    kept_id: int
    gone_id: int
    by: Actor
    now: datetime


Mover = Callable[[Merge], None]
_movers: dict[str, Mover] = {}
_covered: dict[str, str] = {}
_stays: dict[str, str] = {}


def moves(name: str, columns: tuple[str, ...]) -> Callable[[Mover], Mover]:
    """Name the function that moves these columns («table.column»); ``name`` is its own key."""

    def register(mover: Mover) -> Mover:
        _movers[name] = mover
        _covered.update(dict.fromkeys(columns, name))
        return mover

    return register


def repoints(name: str, *columns: str) -> None:
    """Let these columns name the kept member from now on: nothing else hangs on them."""

    def mover(merge: Merge) -> None:
        for column in columns:
            repoint(column, merge)

    moves(name, columns)(mover)


def unites(name: str, *columns: str) -> None:
    """Let rows name the kept member, who has one of a key: their own stands where both had it."""

    def mover(merge: Merge) -> None:
        for column in columns:
            unite(column, merge)

    moves(name, columns)(mover)


def stays(column: str, reason: str) -> None:
    """Say why a column goes on naming the row that is gone."""
    _stays[column] = reason


def repoint(column: str, merge: Merge) -> None:
    """Let a column («table.column») name the kept member wherever it named the other."""
    owner, _, name = column.partition(".")
    rows = Base.metadata.tables[owner]
    changed: dict[str, object] = {name: merge.kept_id}
    if _once_is_theirs(rows, name):
        # No form of theirs waits any more; two of them may have used the same words.
        changed["once"] = literal("moved-").concat(cast(rows.c.id, String))
    db.session.execute(update(rows).where(rows.c[name] == merge.gone_id).values(changed))


def _once_is_theirs(rows: Table, name: str) -> bool:
    """Whether a double submit is known by this column and the form's own key."""
    return any(
        {column.name for column in each.columns} == {name, "once"}
        for each in rows.constraints
        if isinstance(each, UniqueConstraint)
    )


def unite(column: str, merge: Merge) -> None:
    """As ``repoint`` for a part of a primary key: what both had is kept once."""
    owner, _, name = column.partition(".")
    rows = Base.metadata.tables[owner]
    twin = rows.alias()
    same = [twin.c[key.name] == rows.c[key.name] for key in rows.primary_key if key.name != name]
    both = exists().where(twin.c[name] == merge.kept_id, *same)
    db.session.execute(delete(rows).where(rows.c[name] == merge.gone_id, both))
    repoint(column, merge)


def run(merge: Merge) -> None:
    """Move everything, in the order in which the movers were named."""
    for mover in _movers.values():
        mover(merge)
        db.session.flush()
        db.session.expire_all()


def covered() -> dict[str, str]:
    """Every column that has a mover or a reason, with its name or reason."""
    return {**_covered, **_stays}


def naming_columns() -> set[str]:
    """Every column of the schema that names a member or their account."""
    people = {"members_member.id", "accounts_account.id"}
    return {
        f"{owner.name}.{column.name}"
        for owner in Base.metadata.tables.values()
        for column in owner.columns
        if any(key.target_fullname in people for key in column.foreign_keys)
    }


def counts(member_id: int) -> dict[str, int]:
    """How many rows of each table a member has, as far as they would move: for the preview."""
    found: dict[str, int] = {}
    for column in _covered:
        owner, _, name = column.partition(".")
        rows = Base.metadata.tables[owner]
        query = select(func.count()).select_from(rows).where(rows.c[name] == member_id)
        number = db.session.scalar(query) or 0
        if number:
            found[owner] = found.get(owner, 0) + number
    return found
