"""A minute of the torture, small enough for a machine that does much else; and its own tools."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any, cast

import pytest

from tests.sockets import real
from tests.torture import servers
from tests.torture.line import Line

if TYPE_CHECKING:
    from pathlib import Path

SIZE = {"seconds": 60, "clients": 20, "rooms": 4}
# A minute of storm; what comes before and after it waits for conditions, however slow.
LONGEST = 900
NONE = {"lost": 0, "doubled": 0, "out_of_order": 0}
HAPPENED = ("acknowledged", "worker_kills", "redis_restarts", "postgres_restarts", "client_cuts")


@pytest.mark.slow
@pytest.mark.stack
def test_a_minute_of_torture_loses_doubles_and_mixes_up_nothing() -> None:
    told = [word for name, value in SIZE.items() for word in (f"--{name}", str(value))]
    done = subprocess.run(
        [sys.executable, "-m", "tests.torture", *told],
        cwd=real.ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=LONGEST,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-4_000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert {name: found[name] for name in NONE} == NONE
    assert [name for name in HAPPENED if found[name] < 1] == []


class Deaf:
    """A connection that takes what is written and says nothing."""

    def is_closing(self) -> bool:
        return False

    def write(self, data: bytes) -> None:
        """Forget it."""


def test_who_is_told_to_stop_when_an_answer_comes_stops() -> None:
    async def ask_and_end() -> bool:
        line = Line(asyncio.StreamReader(), cast("Any", Deaf()), lambda *_: None)
        line.say = lambda _text: None  # type: ignore[method-assign]  # no WebSocket was shaken
        asked = asyncio.create_task(line.ask("sync", {}))
        await asyncio.wait([asked], timeout=0)
        assert line.asks == 1
        line.take('43/chat,1[{"ok":true}]')
        asked.cancel()
        await asyncio.wait([asked])
        return asked.cancelled()

    assert asyncio.run(ask_and_end())


def test_a_folder_that_others_cannot_reach_is_not_for_postgresql(tmp_path: Path) -> None:
    shut = tmp_path / "shut"
    inner = shut / "inner"
    inner.mkdir(parents=True)
    shut.chmod(0o700)
    assert not servers.reachable(inner)
    with servers.open_folder() as folder:
        assert servers.reachable(folder)


def test_a_shut_folder_for_temporary_files_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with servers.open_folder() as folder:
        assert tmp_path not in folder.parents
