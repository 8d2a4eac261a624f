"""What a machine cannot run is listed with the way to get it, and fails a run with CI=true."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.architecture.tree import ROOT
from tests.not_run import FILE

EXAMPLE = """
import pytest
from tests.not_run import not_run

def test_a():
    not_run("the moon", "fly there")

def test_b():
    pytest.skip("an ordinary reason")

def test_c():
    pass
"""
MARKED = """
import pytest

@pytest.mark.postgres
def test_a():
    raise AssertionError("must not run")

@pytest.mark.redis
def test_b():
    raise AssertionError("must not run")

@pytest.mark.browser
def test_c():
    raise AssertionError("must not run")
"""
PLAIN = {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
NOWHERE = {
    "INCUBATOR_TEST_POSTGRES": "postgresql://127.0.0.1:1/x",
    "INCUBATOR_TEST_REDIS": "redis://127.0.0.1:1",
    "CHROMIUM": "/no/such/browser",
    "PLAYWRIGHT_BROWSERS_PATH": "/no/such/folder",
}


@pytest.fixture
def run(tmp_path):
    """Run a module of tests in an empty folder with the plugin; the exit status and the output."""

    def run(text: str, **environment: str) -> tuple[int, str]:
        (tmp_path / "test_example.py").write_text(text)
        (tmp_path / "pytest.ini").write_text(
            "[pytest]\nmarkers =\n    postgres\n    redis\n    browser\n"
        )
        kept = {key: value for key, value in os.environ.items() if key not in {"CI", FILE}}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "tests.not_run", "-p", "no:cacheprovider"],
            cwd=tmp_path,
            env=kept | PLAIN | environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    return run


def test_it_is_listed_and_the_run_passes(run) -> None:
    status, said = run(EXAMPLE)
    assert status == 0
    assert "1 passed, 2 skipped" in said
    assert "NOT RUN on this machine:\n  - the moon. To run it: fly there.\n" in said
    assert "ordinary" not in said


def test_it_fails_the_run_in_ci(run) -> None:
    status, said = run(EXAMPLE, CI="true")
    assert status == 1
    assert "With CI=true this is a failure." in said


def test_ordinary_skips_do_not_fail_the_run_in_ci(run) -> None:
    status, said = run(EXAMPLE.replace('not_run("the moon", "fly there")', "pass"), CI="true")
    assert status == 0
    assert "NOT RUN" not in said


def test_a_collector_gets_the_list_instead(run, tmp_path) -> None:
    notes = tmp_path / "notes"
    status, said = run(EXAMPLE, **{FILE: str(notes)})
    assert (status, notes.read_text()) == (0, '["the moon", "fly there"]\n')
    assert "NOT RUN" not in said


def test_a_marker_looks_for_its_service(run) -> None:
    status, said = run(MARKED, **NOWHERE)
    assert (status, "3 skipped" in said) == (0, True)
    for name in ("PostgreSQL 15 or newer", "Redis", "Chromium"):
        assert f"  - the tests that need {name}. To run it:" in said
