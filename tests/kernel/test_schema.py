"""Migrations give what the models say, up, down and up again, on both databases.

With a whole network in them: tests/demo/test_migrations.py.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, create_engine, text

import incubator.features  # noqa: F401 - every table
from incubator.kernel import schema
from incubator.kernel.db import Base
from incubator.kernel.engines import prepare
from tests import services

if TYPE_CHECKING:
    from pathlib import Path

SQLITE = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
POSTGRESQL = """
SELECT 'column', table_name || '.' || column_name,
  concat_ws(' ', data_type, character_maximum_length, is_nullable, collation_name)
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'constraint', conname || conrelid::regclass, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'trigger', tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'function', proname, prosrc FROM pg_proc
WHERE pronamespace = 'public'::regnamespace
"""
ARRIVAL = """
INSERT INTO sites_site (slug, name, city, country, subdivision, time_zone, address, about_md,
  about_html, capacity, hue) VALUES ('lyon', 'Lyon', 'Lyon', 'FR', '', 'Europe/Paris', '', '',
  '', 24, 3)
"""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        yield from opened(f"sqlite:///{tmp_path / 'x.db'}")
        return
    server = services.postgres()
    assert server
    with services.database_on(server, f"incubator_test_{os.getpid()}_schema") as url:
        yield from opened(url)


def opened(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    prepare(engine)
    yield engine
    engine.dispose()


def drawn(engine: Engine) -> set[tuple[str, str, str]]:
    """Everything the database holds besides rows, spelled the same way."""
    query = SQLITE if engine.dialect.name == "sqlite" else POSTGRESQL
    with engine.connect() as connection:
        found = connection.execute(text(query.replace(":", r"\:"))).all()
    return {
        (kind, name, _canonical(sql or ""))
        for kind, name, sql in found
        if "alembic_version" not in name
    }


def _canonical(sql: str) -> str:
    # SQLite quotes the name of a table that was rebuilt.
    flat = re.sub(r'^CREATE TABLE "(\w+)"', r"CREATE TABLE \1", re.sub(r"\s+", " ", sql).strip())
    head, _, rest = flat.partition("(")
    # The order of a table's constraints says nothing.
    parts = sorted(re.split(r", (?![^(]*\))", rest)) if flat.startswith("CREATE TABLE") else [rest]
    return f"{head}({', '.join(part.strip(' )') for part in parts)}"


def test_the_migrations_give_what_the_models_say(engine: Engine) -> None:
    schema.upgrade(engine)
    migrated = drawn(engine)
    schema.downgrade(engine, "base")
    Base.metadata.create_all(engine)
    assert drawn(engine) == migrated


def test_going_back_leaves_nothing(engine: Engine) -> None:
    schema.upgrade(engine)
    schema.downgrade(engine, "base")
    assert drawn(engine) == set()
    assert schema.current(engine) == ""


def test_rows_survive_a_repeated_upgrade_and_the_road_may_be_taken_twice(engine: Engine) -> None:
    schema.upgrade(engine)
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        connection.execute(text(ARRIVAL))
    schema.upgrade(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT slug FROM sites_site")).scalar() == "lyon"
    before = drawn(engine)
    schema.downgrade(engine, "base")
    schema.upgrade(engine)
    assert schema.current(engine) == schema.head()
    assert drawn(engine) == before
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM sites_site")).scalar() == 0


def test_a_migration_that_fails_leaves_what_was(
    engine: Engine,
) -> None:
    before = drawn(engine)
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        connection.execute(text("CREATE TABLE kernel_job (id INTEGER)"))
    with pytest.raises(Exception, match="kernel_job"):
        schema.upgrade(engine)
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        connection.execute(text("DROP TABLE kernel_job"))
    assert drawn(engine) == before
