"""bin/venv: which Python it takes, and that a first run cut short heals by itself."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
# What the script calls beside a Python: no other Python of this machine is on its PATH.
TOOLS = ("cat", "cksum", "dirname", "mkdir", "cp", "rm")
# A Python that knows no more than the script asks: its age, what it can import, venv and pip.
PYTHON = """#!/bin/sh
case "$*" in
*sys.exit*) exit {old} ;;
*"import ensurepip"*) exit {bare} ;;
*print*) echo python{version}-venv ;;
--version) echo "Python {version}" ;;
"-m venv --clear .venv")
    rm -rf .venv && mkdir -p .venv/bin && cp "$0" .venv/bin/python
    [ -z "$CUT" ] || exit 137
    : > .venv/pip ;;
"-m pip"*) [ -e .venv/pip ] || {{ echo "No module named pip" >&2; exit 1; }} ;;
esac
"""


@dataclass(frozen=True)
class Checkout:
    """A checkout with nothing but the script and what it reads."""

    folder: Path
    path: Path

    def python(self, name: str, version: str, *, old: bool = False, bare: bool = False) -> Path:
        """Put a Python on the PATH; a bare one lacks ensurepip, as Debian ships it."""
        script = self.path / name
        script.write_text(PYTHON.format(version=version, old=int(old), bare=int(bare)), "utf-8")
        script.chmod(0o755)
        return script

    def __call__(self, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the script."""
        return subprocess.run(
            ["/bin/sh", str(self.folder / "bin" / "venv"), "run"],
            env={"PATH": str(self.path), "CUT": ""} | environment,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    made = Checkout(tmp_path / "checkout", tmp_path / "path")
    for folder in (made.folder / "bin", made.folder / "requirements", made.path):
        folder.mkdir(parents=True)
    shutil.copy(ROOT / "bin" / "venv", made.folder / "bin")
    (made.folder / "pyproject.toml").touch()
    (made.folder / "requirements" / "run.txt").touch()
    for tool in TOOLS:
        found = shutil.which(tool, path=os.defpath)
        assert found
        (made.path / tool).symlink_to(found)
    return made


def test_a_first_run_cut_short_heals_at_the_next(checkout: Checkout) -> None:
    checkout.python("python3", "3.11")
    assert checkout(CUT="yes").returncode == 137
    assert (checkout.folder / ".venv" / "bin" / "python").exists()
    done = checkout()
    assert (done.returncode, "No module named pip" in done.stderr) == (0, False), done.stderr
    # Whole now: nothing is made or installed again.
    assert checkout().stderr == ""


def test_an_environment_of_another_place_is_made_anew(checkout: Checkout) -> None:
    checkout.python("python3", "3.11")
    assert checkout().returncode == 0
    moved = Checkout(checkout.folder.rename(checkout.folder.with_name("moved")), checkout.path)
    assert "Making .venv" in moved().stderr


def test_a_python_that_can_make_environments_is_taken_over_one_that_cannot(
    checkout: Checkout,
) -> None:
    checkout.python("python3.13", "3.13", bare=True)
    checkout.python("python3.12", "3.12", old=True)
    checkout.python("python3", "3.11")
    done = checkout()
    assert (done.returncode, "with Python 3.11" in done.stderr) == (0, True), done.stderr


def test_where_none_can_the_package_of_the_newest_is_named(checkout: Checkout) -> None:
    checkout.python("python3.13", "3.13", bare=True)
    checkout.python("python3", "3.11", bare=True)
    done = checkout()
    assert (done.returncode, "apt-get install python3.13-venv" in done.stderr) == (1, True)


def test_the_python_that_is_named_is_taken_or_none(checkout: Checkout, tmp_path: Path) -> None:
    checkout.python("python3.13", "3.13")
    named = checkout.python("named", "3.12")
    assert "with Python 3.12" in checkout(PYTHON=str(named)).stderr
    shutil.rmtree(checkout.folder / ".venv")
    bare = checkout.python("bare", "3.11", bare=True)
    assert "apt-get install python3.11-venv" in checkout(PYTHON=str(bare)).stderr
    missing = str(tmp_path / "missing")
    assert f"{missing} is not one" in checkout(PYTHON=missing).stderr
    assert not (checkout.folder / ".venv").exists()


def test_without_a_python_the_script_says_what_to_install(checkout: Checkout) -> None:
    checkout.python("python3", "3.9", old=True)
    done = checkout()
    assert (done.returncode, "none on its PATH" in done.stderr) == (1, True)
