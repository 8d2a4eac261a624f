"""Empty databases with the whole schema, for tests with real connections: made once, then emptied.

Making some 130 tables takes seconds on PostgreSQL; emptying them does not.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import select, text

from incubator.kernel.db import Base

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection, Engine, Table

    Seeds = list[tuple[Table, list[dict[str, Any]]]]

TABLES = Base.metadata.sorted_tables
# Ledgers and logs refuse to be emptied, as they should.
GUARDED = "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
FILLED = " UNION ALL ".join(
    f"SELECT '{table.name}' WHERE EXISTS (SELECT FROM {table.name})"  # noqa: S608 - names of ours
    for table in TABLES
)
RESTART = "SELECT setval(pg_get_serial_sequence(:name, 'id'), 1, false)"
# The first rows of the schema, by the database in which this process made it.
_made: dict[str, Seeds] = {}
_template: list[sqlite3.Connection] = []


def fresh(engine: Engine) -> None:
    """Give this database the whole schema with its first rows, and nothing else."""
    if engine.dialect.name == "sqlite":
        _file(engine)
        return
    key = str(engine.url)
    if key in _made:
        _empty(engine, _made[key])
        return
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    _made[key] = list(_first_rows(engine))


def _file(engine: Engine) -> None:
    """A new file of SQLite: the schema is made in the first, the others are copies of it."""
    if not _template:
        Base.metadata.create_all(engine)
        _template.append(sqlite3.connect(":memory:", check_same_thread=False))
        with closing(engine.raw_connection()) as pooled:
            cast("sqlite3.Connection", pooled.driver_connection).backup(_template[0])
        return
    with closing(engine.raw_connection()) as pooled:
        _template[0].backup(cast("sqlite3.Connection", pooled.driver_connection))


def _first_rows(engine: Engine) -> Iterable[tuple[Table, list[dict[str, Any]]]]:
    with engine.connect() as connection:
        for table in TABLES:
            if rows := connection.execute(select(table)).mappings().all():
                yield table, [dict(row) for row in rows]


def _empty(engine: Engine, seeds: Seeds) -> None:
    """Delete what there is: to truncate would write every table and index anew."""
    with engine.begin() as connection:
        holding = set(connection.scalars(text(FILLED)))
        filled = [table for table in reversed(TABLES) if table.name in holding]
        guarded = set(connection.scalars(text(GUARDED)))
        silenced = [table.name for table in filled if table.name in guarded]
        _triggers(connection, silenced, "DISABLE")
        for table in filled:
            connection.execute(table.delete())
            if "id" in table.columns:
                connection.execute(text(RESTART), {"name": table.name})
        for table, rows in seeds:
            connection.execute(table.insert(), rows)
        # What a constraint leaves to the commit stands in the way of changing its table.
        connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
        _triggers(connection, silenced, "ENABLE")


def _triggers(connection: Connection, names: Iterable[str], word: str) -> None:
    for name in names:
        connection.exec_driver_sql(f"ALTER TABLE {name} {word} TRIGGER USER")
