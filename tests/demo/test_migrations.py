"""Migrations on a network that lives: the newest keep its rows, and all of them can be undone."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, cast

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, column, create_engine, inspect, select, table, text

from incubator.kernel import schema
from incubator.kernel.db import Base, db
from incubator.kernel.engines import prepare
from tests import services

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

    Rows = dict[str, list[str]]
    Columns = dict[str, list[str]]

# As far as an installation that is upgraded now and then has to come at once.
NEWEST = 6


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def lived_in(request: pytest.FixtureRequest, inside: Flask, tmp_path: Path) -> Iterator[Engine]:
    """A database of each kind at the newest schema, with the demo network in it."""
    if request.param == "sqlite":
        yield from _sqlite(tmp_path / "demo.db")
        return
    server = services.postgres()
    assert server
    with services.database_on(server, "incubator_test_demo_migrations") as url:
        yield from _postgres(url)


def _sqlite(path: Path) -> Iterator[Engine]:
    with closing(db.engine.raw_connection()) as pooled, closing(sqlite3.connect(path)) as copy:
        cast("sqlite3.Connection", pooled.driver_connection).backup(copy)
    engine = create_engine(f"sqlite:///{path}")
    prepare(engine)
    yield engine
    engine.dispose()


def _postgres(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    prepare(engine)
    schema.upgrade(engine)
    with db.engine.connect() as there, engine.begin() as here:
        # Ledgers would refuse what is written without its story, and keys its order.
        here.execute(text("SET LOCAL session_replication_role = replica"))
        for each in Base.metadata.sorted_tables:
            here.execute(each.delete())
            if rows := [dict(row) for row in there.execute(each.select()).mappings()]:
                here.execute(each.insert(), rows)
    yield engine
    engine.dispose()


def columns_of(engine: Engine) -> Columns:
    """The columns of every table of ours that there is."""
    found = inspect(engine)
    ours = Base.metadata.tables.keys() & set(found.get_table_names())
    return {name: [each["name"] for each in found.get_columns(name)] for name in sorted(ours)}


def contents(engine: Engine, columns: Columns) -> Rows:
    """The rows of these columns, as text."""
    with engine.connect() as connection:
        return {
            name: sorted(
                repr(tuple(row))
                for row in connection.execute(select(*map(column, names)).select_from(table(name)))
            )
            for name, names in columns.items()
        }


def test_a_network_goes_a_few_versions_back_and_forth_and_then_all_the_way(
    lived_in: Engine,
) -> None:
    road = [each.revision for each in ScriptDirectory.from_config(schema.config()).walk_revisions()]
    schema.downgrade(lived_in, road[NEWEST])
    known = columns_of(lived_in)
    before = contents(lived_in, known)
    assert sum(map(len, before.values())) > 50_000
    schema.upgrade(lived_in)
    assert contents(lived_in, known) == before
    schema.downgrade(lived_in, "base")
    assert columns_of(lived_in) == {}
    schema.upgrade(lived_in)
    assert columns_of(lived_in).keys() == Base.metadata.tables.keys()
