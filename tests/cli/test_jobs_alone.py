"""The command that runs jobs alone: what waits is done, and a signal ends it after the job."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import redis

from incubator.app import create_app
from incubator.kernel.db import db, utcnow
from incubator.reactions.live.doorbell import CHANNEL
from tests import factories_life as life
from tests.cli.conftest import clean
from tests.cli.rows import rows
from tests.factories import Make
from tests.sockets.real import free_port
from tests.sockets.test_processes import own_redis

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from tests.cli.conftest import Installation

START = "from incubator.cli.main import main; main()"
HOURLY = "SELECT count(*) FROM kernel_job WHERE key IS NOT NULL"


@contextmanager
def running(installed: Installation, **more: str) -> Generator[subprocess.Popen[str]]:
    """The real command, once it says that it works."""
    command = [sys.executable, "-c", START, "jobs"]
    own = clean() | {"INCUBATOR_INSTANCE_DIR": str(installed.folder), "PYTHONUNBUFFERED": "1"}
    own |= more
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


def leaving(installed: Installation) -> int:
    """A member whose last day here was yesterday, which nobody has looked at yet."""
    make = Make(settings=installed.settings, now=utcnow() - timedelta(days=11))
    app = create_app(installed.settings)
    with app.app_context():
        manager = make.member(role="administrator")
        gone = make.member(make.site())
        life.agreed(make, life.asked(make, gone, "exit"), manager)
        number = gone.id
        db.session.remove()
        db.engine.dispose()
    return number


def notes(bell: redis.client.PubSub, seconds: float) -> Iterator[dict[str, Any]]:
    """What is rung meanwhile."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        message = bell.get_message(ignore_subscribe_messages=True, timeout=1)
        if message:
            yield json.loads(message["data"])


@pytest.mark.redis
def test_servers_hear_at_once_what_a_job_decided_elsewhere(installed, tmp_path):
    """Their sockets of who has left close, and do not wait for somebody to look."""
    member, port = leaving(installed), free_port()
    url = f"redis://127.0.0.1:{port}"
    with own_redis(tmp_path, port), redis.Redis.from_url(url, decode_responses=True) as client:
        bell = client.pubsub()
        bell.subscribe(CHANNEL)
        with running(installed, INCUBATOR_REDIS_URL=url):
            assert any(
                (note["k"], note.get("account")) == ("revoke", member) for note in notes(bell, 60)
            )


def test_jobs_ask_for_init_first(bare):
    assert "run «incubator init» first" in bare("jobs").sentence
