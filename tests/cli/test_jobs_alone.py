"""The command that runs jobs alone: what waits is done, and a signal ends it after the job."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import clean
from tests.cli.rows import rows

if TYPE_CHECKING:
    from collections.abc import Generator

    from tests.cli.conftest import Installation

START = "from incubator.cli.main import main; main()"
HOURLY = "SELECT count(*) FROM kernel_job WHERE key IS NOT NULL"


@contextmanager
def running(installed: Installation) -> Generator[subprocess.Popen[str]]:
    """The real command, once it says that it works."""
    command = [sys.executable, "-c", START, "jobs"]
    own = clean() | {"INCUBATOR_INSTANCE_DIR": str(installed.folder), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, env=own, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert "are run here" in process.stdout.readline()
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_process_runs_the_jobs_alone_and_ends_well(installed, sign):
    assert rows(installed.database, HOURLY) == [(0,)]
    with running(installed) as process:
        while rows(installed.database, HOURLY) == [(0,)]:
            assert process.poll() is None
        # The turn at hand ends before the process.
        process.send_signal(sign)
        assert process.wait(60) == 0
    assert rows(installed.database, "SELECT count(*) FROM kernel_job WHERE state = 'running'") == [
        (0,)
    ]


def test_jobs_ask_for_init_first(bare):
    assert "run «incubator init» first" in bare("jobs").sentence
