"""Events are told in the transaction, and after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest

from incubator.kernel import events
from incubator.kernel.db import transaction
from incubator.kernel.events import Event, joins, joins_all, record, record_all, unheard_by, waits


@dataclass(frozen=True, kw_only=True, slots=True)
class Baked(Event):
    loaves: int


heard: list[str] = []


def join(event: Event) -> None:
    heard.append(f"join {type(event).__name__}")


def wait(event: Baked) -> None:
    heard.append(f"wait {event.loaves}")


def count_batch(events: Sequence[Baked]) -> None:
    heard.append(f"{len(events)} at once")


def burn(event: Baked) -> None:
    raise ZeroDivisionError(event.loaves)


@pytest.fixture(autouse=True)
def clean(session: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(events, "_joining", {})
    monkeypatch.setattr(events, "_waiting", {})
    heard.clear()
    return


def bake() -> None:
    record(Baked(actor_id=None, loaves=3))


def test_who_joins_hears_before_who_waits() -> None:
    waits(Baked, wait)
    joins(Event, join)
    with transaction():
        bake()
        assert heard == ["join Baked"]
    assert heard == ["join Baked", "wait 3"]


def test_subscribing_twice_is_hearing_once() -> None:
    waits(Baked, wait)
    waits(Baked, wait)
    with transaction():
        bake()
    assert heard == ["wait 3"]


def test_what_happened_at_once_may_be_heard_at_once() -> None:
    joins_all(Baked, count_batch)
    joins(Baked, join)
    with transaction():
        record_all([Baked(actor_id=None, loaves=loaves) for loaves in (1, 2, 3)])
        bake()
    assert heard == ["3 at once", *["join Baked"] * 3, "1 at once", "join Baked"]


def test_nobody_waiting_hears_of_what_was_undone() -> None:
    waits(Baked, wait)
    with pytest.raises(ZeroDivisionError), transaction():
        bake()
        burn(Baked(actor_id=None, loaves=0))
    assert heard == []


def test_who_joins_may_undo_it_all() -> None:
    joins(Baked, burn)
    with pytest.raises(ZeroDivisionError), transaction():
        bake()


def test_who_waits_cannot_harm_what_is_done(caplog: pytest.LogCaptureFixture) -> None:
    waits(Baked, burn)
    waits(Baked, wait)
    with transaction():
        bake()
    assert heard == ["wait 3"]
    assert "Baked" in caplog.text


def test_nothing_is_recorded_outside_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="outside"):
        bake()


def test_a_package_may_be_kept_from_hearing() -> None:
    joins(Baked, wait)
    with unheard_by("tests.kernel"), transaction():
        bake()
    assert heard == []
    with unheard_by("tests.ker"), transaction():
        bake()
    assert heard == ["wait 3"]
