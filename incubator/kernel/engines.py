"""How connections behave on SQLite and PostgreSQL."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError

if TYPE_CHECKING:
    from sqlalchemy.pool import ConnectionPoolEntry

# FULL: an acknowledged message survives a power cut, not only a killed process.
SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "cache_size=-20000",
    "temp_store=MEMORY",
    "mmap_size=268435456",
    # Last: opening may wait as the driver does, 5 s, for a process that recovers the journal.
    # Later waits stop everybody of a worker: writers wait in WriterTurn, readers hardly ever.
    "busy_timeout=20",
)

# Rows of an index that SQLite looks at when it counts: enough to tell few from many.
ROWS_COUNTED = 400

# Longer than any write of ours; whoever waits so long gets a page that says so.
TURN_SECONDS = 10.0
# Between two tries for a lock that another process holds; each is twice the one before.
FIRST_PAUSE, LONGEST_PAUSE = 0.005, 0.1


def prepare(engine: Engine) -> None:
    """Give ``engine`` the house's settings; safe to repeat."""
    if engine.dialect.name == "sqlite" and not event.contains(engine, "connect", _open_sqlite):
        event.listen(engine, "connect", _open_sqlite)
        WriterTurn(engine)


def _open_sqlite(connection: sqlite3.Connection, entry: ConnectionPoolEntry) -> None:
    del entry
    # The driver must not open transactions by itself: BEGIN is ours, see below.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def unwritable(engine: Engine) -> str:
    """The file of the embedded database, or of its journal, that takes no writes; else «».

    SQLite opens such a file all the same, and fails at the first change.
    """
    name = engine.url.database if engine.dialect.name == "sqlite" else None
    files = [Path(f"{name}{end}") for end in ("", "-wal", "-shm")] if name else []
    return next((str(one) for one in files if one.exists() and not os.access(one, os.W_OK)), "")


class WriterTurn:
    """One writer at a time per process, who waits for those of other processes.

    SQLite's own busy handler would block the whole process under gevent, and a deferred
    BEGIN fails at once when another writer came between its read and its write. So we sleep
    and try again ourselves, ``TURN_SECONDS`` in all; then raise OperationalError.
    """

    def __init__(self, engine: Engine) -> None:
        self._turn = threading.BoundedSemaphore(1)
        event.listen(engine, "begin", self._begin)
        # A connection kept open (tests) begins again without passing by the pool.
        event.listen(engine, "rollback", lambda connection: self._give_back(connection.info))
        event.listen(engine, "checkin", lambda _, entry: self._give_back(entry.info))

    def _begin(self, connection: Connection) -> None:
        if not connection.get_execution_options().get("write"):
            # Past SQLAlchemy, to which this costs as much as the statement that follows.
            reading = connection.connection.dbapi_connection
            cast("sqlite3.Connection", reading).execute("BEGIN")
            return
        until = time.monotonic() + TURN_SECONDS
        if not self._turn.acquire(timeout=TURN_SECONDS):
            held = sqlite3.OperationalError("another writer holds the database")
            raise OperationalError("BEGIN IMMEDIATE", {}, held)
        try:
            _take_lock(connection, until)
        except BaseException:
            self._turn.release()
            raise
        connection.info["writer"] = True

    def _give_back(self, info: dict[str, Any]) -> None:
        if info.pop("writer", None):
            self._turn.release()


def _take_lock(connection: Connection, until: float) -> None:
    """Begin to write once no other process does; ``until`` is an instant of the monotonic clock."""
    pause = FIRST_PAUSE
    while True:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except OperationalError as error:
            if not _is_busy(error) or time.monotonic() + pause > until:
                raise
        else:
            return
        # Under gevent others are served meanwhile.
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


def _is_busy(error: OperationalError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", 0)
    # The low byte: what it is busy with comes above.
    return code & 0xFF == sqlite3.SQLITE_BUSY


def options_for(address: str) -> dict[str, Any]:
    """Engine options of a database address: a pool that notices dead PostgreSQL connections."""
    if address.startswith("sqlite"):
        return {}
    return {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 20}


def settle(engine: Engine) -> None:
    """Let the database take in what many new rows changed; call it after a bulk load.

    PostgreSQL counts anew what the planner guesses from, and files the words that its full-text
    indexes put off, which every search would read until the next VACUUM; SQLite counts what it
    finds worth counting. Never part of a transaction; safe to repeat.
    """
    if engine.dialect.name == "sqlite":
        with engine.connect().execution_options(write=True) as connection, connection.begin():
            connection.exec_driver_sql(f"PRAGMA analysis_limit={ROWS_COUNTED}")
            connection.exec_driver_sql("PRAGMA optimize")
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(_FILED)
        tables = connection.exec_driver_sql(_OWN_TABLES).scalar()
        if tables:
            connection.exec_driver_sql(f"ANALYZE {tables}")


_FILED = """
SELECT gin_clean_pending_list(i.indexrelid) FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam
WHERE a.amname = 'gin' AND c.relnamespace = current_schema()::regnamespace
"""
_OWN_TABLES = """
SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables
WHERE schemaname = current_schema()
"""
