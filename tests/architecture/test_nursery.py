"""One pytest collects, its forks run the tests: each once, every end told, coverage kept."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from coverage import CoverageData

from tests import parts, pool
from tests.architecture.tree import ROOT
from tests.nursery import BROKE_OFF, Nursery
from tests.parts import Part

PYTEST = ["-m", "pytest", "-q", "-p", "tests.pool", "-p", "tests.nursery", "-p", "no:cacheprovider"]
MODULE = """def one():
    return 1

def two():
    return 2

def seen_in_chromium():
    return 3

def walked_over():
    return 4
"""
FILES = {
    "incubator/__init__.py": "",
    "incubator/house.py": MODULE,
    "tests/a/test_a.py": """
import pytest
from incubator import house

def test_a():
    assert house.one() == 1

@pytest.mark.no_cover
def test_walk():
    assert house.walked_over() == 4
""",
    "tests/b/test_b.py": """
from incubator import house

def test_b():
    assert house.two() == 3
""",
    "tests/browser/test_c.py": """
import os
from incubator import house

def test_c():
    assert "PROBES_OF_TESTS" not in os.environ
    assert house.seen_in_chromium() == 3
""",
    "pytest.ini": "[pytest]\npythonpath = .\nmarkers =\n"
    + "".join(f"    {name}\n" for name in ("slow", "postgres", "redis", "no_cover")),
}


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    """A small project, whose second file of tests fails."""
    for name, text in FILES.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    for name in (pool.WATCHED, pool.BROWSER):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("PROBES_OF_TESTS", raising=False)
    return tmp_path


def nest(project: Path, *more: str) -> Nursery:
    kept = {"COVERAGE_FILE": str(project / ".coverage")}
    return Nursery([sys.executable, *PYTEST, *more], project / "collected", kept)


def ordered(nursery: Nursery, suite: Path, *logs: str) -> list[tuple[int, str]]:
    """The status and the words of each process of a suite."""
    made = Part(suite.name, environment={pool.POOL: str(suite)}, nursery=nursery)
    ends = [parts.run(made, suite.parent / log) for log in logs]
    return [(end.status, end.said) for end in ends]


def test_forks_share_what_was_collected_and_tell_how_they_ended(project) -> None:
    with nest(project) as nursery:
        first, second = ordered(nursery, project / pool.WATCHED, "one", "two")
        (browser,) = ordered(nursery, project / pool.BROWSER, "three")
    assert (first[0], second[0], browser[0]) == (1, 0, 0)
    assert "1 failed, 2 passed" in first[1]
    assert "assert 2 == 3" in first[1]
    assert "1 passed" in browser[1]
    assert nursery.close() == 0


def test_only_the_suite_on_sqlite_is_watched(project) -> None:
    with nest(project, "-p", "tests.probes") as nursery:
        ordered(nursery, project / pool.BROWSER, "one")
        ordered(nursery, project / pool.WATCHED, "two")
    found = CoverageData(str(project / ".coverage.probes"))
    found.read()
    lines = found.lines("incubator/house.py")
    # All functions were made, but only two were run where it counts.
    assert sorted(lines or ()) == [1, 2, 4, 5, 7, 10]


def test_what_cannot_be_collected_breaks_every_part_off(project) -> None:
    (project / "tests/a/test_a.py").write_text("import nowhere\n")
    with nest(project) as nursery:
        ends = ordered(nursery, project / pool.WATCHED, "one", "two")
    assert [status for status, _ in ends] == [BROKE_OFF, BROKE_OFF]
    assert nursery.close() == 2
    assert "No module named 'nowhere'" in (project / "collected").read_text("utf-8")
