"""Flask-SocketIO as its documentation starts it, without any guard of ours.

A test of a hazard runs against this one too: it must find there what it says that we closed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.sockets import real
from tests.sockets.stock_app import BELL

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

GEVENT = ("--worker-class=gevent", "--worker-connections=4000", "--graceful-timeout=1")


@contextmanager
def server(folder: Path, *options: str, bell: str = "") -> Generator[real.Server]:
    """It runs on a port of its own; ``bell`` is the address of its Redis."""
    port = real.free_port()
    command = [sys.executable, "-m", "gunicorn", *(options or GEVENT), f"--bind=127.0.0.1:{port}"]
    command += ["--no-control-socket", "--log-level=critical", "tests.sockets.stock_app:make()"]
    log = (folder / f"stock-{port}.log").open("wb")
    environment = os.environ | {BELL: bell, "PYTHONPATH": str(real.ROOT)}
    with (
        log,
        subprocess.Popen(
            command, cwd=real.ROOT, env=environment, stdout=log, stderr=log
        ) as process,
    ):
        found = real.Server(port, process)
        try:
            real.until(found.answers, real.START, "the stock server answers")
            yield found
        finally:
            process.kill() if process.poll() is None and real.stuck(process) else None
