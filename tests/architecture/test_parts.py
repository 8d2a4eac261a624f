"""Several processes run one suite: each test once, every failure told, one closing line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import parts, pool
from tests.architecture.tree import ROOT
from tests.parts import Ended, Part

GOOD = "def test_a():\n    pass\n\ndef test_b():\n    pass\n"
FAILING = "def test_a():\n    assert 0\n"
SLOW = "import pytest\n\n@pytest.mark.slow\ndef test_a():\n    pass\n"
PLAIN = {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
COMMAND = [sys.executable, "-m", "pytest", "-p", "tests.pool", "-p", "no:cacheprovider"]


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    """A folder with three files of tests, one of them for a browser, and a folder of claims."""
    files = {"a/test_a.py": GOOD, "b/test_b.py": SLOW, "browser/test_c.py": GOOD}
    for name, text in files.items():
        file = tmp_path / "tests" / name
        file.parent.mkdir(parents=True)
        file.write_text(text)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n    slow\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def part(claims: Path, **more: bool) -> Part:
    claims.mkdir(exist_ok=True)
    kept = PLAIN | {pool.POOL: str(claims)}
    return Part(claims.name, COMMAND, kept, **more)


def ended(said: str, status: int = 0, **more: bool) -> Ended:
    return Ended(Part("x", [], **more), status, said, 1.0)


def test_two_processes_run_each_file_once_between_them(project, capsys) -> None:
    ends = parts.side_by_side([part(project / "sqlite")] * 2, 2, project)
    assert sum(end.counts["passed"] for end in ends) == 3
    assert {one.name for one in (project / "sqlite").iterdir()} == {
        "tests~a~test_a.py",
        "tests~b~test_b.py",
    }
    assert all(end.passed for end in ends)


def test_the_browser_has_its_folder_for_itself(project) -> None:
    end = parts.run(part(project / "browser"), project / "log")
    assert end.counts == {"passed": 2}
    assert [one.name for one in (project / "browser").iterdir()] == ["tests~browser~test_c.py"]


def test_files_with_slow_tests_come_first(project) -> None:
    kept = PLAIN | {pool.POOL: str(project)}
    done = subprocess.run(
        [*COMMAND, "-v"],
        env=os.environ | kept,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line for line in done.stdout.splitlines() if "PASSED" in line]
    assert lines[0].startswith("tests/b/test_b.py::test_a")
    assert len(lines) == 3


def test_a_failure_of_one_process_is_shown_and_counted(project, capsys) -> None:
    (project / "tests/a/test_d.py").write_text(FAILING)
    ends = parts.side_by_side([part(project / "sqlite")] * 2, 2, project)
    assert sorted(end.passed for end in ends) == [False, True]
    assert "assert 0" in capsys.readouterr().out
    assert "= 1 failed, 3 passed in 2.50s =" in parts.closing(ends, 2.5)


def test_what_is_repeated_counts_once_and_its_failures_all_the_same() -> None:
    first = ended("3 passed, 1 skipped, 2 deselected in 1.00s\n")
    again = ended("==== 2 failed, 1 passed in 1.00s ====\n", 1, again=True)
    assert " 2 failed, 3 passed, 1 skipped in 4.00s " in parts.closing([first, again], 4)


@pytest.mark.parametrize(
    ("said", "status"), [("", -9), ("3 passed in 1.00s\n", 1), ("no tests ran in 0.1s\n", 4)]
)
def test_a_part_that_breaks_off_is_an_error(said: str, status: int) -> None:
    ends = [ended("5 passed in 1.00s\n"), ended(said, status), ended("mypy\n", 1, tests=False)]
    assert "= 2 errors, " in parts.closing(ends, 4)


def test_a_part_that_breaks_off_says_how() -> None:
    assert "--- x: broke off with status -15 (1 s)" in ended("tests/a.py ...", -15).shown()


def test_only_the_last_line_of_all_looks_like_a_closing_line() -> None:
    said = (
        "Using --randomly-seed=12\n=== FAILURES ===\n== 1 failed, 2 passed in 1.00s (0:00:01) ==\n"
    )
    shown = ended(said, 1).shown()
    assert "--- x: 1 failed, 2 passed (1 s, seed 12)\nUsing --randomly-seed=12\n===" in shown
    assert not parts.CLOSING.search(shown)
