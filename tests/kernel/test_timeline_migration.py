"""Migration 0035: members find what the log already knew of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, create_engine

import incubator.features  # noqa: F401 - every table
from incubator.kernel import schema
from incubator.kernel.engines import prepare
from tests import services
from tests.kernel.test_firms_migration import MEMBER, SITE
from tests.kernel.test_hours_migration import OTHER, do, read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BEFORE, AFTER = "0031", "0035"
LINES = "SELECT member_id, kind, action, by_id, about, about_id, minutes FROM audit_own"
INTO = "INSERT INTO audit_entry (at, action, actor_id, member_id, data) VALUES"
KNOWN = (
    ("hours_declared", 1, None, {"giver_id": 1, "receiver_id": 2, "contribution_id": 7}),
    ("rights_changed", 2, 1, {"role": "manager"}),
    ("flags_lifted", 2, 1, {}),
    ("signed_in", 99, 99, {}),
    ("post_hidden", None, 2, {"question_id": 5, "minutes": 30}),
)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of each kind at the revision before, with a log."""
    if request.param == "sqlite":
        yield from filled(f"sqlite:///{tmp_path / 'x.db'}")
        return
    server = services.postgres()
    assert server
    with services.database_on(server, "incubator_test_timeline") as url:
        yield from filled(url)


def filled(url: str) -> Iterator[Engine]:
    made = create_engine(url)
    prepare(made)
    schema.upgrade(made, "0009")
    for statement in (SITE, MEMBER, OTHER):
        do(made, statement)
    schema.upgrade(made, BEFORE)
    for action, actor, member, data in KNOWN:
        values = ", ".join("NULL" if one is None else str(one) for one in (actor, member))
        told = json.dumps(data).replace(":", "\\:")
        do(made, f"{INTO} ('2026-11-01 10:00:00', '{action}', {values}, '{told}')")
    yield made
    made.dispose()


def test_timelines_are_filled_and_go_again(engine: Engine) -> None:
    schema.upgrade(engine, AFTER)
    assert {row[:6] for row in read(engine, LINES)} == {
        (1, "hours", "hours_declared", 1, "contribution", 7),
        (2, "hours", "hours_declared", 1, "contribution", 7),
        (1, "membership", "rights_changed", 2, "", None),
        (2, "membership", "rights_changed", 2, "", None),
        (2, "help", "post_hidden", None, "question", 5),
    }
    assert [row[6] for row in read(engine, LINES) if row[1] == "help"] == [30]
    schema.downgrade(engine, BEFORE)
    schema.upgrade(engine, AFTER)
    assert len(read(engine, LINES)) == 5
