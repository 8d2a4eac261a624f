"""Durable jobs: done once, tried again, given up in the open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from incubator.kernel import jobs
from incubator.kernel.db import db, transaction, utcnow
from incubator.kernel.jobs import (
    LEASE,
    MAX_ATTEMPTS,
    Job,
    NotYet,
    dead_letters,
    job,
    later,
    retry,
    run_due,
)

if TYPE_CHECKING:
    from tests.factories import Make

done: list[object] = []


@pytest.fixture(autouse=True)
def kinds(make: Make, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(jobs, "_handlers", {})
    done.clear()

    @job("bake")
    def bake(payload: Mapping[str, Any]) -> None:
        done.append(payload["loaves"])

    @job("burn")
    def burn(payload: Mapping[str, Any]) -> None:
        raise ValueError(payload["why"])

    return


def write(kind: str, key: str | None = None, **payload: object) -> None:
    with transaction():
        later(kind, payload, key=key)


def only() -> Job:
    return db.session.scalars(select(Job)).one()


def run_until_dead() -> None:
    at = utcnow()
    for _ in range(MAX_ATTEMPTS):
        run_due(at)
        at += timedelta(days=30)


def test_a_job_is_done_once() -> None:
    write("bake", loaves=3)
    assert run_due() == 1
    assert run_due() == 0
    assert done == [3]


def test_a_done_job_keeps_no_payload() -> None:
    write("bake", loaves=3)
    run_due()
    assert (only().state, only().payload) == ("done", {})


def test_a_key_is_used_once() -> None:
    write("bake", key="monday", loaves=1)
    write("bake", key="monday", loaves=2)
    run_due()
    assert done == [1]


def test_a_failure_is_tried_again_later(caplog: pytest.LogCaptureFixture) -> None:
    write("burn", why="too hot")
    now = utcnow()
    run_due(now)
    assert (only().state, only().error) == ("waiting", "ValueError: too hot")
    assert only().due_at > now
    assert run_due(now) == 0


def test_what_keeps_failing_is_given_up_in_the_open(caplog: pytest.LogCaptureFixture) -> None:
    write("burn", why="too hot")
    run_until_dead()
    assert [letter.kind for letter in dead_letters()] == ["burn"]


def test_a_dead_job_gets_a_new_life_when_asked(caplog: pytest.LogCaptureFixture) -> None:
    write("burn", why="too hot")
    run_until_dead()
    with transaction():
        assert retry(only().id, utcnow())
        assert not retry(only().id, utcnow())
    assert dead_letters() == []


def test_a_job_whose_runner_died_is_taken_over() -> None:
    write("bake", loaves=3)
    with transaction():
        only().state, only().due_at = "running", utcnow() - timedelta(seconds=1)
    run_due()
    assert done == [3]


def test_a_job_that_ends_its_process_each_time_is_given_up() -> None:
    write("bake", loaves=3)
    with transaction():
        only().state, only().attempts = "running", MAX_ATTEMPTS
        only().due_at = utcnow() - timedelta(seconds=1)
    assert run_due() == 0
    (letter,) = dead_letters()
    assert (done, letter.attempts, letter.error) == ([], MAX_ATTEMPTS, jobs.NEVER_ENDED)


@pytest.mark.parametrize("end", ["failed", "put off", "done"])
def test_a_runner_whose_lease_was_over_does_not_say_how_it_ended(
    monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    def slow(payload: Mapping[str, Any]) -> None:
        done.append(payload["who"])
        if len(done) == 1:
            # Meanwhile a second runner takes it over, and is still at it.
            assert jobs._claim(now + LEASE) is not None  # noqa: SLF001 - half of a turn
        if end == "failed":
            raise ValueError(end)
        if end == "put off":
            raise NotYet(now)

    monkeypatch.setitem(jobs._handlers, "knock", slow)  # noqa: SLF001 - as the other kinds
    write("knock", who="Ada")
    now = utcnow()
    assert run_due(now) == 1
    row = only()
    assert (row.state, row.attempts, row.error) == ("running", 2, "")
    assert row.payload == {"who": "Ada"}


def test_a_bell_rings_after_the_commit_that_leaves_a_job_to_do_at_once() -> None:
    rung: list[str] = []

    def bell() -> None:
        rung.append(f"{db.session.query(Job).count()} to do")

    jobs.rings(bell)
    try:
        with transaction():
            later("bake", {"loaves": 1}, at=utcnow() + timedelta(days=1), key="monday")
        assert rung == []
        with pytest.raises(ZeroDivisionError), transaction():
            later("bake", {"loaves": 2})
            raise ZeroDivisionError
        assert rung == []
        with transaction():
            for loaves in (3, 4):
                later("bake", {"loaves": loaves})
            assert rung == []
        assert rung == ["3 to do"]
    finally:
        jobs.rings_no_more(bell)


def test_jobs_done_long_ago_are_forgotten() -> None:
    write("bake", loaves=3)
    run_due()
    with transaction():
        jobs.sweep(datetime.now(tz=only().due_at.tzinfo) + timedelta(days=30))
    assert db.session.scalars(select(Job)).all() == []


def test_a_job_that_wants_to_wait_waits_and_is_done_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def patient(payload: Mapping[str, Any]) -> None:
        if len(asked) < MAX_ATTEMPTS + 1:
            asked.append(payload["who"])
            raise NotYet(morning)
        done.append(payload["who"])

    asked: list[object] = []
    monkeypatch.setitem(jobs._handlers, "knock", patient)  # noqa: SLF001 - as the other kinds
    write("knock", who="Ada")
    now = utcnow()
    morning = now + timedelta(hours=9)
    for _ in range(MAX_ATTEMPTS + 1):
        run_due(now)
        row = only()
        assert (row.state, row.attempts, row.due_at, row.error) == ("waiting", 0, morning, "")
        assert run_due(now) == 0
        now, morning = morning, morning + timedelta(days=1)
    run_due(now)
    run_due(morning)
    assert (done, only().state) == (["Ada"], "done")
