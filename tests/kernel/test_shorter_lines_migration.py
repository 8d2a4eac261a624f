"""Migration 0052: a line that became shorter says so, and what guards the history stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DatabaseError

import incubator.features  # noqa: F401 - every table
from incubator.kernel import schema
from incubator.kernel.engines import prepare
from tests import services
from tests.kernel.test_hours_migration import do, read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BEFORE, AFTER = "0051", "0052"
CAUSES = "SELECT id, cause FROM exchanges_limit_change"
FUND = """
INSERT INTO exchanges_account
  (kind, balance, entries, given, reserved, lower_limit, soft_limit, frozen, age, opened_at)
VALUES ('fund', 0, 0, 0, 0, 0, 0, FALSE, 'fine', '2026-11-01 10:00:00')
"""
SHORTER = """
INSERT INTO exchanges_limit_change
  (account_id, cause, lower_limit, soft_limit, upper_limit, frozen, comment, at)
SELECT id, 'reversal', -500, -400, NULL, FALSE, '', '2026-11-01 10:00:00'
FROM exchanges_account WHERE kind = 'fund'
"""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of each kind at the revision before, with the account of the fund."""
    if request.param == "sqlite":
        yield from opened(f"sqlite:///{tmp_path / 'x.db'}")
        return
    server = services.postgres()
    assert server
    with services.database_on(server, "incubator_test_shorter_lines") as url:
        yield from opened(url)


def opened(url: str) -> Iterator[Engine]:
    made = create_engine(url)
    prepare(made)
    schema.upgrade(made, BEFORE)
    do(made, FUND)
    do(made, SHORTER.replace("reversal", "opening"))
    yield made
    made.dispose()


def is_guarded(engine: Engine) -> None:
    """Neither the history nor the limits that follow from it are changed otherwise."""
    with pytest.raises(DatabaseError, match="never changed"):
        do(engine, "UPDATE exchanges_limit_change SET cause = 'growth'")
    with pytest.raises(DatabaseError, match="by their history alone"):
        do(engine, "UPDATE exchanges_account SET lower_limit = -1, soft_limit = 0")


def test_a_shorter_line_has_a_cause_of_its_own_and_the_history_stays_guarded(
    engine: Engine,
) -> None:
    with pytest.raises(DatabaseError, match="cause"):
        do(engine, SHORTER)
    before = read(engine, CAUSES)
    schema.upgrade(engine, AFTER)
    assert read(engine, CAUSES) == before
    do(engine, SHORTER)
    assert read(engine, "SELECT lower_limit FROM exchanges_account") == [(-500,)]
    is_guarded(engine)
    schema.downgrade(engine, BEFORE)
    assert [cause for _, cause in read(engine, CAUSES)] == ["opening", "growth"]
    is_guarded(engine)
