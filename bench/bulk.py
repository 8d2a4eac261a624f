"""Writing many rows into SQLite at once: what keeps order among them is made when all are there."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event

# No other program looks on while an installation is filled, and what breaks off is thrown away.
FAST = (
    "synchronous=OFF",
    "temp_store=MEMORY",
    "foreign_keys=OFF",
    "cache_size=-262144",
)
# Bytes of words that a search index gathers before it writes them: few large parts, few merges.
GATHERED = 128 << 20
USUAL = 1 << 20
PARTS = """
SELECT type, name, sql FROM sqlite_master
WHERE tbl_name = ? AND type IN ('index', 'trigger') AND sql IS NOT NULL
"""


def hurry(connection: sqlite3.Connection) -> None:
    """Let a connection trade safety for speed."""
    for pragma in FAST:
        connection.execute(f"PRAGMA {pragma}")


def hurry_all(engine: Engine) -> None:
    """The same for each connection that an engine opens from now on."""
    event.listen(engine, "connect", lambda connection, _record: hurry(connection))
    engine.dispose()


@contextmanager
def in_bulk(connection: sqlite3.Connection, *tables: str) -> Iterator[None]:
    """Fill tables without their indexes and triggers, which are made again afterwards."""
    found = [part for table in tables for part in connection.execute(PARTS, (table,)).fetchall()]
    for kind, name, _sql in found:
        connection.execute(f"DROP {kind} {name}")
    yield
    for _kind, _name, sql in found:
        connection.execute(sql)
    for kind, name, _sql in found:
        if kind == "trigger" and name.endswith("_come"):
            _index(connection, name.removesuffix("_come") + "_words")


def _index(connection: sqlite3.Connection, words: str) -> None:
    """Read the documents of a search index, all at once."""
    gather = f"INSERT INTO {words} ({words}, rank) VALUES ('hashsize', ?)"  # noqa: S608 - ours
    connection.execute(gather, (GATHERED,))
    connection.execute(f"INSERT INTO {words} ({words}) VALUES ('rebuild')")  # noqa: S608 - ours
    connection.execute(gather, (USUAL,))
