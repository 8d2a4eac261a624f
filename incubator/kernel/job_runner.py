"""The runner of jobs: a thread in the one process, or a process of its own."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from incubator.kernel.db import transaction, utcnow
from incubator.kernel.jobs import rings, rings_no_more, run_due, sweep
from incubator.kernel.schedule import write_hourly
from incubator.kernel.throttle import sweep as sweep_throttles

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

log = logging.getLogger(__name__)

IDLE_SECONDS = 2.0
SWEEP_SECONDS = 3600.0


class JobRunner:
    """Runs due jobs until stopped; a job written in this process makes it look at once."""

    def __init__(self, context: Callable[[], AbstractContextManager[object]]) -> None:
        self._context = context
        self._bell = threading.Event()
        self._stopping = False
        self._swept = 0.0
        self._hour = ""

    def start(self) -> None:
        """Run in a daemon thread (a greenlet under gevent)."""
        threading.Thread(target=self.run, name="jobs", daemon=True).start()

    def stop(self) -> None:
        """End after the job at hand."""
        self._stopping = True
        self._bell.set()

    def run(self) -> None:
        """Work until stopped, whatever fails: a database out of reach is waited for."""
        rings(self._bell.set)
        try:
            while True:
                # Cleared before it looks: who rings meanwhile is heard.
                self._bell.clear()
                if self._stopping:
                    return
                self._look()
                self._bell.wait(IDLE_SECONDS)
        finally:
            rings_no_more(self._bell.set)

    def _look(self) -> None:
        try:
            with self._context():
                self._turn()
        except Exception:
            log.exception("a turn of the job runner failed")

    def _turn(self) -> None:
        now = utcnow()
        hour = f"{now:%Y-%m-%dT%H}"
        if hour != self._hour:
            with transaction():
                write_hourly(now)
            self._hour = hour
        run_due()
        if now.timestamp() - self._swept > SWEEP_SECONDS:
            self._swept = now.timestamp()
            with transaction():
                sweep(now)
                sweep_throttles(now)
