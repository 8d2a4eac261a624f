"""Writers on a real file take turns; readers do not wait for them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text

from incubator.kernel.db import Base, db, transaction
from incubator.kernel.engines import prepare
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
    [("journal_mode", "wal"), ("foreign_keys", 1), ("synchronous", 2), ("busy_timeout", 5000)],
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
