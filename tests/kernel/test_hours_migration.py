"""Migration 0010 on hours that were there: nothing is lost, and the way back is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import IntegrityError

import incubator.features  # noqa: F401 - every table
from incubator.kernel import schema
from incubator.kernel.engines import prepare
from tests import services
from tests.kernel.test_firms_migration import MEMBER, SITE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OTHER = MEMBER.replace("(1, 'ada', 'Ada', 'ada'", "(2, 'bob', 'Bob', 'bob'")
PERIOD = """
INSERT INTO commitments_period (id, starts_on, ends_on, label, state, rule_id)
VALUES (1, '2026-10-01', '2026-11-01', '2026-10', 'open', 1)
"""
PLEDGE = """
INSERT INTO commitments_pledge (id, member_id, minutes_per_period, home_site_id, valid_from,
  signed_at, signed_by_id) VALUES (1, 1, 720, 1, '2026-10-01', '2026-10-01 08:00:00', 2)
"""
HOURS = """
INSERT INTO commitments_contribution (id, giver_id, kind, day, minutes, home_site_id, state, note,
  declared_at, decided_by_id, decided_at, reason)
  VALUES (7, 1, 'mentoring', '2026-10-02', 90, 1, 'confirmed', 'Merci', '2026-10-02 10:00:00',
  2, '2026-10-03 10:00:00', '')
"""
LINE = """
INSERT INTO commitments_ledger (id, member_id, period_id, kind, minutes, source_type, source_rev,
  key, reverses_id, group_id, reason, recorded_at)
  VALUES (:id, 1, 1, :kind, :minutes, 'contribution', 1, :key, :reverses, :group, '',
  '2026-10-03 10:00:00')
"""
LINES = (
    {"id": 1, "kind": "DUE", "minutes": -720, "key": "a", "reverses": None, "group": None},
    {"id": 2, "kind": "HELP", "minutes": 90, "key": "b", "reverses": None, "group": None},
    {"id": 3, "kind": "REVERSAL", "minutes": -90, "key": "c", "reverses": 2, "group": 2},
)
OF_LINES = "SELECT id, member_id, kind, minutes, reverses_id, group_id FROM commitments_ledger"
OF_HOURS = "SELECT id, giver_id, minutes, state, note FROM commitments_contribution"
OF_PLEDGES = "SELECT id, member_id, minutes_per_period, home_site_id FROM commitments_pledge"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of each kind at the revision before, with hours."""
    if request.param == "sqlite":
        yield from filled(f"sqlite:///{tmp_path / 'x.db'}")
        return
    server = services.postgres()
    assert server
    with services.database_on(server, "incubator_test_hours") as url:
        yield from filled(url)


def filled(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    prepare(engine)
    schema.upgrade(engine, "0009")
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        fill(connection)
    yield engine
    engine.dispose()


def fill(connection: Connection) -> None:
    for statement in (SITE, MEMBER, OTHER, PERIOD, PLEDGE, HOURS):
        connection.execute(text(statement))
    for line in LINES:
        connection.execute(text(LINE), line)


def read(engine: Engine, query: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query + " ORDER BY 1"))]


def do(engine: Engine, statement: str) -> None:
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        connection.execute(text(statement))


def test_hours_that_were_there_survive_up_and_down(engine: Engine) -> None:
    before = [read(engine, query) for query in (OF_LINES, OF_HOURS, OF_PLEDGES)]
    schema.upgrade(engine, "0010")
    assert [read(engine, query) for query in (OF_LINES, OF_HOURS, OF_PLEDGES)] == before
    assert read(engine, "SELECT declared_by_id FROM commitments_contribution") == [(1,)]
    groups = read(engine, "SELECT id, kind, key, balance FROM commitments_group")
    assert groups == [(2, "merge", "merge:2", None)]
    schema.downgrade(engine, "0009")
    assert [read(engine, query) for query in (OF_LINES, OF_HOURS, OF_PLEDGES)] == before
    schema.upgrade(engine, "0010")
    assert [read(engine, query) for query in (OF_LINES, OF_HOURS, OF_PLEDGES)] == before


def test_the_guards_of_before_hold_after_and_on_the_way_back(engine: Engine) -> None:
    for target in ("0010", "0009"):
        (schema.upgrade if target == "0010" else schema.downgrade)(engine, target)
        again = PLEDGE.replace("(1, 1, 720", "(2, 1, 720")
        for wrong in ("UPDATE commitments_ledger SET minutes = 0", again):
            with pytest.raises(IntegrityError):
                do(engine, wrong)


def test_what_the_house_before_cannot_hold_is_told_in_its_words(engine: Engine) -> None:
    schema.upgrade(engine, "0010")
    do(engine, "UPDATE commitments_contribution SET state = 'appealed', kind = 'paid_barter'")
    schema.downgrade(engine, "0009")
    found = read(engine, "SELECT state, kind FROM commitments_contribution")
    assert found == [("refused", "other")]
