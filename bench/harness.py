"""Measuring: a real server on one core, the load on another, rounds interleaved.

Figures of one machine mean little, so every benchmark prints ratios against a floor that it
measured in the same run; rounds of each subject alternate, and the median round counts.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
SERVER_CORE, LOAD_CORE = 0, 1
START_SECONDS = 60.0


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def pin(core: int) -> None:
    """Keep this process on one core, where the system knows how."""
    if hasattr(os, "sched_setaffinity") and core < (os.cpu_count() or 1):
        os.sched_setaffinity(0, {core})


@contextmanager
def server(code: str, port: int, environment: Mapping[str, str]) -> Generator[None]:
    """Run ``code`` in a Python of its own on the server's core until the block ends."""
    pinned = f"from bench.harness import pin, SERVER_CORE; pin(SERVER_CORE); {code}"
    process = subprocess.Popen(
        [sys.executable, "-c", pinned],
        cwd=ROOT,
        env={**os.environ, **environment, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
    )
    try:
        _await(port, process)
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            msg = f"the server ended with {process.returncode}"
            raise RuntimeError(msg)
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    msg = f"no server on port {port} after {START_SECONDS:.0f} s"
    raise RuntimeError(msg)


@dataclass
class Subject:
    """A page to measure: where it is asked for, its rounds (seconds a request) and each time."""

    name: str
    port: int
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    rounds: list[float] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    size: int = 0

    def play(self, requests: int) -> None:
        """One round on one kept-alive connection."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        begun = time.perf_counter()
        for _ in range(requests):
            asked = time.perf_counter()
            connection.request("GET", self.path, headers=dict(self.headers))
            answer = connection.getresponse()
            self.size = len(answer.read())
            self.times.append(time.perf_counter() - asked)
            if answer.status != http.HTTPStatus.OK:
                msg = f"{self.name}: {self.path} answered {answer.status}"
                raise RuntimeError(msg)
        self.rounds.append((time.perf_counter() - begun) / requests)
        connection.close()

    @property
    def cost(self) -> float:
        """Seconds per request in the median round."""
        return statistics.median(self.rounds)


def measure(subjects: Sequence[Subject], *, rounds: int = 15, requests: int = 40) -> None:
    """Warm every subject up, then play the rounds in turn."""
    pin(LOAD_CORE)
    for subject in subjects:
        subject.play(requests)
        subject.rounds.clear()
        subject.times.clear()
    for _ in range(rounds):
        for subject in subjects:
            subject.play(requests)


def report(bench: str, subjects: Sequence[Subject], ratios: Mapping[str, float]) -> None:
    """The table, and as last line one JSON object."""
    print(f"{'subject':<24}{'ms/request':>12}{'requests/s':>12}{'kB':>8}")
    for subject in subjects:
        cost = subject.cost
        print(f"{subject.name:<24}{cost * 1000:>12.2f}{1 / cost:>12.0f}{subject.size / 1000:>8.1f}")
    for name, ratio in ratios.items():
        print(f"{name:<40}{ratio:>8.2f}")
    figures = {subject.name: round(subject.cost * 1000, 3) for subject in subjects}
    shown = {name: round(ratio, 3) for name, ratio in ratios.items()}
    print(json.dumps({"bench": bench, "ratios": shown, "figures": figures}))


def sql_growth(small: Mapping[str, int], large: Mapping[str, int]) -> float:
    """By how much a page at most takes more SQL statements in the large house; 1 is none."""
    return max(large[page] / small[page] for page in small)
