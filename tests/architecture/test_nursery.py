"""One pytest collects, its forks run the tests: each once, every end told, coverage kept."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests import parts, pool
from tests.architecture.tree import ROOT
from tests.nursery import BROKE_OFF, Nursery
from tests.parts import Part

PYTEST = ["-m", "pytest", "-q", "-p", "tests.pool", "-p", "tests.nursery", "-p", "no:cacheprovider"]
MODULE = "def one():\n    return 1\n\n\ndef two():\n    return 2\n"
FILES = {
    "house.py": MODULE,
    "tests/a/test_a.py": "import house\n\ndef test_a():\n    assert house.one() == 1\n",
    "tests/b/test_b.py": "import house\n\ndef test_b():\n    assert house.two() == 3\n",
    "tests/browser/test_c.py": """
import os

def test_c():
    assert "COVERAGE_X" not in os.environ
""",
    "pytest.ini": "[pytest]\npythonpath = .\nmarkers =\n    slow\n    postgres\n    redis\n",
    ".coveragerc": "[run]\nparallel = true\nsource = .\n",
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
    for name in [name for name in os.environ if name.startswith("COVERAGE_")]:
        monkeypatch.delenv(name)
    return tmp_path


def nest(project: Path, *program: str) -> Nursery:
    kept = {"COVERAGE_FILE": str(project / ".coverage"), "COVERAGE_X": "1"}
    return Nursery([sys.executable, *program, *PYTEST], project / "collected", kept)


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
    assert "1 failed, 1 passed" in first[1]
    assert "assert 2 == 3" in first[1]
    assert "1 passed" in browser[1]
    assert nursery.close() == 0


def test_only_the_suite_on_sqlite_is_watched(project) -> None:
    with nest(project, "-m", "coverage", "run") as nursery:
        ordered(nursery, project / pool.BROWSER, "one")
        ordered(nursery, project / pool.WATCHED, "two")
    subprocess.run([sys.executable, "-m", "coverage", "combine", "-q"], cwd=project, check=True)
    with closing(sqlite3.connect(project / ".coverage")) as data:
        paths = {Path(path).name for (path,) in data.execute("SELECT path FROM file")}
        lines = data.execute(
            "SELECT numbits FROM line_bits JOIN file ON file.id = file_id WHERE path LIKE ?",
            ("%house.py",),
        ).fetchall()
    assert {"house.py", "test_a.py"} <= paths
    # Lines 1 to 6 but the empty ones: both functions were made, and both ran.
    assert lines == [(bytes([0b01100110]),)]


def test_what_cannot_be_collected_breaks_every_part_off(project) -> None:
    (project / "tests/a/test_a.py").write_text("import nowhere\n")
    with nest(project) as nursery:
        ends = ordered(nursery, project / pool.WATCHED, "one", "two")
    assert [status for status, _ in ends] == [BROKE_OFF, BROKE_OFF]
    assert nursery.close() == 2
    assert "No module named 'nowhere'" in (project / "collected").read_text("utf-8")
