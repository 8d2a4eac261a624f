"""Writers on a real file take turns; readers do not wait for them."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import OperationalError

from incubator.kernel import engines
from incubator.kernel.db import Base, db, transaction
from incubator.kernel.engines import prepare
from incubator.kernel.jobs import run_due
from incubator.kernel.throttle import Throttle, spend
from tests.real_app import real_app

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from sqlalchemy import Engine

NOON = datetime(2026, 11, 12, 12, tzinfo=UTC)
THREADS, TURNS = 8, 10


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = create_engine(f"sqlite:///{tmp_path / 'x.db'}")
    prepare(made)
    prepare(made)
    Base.metadata.create_all(made, tables=[Base.metadata.tables["kernel_throttle"]])
    yield made
    made.dispose()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("foreign_keys", 1), ("synchronous", 2), ("busy_timeout", 20)],
)
def test_a_connection_has_the_settings_of_the_house(
    engine: Engine, pragma: str, value: object
) -> None:
    with engine.connect() as connection:
        assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == value


def test_a_reader_does_not_wait_for_a_writer(engine: Engine) -> None:
    with engine.connect().execution_options(write=True) as writer, writer.begin():
        writer.execute(text("INSERT INTO kernel_throttle VALUES ('k', '2026-01-01')"))
        with engine.connect() as reader:
            assert reader.execute(text("SELECT count(*) FROM kernel_throttle")).scalar() == 0


@contextmanager
def rival(engine: Engine) -> Generator[sqlite3.Connection]:
    """Another connection that holds the lock of writers, as another process does."""
    with closing(sqlite3.connect(str(engine.url.database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


def test_a_writer_waits_until_another_process_has_done(engine: Engine) -> None:
    tries: list[str] = []
    with rival(engine) as other:

        @event.listens_for(engine, "before_cursor_execute")
        def _tried(*given: object) -> None:
            tries.append(str(given[2]))
            if len(tries) == 3:
                other.execute("INSERT INTO kernel_throttle VALUES ('theirs', '2026-01-01')")
                other.execute("COMMIT")

        with engine.connect().execution_options(write=True) as writer, writer.begin():
            assert tries == ["BEGIN IMMEDIATE"] * 3
            assert writer.execute(text("SELECT key FROM kernel_throttle")).scalar() == "theirs"


def test_a_writer_who_waits_too_long_is_told_and_gives_its_turn_back(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "TURN_SECONDS", 0.05)
    writing = engine.connect().execution_options(write=True)
    with rival(engine), writing as writer, pytest.raises(OperationalError, match="locked"):
        writer.begin()
    with engine.connect().execution_options(write=True) as writer, writer.begin():
        writer.execute(text("DELETE FROM kernel_throttle"))


def test_a_reader_does_not_wait_for_another_process(engine: Engine) -> None:
    with rival(engine) as other:
        other.execute("INSERT INTO kernel_throttle VALUES ('theirs', '2026-01-01')")
        with engine.connect() as reader:
            assert reader.execute(text("SELECT count(*) FROM kernel_throttle")).scalar() == 0


def test_a_writer_that_fails_gives_its_turn_back(engine: Engine) -> None:
    for _ in range(2):
        with (
            pytest.raises(ZeroDivisionError),
            engine.connect().execution_options(write=True) as writer,
            writer.begin(),
        ):
            raise ZeroDivisionError
    with engine.connect().execution_options(write=True) as writer, writer.begin():
        writer.execute(text("DELETE FROM kernel_throttle"))


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with real_app(tmp_path) as made:
        yield made


def test_a_runner_with_nothing_to_do_takes_no_lock(app: Flask) -> None:
    with app.app_context(), rival(db.engine):
        assert run_due() == 0


def test_no_turn_is_lost_between_rivals(app: Flask) -> None:
    gate = threading.Barrier(THREADS)

    def compete() -> int:
        gate.wait(timeout=60)
        allowed = 0
        for _ in range(TURNS):
            with app.app_context(), transaction():
                allowed += spend("k", limit=THREADS * TURNS // 2, per_seconds=3600, now=NOON) == 0
        return allowed

    with ThreadPoolExecutor(THREADS) as pool:
        granted = sum(pool.map(lambda _: compete(), range(THREADS)))
    with app.app_context():
        assert db.session.query(Throttle).count() == 1
    assert granted == THREADS * TURNS // 2
