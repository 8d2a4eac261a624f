"""The one commit site, instants, and rows inserted once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from incubator.kernel.db import db, insert_late, insert_once, read_once, transaction
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


def test_late_rows_are_written_together_at_the_end(make: Make, count_queries: Any) -> None:
    with count_queries() as asked, transaction():
        insert_late(Throttle, key="a", full_at=NOON)
        insert_late(Throttle, key="b", full_at=NOON)
        assert not [line for line in asked if "INSERT" in line]
    assert len([line for line in asked if "INSERT" in line]) == 1
    assert sorted(db.session.scalars(select(Throttle.key))) == ["a", "b"]


def test_late_rows_of_a_refused_transaction_are_forgotten(make: Make) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        insert_late(Throttle, key="a", full_at=NOON)
        raise ZeroDivisionError
    with transaction():
        insert_late(Throttle, key="b", full_at=NOON)
    assert db.session.scalars(select(Throttle.key)).all() == ["b"]


def test_no_row_is_late_for_a_transaction_that_is_none(make: Make) -> None:
    with pytest.raises(RuntimeError, match="outside a transaction"):
        insert_late(Throttle, key="a", full_at=NOON)


def test_what_is_read_once_is_asked_again_in_the_next_transaction(make: Make) -> None:
    answers = iter([None, "one", "two", "three"])
    with transaction():
        found = [read_once("key", lambda: next(answers)) for _ in range(3)]
    with transaction():
        found.append(read_once("key", lambda: next(answers)))
    assert [*found, read_once("key", lambda: next(answers))] == [None, "one", "one", "two", "three"]
