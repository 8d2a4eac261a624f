"""The parts of `make test`: programs run side by side, each shown whole once it ended."""

from __future__ import annotations

import os
import re
import subprocess
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from tests.nursery import Nursery

CLOSING = re.compile(
    r"^=* ?(\d+ [a-z]+(?:, \d+ [a-z]+)*|no tests ran) in [0-9.]+s.*\n?", re.MULTILINE
)
SEED = re.compile(r"--randomly-seed=(\d+)")
BAD = ("failed", "error")
NO_TESTS = 5


@dataclass(frozen=True)
class Part:
    """A program, or the tests of a pool that a nursery forks for.

    ``tests`` for pytest, ``again`` when it repeats tests that another part counts.
    """

    name: str
    command: list[str] = field(default_factory=list)
    environment: Mapping[str, str] = field(default_factory=dict)
    tests: bool = True
    again: bool = False
    nursery: Nursery | None = None


@dataclass(frozen=True)
class Ended:
    """How a part ended, and after how many seconds."""

    part: Part
    status: int
    said: str
    seconds: float

    @property
    def counts(self) -> Counter[str]:
        """What pytest counted, in the plural or not: passed, failed, error…"""
        lines = CLOSING.findall(self.said) if self.part.tests else []
        pairs = re.findall(r"(\d+) (\w+)", lines[-1]) if lines else []
        return Counter({word.removesuffix("s"): int(number) for number, word in pairs})

    @property
    def passed(self) -> bool:
        """Whether all went well; to have had nothing to do is well."""
        return self.status in ({0, NO_TESTS} if self.part.tests else {0})

    def shown(self) -> str:
        """Its words under a heading, which has the closing line in it: there is but one such."""
        said = CLOSING.sub("", self.said) if self.part.tests else self.said
        outcome = worded(self.counts) if self.part.tests else "ok" if self.passed else "failed"
        if self.part.tests and not self.passed and not self.counts:
            outcome = f"broke off with status {self.status}"
        seed = SEED.search(self.said)
        order = f", seed {seed[1]}" if seed else ""
        head = f"--- {self.part.name}: {outcome} ({self.seconds:.0f} s{order})"
        return f"\n{head}\n{said}" if not self.passed or not self.part.tests else head


def worded(counts: Mapping[str, int]) -> str:
    """Counts as pytest says them: what is bad first."""
    order = (*BAD, *sorted(counts.keys() - BAD))
    known = [(word, counts[word]) for word in order if counts.get(word)]
    plural = {"error": "errors"}
    said = [f"{count} {word if count == 1 else plural.get(word, word)}" for word, count in known]
    return ", ".join(said) or "no tests ran"


def closing(ends: Iterable[Ended], seconds: float) -> str:
    """One line for all as pytest writes it: each test once, each failure wherever it was.

    A part that went wrong without counting a failure is an error.
    """
    total: Counter[str] = Counter()
    for end in ends:
        counts = end.counts
        if not end.passed and not any(counts[word] for word in BAD):
            counts["error"] += 1
        total.update({word: counts[word] for word in BAD} if end.part.again else counts)
    del total["deselected"]
    line = f"{worded(total)} in {seconds:.2f}s"
    return line.center(len(line) + 2).center(100, "=")


def run(part: Part, log: Path) -> Ended:
    """Run a part to its end."""
    began = time.monotonic()
    log.touch()
    nursery = part.nursery
    status = nursery.run(part.environment, log) if nursery else _program(part, log)
    said = log.read_text("utf-8", errors="replace")
    return Ended(part, status, said, time.monotonic() - began)


def _program(part: Part, log: Path) -> int:
    with log.open("wb") as output:
        done = subprocess.run(
            part.command,
            env=os.environ | dict(part.environment),
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    return done.returncode


def side_by_side(parts: list[Part], lanes: int, folder: Path) -> list[Ended]:
    """Run parts in their order, ``lanes`` at a time; show each when it ended."""
    one_at_a_time = threading.Lock()

    def one(numbered: tuple[int, Part]) -> Ended:
        number, part = numbered
        print(f"--- {part.name}: begun", flush=True)
        end = run(part, folder / f"{number}.log")
        with one_at_a_time:
            print(end.shown(), flush=True)
        return end

    with ThreadPoolExecutor(lanes) as pool:
        return list(pool.map(one, enumerate(parts)))
