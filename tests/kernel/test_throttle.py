"""Rate limits, kept in the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from incubator.kernel.db import db, transaction
from incubator.kernel.throttle import Throttle, spend, sweep

if TYPE_CHECKING:
    from tests.factories import Make

NOON = datetime(2026, 11, 12, 12, tzinfo=UTC)


def wait(at: datetime, key: str = "k") -> int:
    with transaction():
        return spend(key, limit=3, per_seconds=60, now=at)


def test_the_fourth_of_three_waits(make: Make) -> None:
    assert [wait(NOON) for _ in range(3)] == [0, 0, 0]
    assert wait(NOON) == 20


def test_waiting_as_told_is_enough(make: Make) -> None:
    for _ in range(4):
        wait(NOON)
    assert wait(NOON + timedelta(seconds=20)) == 0


def test_keys_do_not_share(make: Make) -> None:
    for _ in range(3):
        wait(NOON)
    assert wait(NOON, "other") == 0


def test_whole_allowances_are_forgotten(make: Make) -> None:
    wait(NOON)
    with transaction():
        sweep(NOON + timedelta(minutes=2))
    assert db.session.scalar(select(func.count()).select_from(Throttle)) == 0
