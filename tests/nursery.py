"""A pytest that collects once, and forks for each process of a suite: imports cost one time.

A pytest plugin, at work where INCUBATOR_TEST_NURSERY holds two file descriptors: orders come by
the first, one line of JSON each (a number, an environment, a log), and go back by the second
with the status in which the process ended. ``Nursery`` is who gives the orders.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Self, TextIO

import pytest

from tests import pool
from tests.probes import NAME

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from types import TracebackType

LINES = "INCUBATOR_TEST_NURSERY"
# Seconds between two looks for processes that ended.
LOOK = 0.1
BROKE_OFF = -1


class Nursery:
    """The process that collected; ``run`` has it fork, from any thread."""

    def __init__(self, command: list[str], log: Path, environment: Mapping[str, str]) -> None:
        orders, self._orders = os.pipe()
        ends, answers = os.pipe()
        own = dict(environment) | {LINES: f"{orders} {answers}"}
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                command,
                env=os.environ | own,
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                pass_fds=(orders, answers),
            )
        os.close(orders)
        os.close(answers)
        self._waiting: dict[int, Future[int]] = {}
        self._lock, self._over = threading.Lock(), False
        self._reader = threading.Thread(target=self._listen, args=(os.fdopen(ends),))
        self._reader.start()

    def run(self, environment: Mapping[str, str], log: Path) -> int:
        """Run the tests of a pool in a process of their own; its exit status."""
        with self._lock:
            if self._over:
                return BROKE_OFF
            number = len(self._waiting)
            end = self._waiting[number] = Future()
            order = {"number": number, "environment": dict(environment), "log": str(log)}
            os.write(self._orders, f"{json.dumps(order)}\n".encode())
        return end.result()

    def _listen(self, ends: TextIO) -> None:
        with ends:
            for line in ends:
                number, status = json.loads(line)
                self._waiting[number].set_result(status)
        with self._lock:
            self._over = True
        for end in self._waiting.values():
            end.done() or end.set_result(BROKE_OFF)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> int:
        """Wait for its end; its exit status."""
        if self._orders >= 0:
            os.close(self._orders)
            self._orders = -1
        self._reader.join()
        return self._process.wait()


def orders(line: int, children: dict[int, int], answers: int) -> Iterator[dict[str, Any]]:
    """The orders, as they come; meanwhile tell which children ended, and wait for all at last."""
    rest = b""
    while line >= 0 or children:
        ready = line >= 0 and select.select([line], [], [], LOOK)[0]
        if ready and not (new := os.read(line, 1 << 16)):
            line = -1
        elif ready:
            *whole, rest = (rest + new).split(b"\n")
            yield from map(json.loads, whole)
        tell(children, answers, wait=line < 0)


def tell(children: dict[int, int], answers: int, *, wait: bool) -> None:
    """Report the children that ended; ``wait`` for one."""
    while children:
        pid, status = os.waitpid(-1, 0 if wait else os.WNOHANG)
        if not pid:
            return
        if pid in children:
            end = [children.pop(pid), os.waitstatus_to_exitcode(status)]
            os.write(answers, f"{json.dumps(end)}\n".encode())


def become(order: dict[str, Any], config: pytest.Config) -> None:
    """Turn this process into one that runs tests: its own output, environment and coverage."""
    capture = config.pluginmanager.get_plugin("capturemanager")
    assert capture
    capture.stop_global_capturing()
    output = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(output, stream)
    capture.start_global_capturing()
    capture.suspend_global_capture()
    os.environ.update(order["environment"])
    del os.environ[LINES]
    chosen = pool.pool()
    if chosen is None or chosen.name != pool.WATCHED:
        look_away(config)
    sys.stdout.write(f"Using --randomly-seed={config.getoption('randomly_seed', '-')}\n")


def look_away(config: pytest.Config) -> None:
    """Measure no coverage, here nor in programs that this one starts."""
    if watching := config.pluginmanager.get_plugin(NAME):
        watching.probes.rest()


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Fork as ordered; a child goes on to the tests of its pool."""
    if LINES not in os.environ or session.testsfailed:
        return None
    line, answers = map(int, os.environ[LINES].split())
    children: dict[int, int] = {}
    for order in orders(line, children, answers):
        sys.stdout.flush()
        pid = os.fork()
        if not pid:
            os.close(line)
            os.close(answers)
            become(order, session.config)
            return None
        children[pid] = order["number"]
    return True
