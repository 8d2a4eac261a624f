"""Probes see what coverage.py's tracer sees: the same lines, the same ways out of branches."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from coverage import Coverage

from tests.probes import Probes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PACKAGE = "probed_sample"
SAMPLE = '''"""A docstring."""

from __future__ import annotations

import functools
from contextlib import suppress


@functools.lru_cache
@functools.wraps(
    print
)
def decorated(x):
    """Said."""
    return x


class Shape:
    """Said."""

    sides = 4

    @property
    @functools.cache
    def twice(self):
        return (
            self.sides
            * 2
        )


def branches(x):
    if x > 2:
        a = 1
    elif x == 2: a = 2
    if (
        x
        and a
    ):
        x += 1
    else:
        x += 2
    for n in range(x):
        if n == 1:
            continue
        if n == 3:
            break
    else:
        x = 0
    for n in []:
        x += n
    while x > 2:
        x -= 1
    while True:
        x += 1
        if x > 5:
            return x


def cases(x):
    match x:
        case 1:
            return "one"
        case [a, b] if a:
            return b
        case str():
            x = x + "!"
    match x:
        case 2:
            return "two"
        case other:
            x = other
    return x


def falls(x):
    try:
        if x:
            raise KeyError(x)
    except (
        ValueError
    ):
        return 1
    except KeyError as error:
        x = str(error)
    else:
        x = "fine"
    finally:
        with suppress(ValueError):
            for n in (1, 2):
                int("x" * n)
        global last
        last = x
    return x


def never():
    if last:
        return [
            n
            for n in last
        ]
    yield from ()
'''
CALLS = (
    [],
    [("branches", 3), ("cases", 1), ("falls", 0)],
    [("branches", 2), ("cases", (1, 2)), ("cases", "x"), ("falls", 1)],
    [("branches", 0), ("cases", (0, 2)), ("cases", 2), ("cases", 9), ("decorated", 1)],
)


@pytest.fixture
def sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A module that is imported anew."""
    file = tmp_path / PACKAGE / "odd.py"
    file.parent.mkdir()
    (tmp_path / PACKAGE / "__init__.py").write_text("")
    file.write_text(SAMPLE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield file
    forget()


def forget() -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


def play(calls: list[tuple[str, object]]) -> None:
    forget()
    module = importlib.import_module(f"{PACKAGE}.odd")
    for name, argument in calls:
        try:
            getattr(module, name)(argument)
        except UnboundLocalError:
            assert argument == 0


def coverage_of(data: Path, **more: Any) -> Coverage:
    made = Coverage(data_file=data, branch=True, config_file=False, **more)
    made.set_option("run:relative_files", True)
    return made


def judged(file: Path, data: Path) -> SimpleNamespace:
    """What coverage.py says of a file from data."""
    coverage = coverage_of(data)
    coverage.load()
    analysis = coverage._analyze(str(file))  # noqa: SLF001 - the public one tells no branches
    return SimpleNamespace(
        statements=analysis.statements,
        missing=analysis.missing,
        branches={line: sorted(led) for line, led in analysis.missing_branch_arcs().items()},
    )


def traced(file: Path, calls: list[tuple[str, object]], data: Path) -> SimpleNamespace:
    before = sys.gettrace()
    coverage = coverage_of(data, include=[str(file)])
    coverage.start()
    try:
        play(calls)
    finally:
        coverage.stop()
        sys.settrace(before)
    coverage.save()
    return judged(file, data)


def probed(file: Path, calls: list[tuple[str, object]], data: Path) -> SimpleNamespace:
    probes = Probes(PACKAGE, file.parent.parent, file.parent)
    sys.meta_path.insert(0, probes)
    try:
        play(calls)
    finally:
        sys.meta_path.remove(probes)
    probes.write(data)
    return judged(file, data)


@pytest.mark.parametrize("calls", CALLS, ids=str)
def test_probes_say_what_the_tracer_says(sample, tmp_path, calls) -> None:
    seen = probed(sample, calls, tmp_path / "probed")
    assert seen == traced(sample, calls, tmp_path / "traced")
    assert seen.missing
    assert seen.branches


def test_what_rests_is_not_seen(sample, tmp_path) -> None:
    probes = Probes(PACKAGE, sample.parent.parent, sample.parent)
    sys.meta_path.insert(0, probes)
    try:
        play([])
        probes.rest()
        sys.modules[f"{PACKAGE}.odd"].cases(1)
    finally:
        sys.meta_path.remove(probes)
    probes.write(tmp_path / "probed")
    line = SAMPLE.splitlines().index('            return "one"') + 1
    assert line in judged(sample, tmp_path / "probed").missing


def test_a_program_that_a_test_starts_has_the_same_probes(sample, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(os, "environ", os.environ.copy())
    probes = Probes(PACKAGE, tmp_path, tmp_path)
    probes.share()
    program = [sys.executable, "-c", f"from {PACKAGE}.odd import cases; cases(1)"]
    subprocess.run(program, check=True, env=os.environ, cwd=tmp_path)
    probes.write(tmp_path / "probed")
    line = SAMPLE.splitlines().index('            return "one"') + 1
    seen = judged(sample, tmp_path / "probed")
    assert line in seen.statements - seen.missing
