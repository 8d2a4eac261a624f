"""The one commit site, instants, and rows inserted once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from incubator.kernel.db import db, insert_once, transaction
from incubator.kernel.throttle import Throttle

if TYPE_CHECKING:
    from tests.factories import Make

NOON = datetime(2026, 11, 12, 12, tzinfo=UTC)


def test_an_instant_comes_back_in_utc(make: Make) -> None:
    paris = NOON.astimezone(timezone(timedelta(hours=1)))
    with transaction():
        db.session.add(Throttle(key="k", full_at=paris))
    db.session.expire_all()
    found = db.session.scalars(select(Throttle)).one()
    assert found.full_at == NOON
    assert found.full_at.tzinfo is UTC


def test_a_naive_instant_is_refused(make: Make) -> None:
    with pytest.raises(StatementError, match="naive"), transaction():
        db.session.add(Throttle(key="k", full_at=datetime(2026, 1, 1)))  # noqa: DTZ001 - the point


def test_transactions_do_not_nest(make: Make) -> None:
    with transaction(), pytest.raises(RuntimeError, match="nest"), transaction():
        pass


def test_a_row_changed_outside_a_transaction_stops_the_next(make: Make) -> None:
    db.session.add(Throttle(key="k", full_at=NOON))
    with pytest.raises(RuntimeError, match="only inside"), transaction():
        pass


def test_a_refused_transaction_leaves_nothing(make: Make) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        db.session.add(Throttle(key="k", full_at=NOON))
        db.session.flush()
        raise ZeroDivisionError
    assert db.session.scalars(select(Throttle)).all() == []


def test_a_row_is_inserted_once(make: Make) -> None:
    with transaction():
        assert insert_once(Throttle, key="k", full_at=NOON)
        assert not insert_once(Throttle, key="k", full_at=NOON)
