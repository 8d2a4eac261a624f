"""Installations in folders of their own, and the real command run on them."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from incubator.app import create_app
from incubator.kernel.db import db, transaction, utcnow
from incubator.kernel.settings import Settings
from incubator.network.accounts import commands as accounts
from incubator.network.sites import commands as sites

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent.parent
SPAWNER = Path(__file__).with_name("spawner.py")
PLACES = (
    ("Lyon, Croix-Rousse", "Lyon", "Europe/Paris"),
    ("Dakar, Médina", "Dakar", "Africa/Dakar"),
)


def clean() -> dict[str, str]:
    """The environment without the settings of whoever runs the tests."""
    own = {k: v for k, v in os.environ.items() if not k.startswith("INCUBATOR_")}
    return {"PYTHONPATH": str(ROOT)} | own


@functools.cache
def spawner() -> subprocess.Popen[str]:
    """A process that starts commands, until the end of the run."""
    command = [sys.executable, str(SPAWNER)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=clean(), stdin=pipe, stdout=pipe, text=True)


def ordered(order: str) -> int:
    """Run one command; its exit code."""
    process = spawner()
    assert process.stdin
    assert process.stdout
    process.stdin.write(order + "\n")
    process.stdin.flush()
    return int(process.stdout.readline())


@dataclass(frozen=True)
class Outcome:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """The one sentence of a refusal; anything else fails the test."""
        lines = self.err.strip().splitlines()
        assert self.code == 1, (self.code, self.out, self.err)
        assert len(lines) == 1, self.err
        assert lines[0].startswith("Error: "), self.err
        assert lines[0].endswith((".", "?")), self.err
        return lines[0].removeprefix("Error: ")


@dataclass(frozen=True)
class Installation:
    """An instance folder."""

    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "incubator.db"

    @property
    def settings(self) -> Settings:
        return Settings.load(self.folder, {})

    def __call__(self, *arguments: str | Path, typed: str = "", **environment: str) -> Outcome:
        """Run the command; keywords are more of its environment."""
        with tempfile.TemporaryDirectory() as place:
            streams = [Path(place, name) for name in ("in", "out", "err")]
            streams[0].write_text(typed, "utf-8")
            order = {
                "arguments": list(map(str, arguments)),
                "environment": clean() | {"INCUBATOR_INSTANCE_DIR": str(self.folder)} | environment,
                "folder": str(self.folder.parent),
                "streams": list(map(str, streams)),
            }
            code = ordered(json.dumps(order))
            out, err = (stream.read_text("utf-8") for stream in streams[1:])
        assert "Traceback" not in err, err
        return Outcome(code, out, err)

    def files(self) -> dict[str, bytes]:
        """Everything below the folder: what a refused command must leave as it was."""
        found = (path for path in self.folder.rglob("*") if path.is_file())
        journals = ("incubator.db-wal", "incubator.db-shm")
        return {str(path): path.read_bytes() for path in found if path.name not in journals}


@pytest.fixture(scope="session", autouse=True)
def _spawning() -> Iterator[None]:
    """End the process that starts commands."""
    yield
    if spawner.cache_info().currsize:
        with spawner() as process:
            assert process.stdin
            process.stdin.close()


@pytest.fixture
def bare(tmp_path: Path) -> Installation:
    """A folder in which nothing was done yet."""
    return Installation(tmp_path / "instance")


@pytest.fixture(scope="session")
def _ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What ``init`` makes, with two sites and an administrator."""
    made = Installation(tmp_path_factory.mktemp("ready") / "instance")
    assert made("init").code == 0
    app = create_app(made.settings)
    with app.app_context():
        with transaction():
            for name, city, zone in PLACES:
                details = sites.SiteDetails(name=name, city=city, country="FR", time_zone=zone)
                sites.open_site(None, details=details)
            person = accounts.Newcomer(
                name="Ada Martin",
                email="ada@example.org",
                roles=[("administrator", None)],
                password=None,
                time_zone="Europe/Paris",
            )
            accounts.admit(None, person, now=utcnow())
        db.session.remove()
        db.engine.dispose()
    return made.folder


@pytest.fixture
def installed(_ready: Path, tmp_path: Path) -> Installation:
    """A small network: Lyon, Dakar and their administrator."""
    return Installation(Path(shutil.copytree(_ready, tmp_path / "instance")))
