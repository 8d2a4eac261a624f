"""The runner of jobs goes on whatever fails, and hears the bell."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from incubator.kernel import job_runner, jobs
from incubator.kernel.db import transaction
from incubator.kernel.job_runner import JobRunner
from incubator.kernel.jobs import job, later
from tests.real_app import real_app

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from flask import Flask


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with real_app(tmp_path) as made:
        yield made


@contextmanager
def running(runner: JobRunner) -> Generator[None]:
    """The runner in a thread of its own."""
    thread = threading.Thread(target=runner.run)
    thread.start()
    try:
        yield
    finally:
        runner.stop()
        thread.join(60)
        assert not thread.is_alive()


def test_a_turn_that_fails_is_logged_and_ends_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    @contextmanager
    def broken() -> Generator[None]:
        turns.append(len(turns))
        if len(turns) == 3:
            runner.stop()
        raise ZeroDivisionError
        yield

    turns: list[int] = []
    runner = JobRunner(broken)
    monkeypatch.setattr(job_runner, "IDLE_SECONDS", 0)
    runner.run()
    assert caplog.text.count("a turn of the job runner failed") == len(turns) == 3


def test_a_job_written_beside_an_idle_runner_is_done_at_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Longer than any test: who does not hear the bell comes too late.
    monkeypatch.setattr(job_runner, "IDLE_SECONDS", 3600)
    monkeypatch.setattr(jobs, "_handlers", {})
    monkeypatch.setattr("incubator.kernel.schedule._hourly", [])

    @job("bake")
    def bake(payload: Mapping[str, Any]) -> None:
        del payload
        baked.release()

    baked = threading.Semaphore(0)
    with running(JobRunner(app.app_context)):
        for _ in range(3):
            with app.app_context(), transaction():
                later("bake", {})
            assert baked.acquire(timeout=60)
