"""The lock script: what it reads from a lock it can write back."""

from __future__ import annotations

import runpy

import pytest

from tests.architecture.test_tree import locks, odd_lines
from tests.architecture.tree import ROOT

HASHES = f"    --hash=sha256:{'a' * 64} \\\n    --hash=sha256:{'b' * 64}"
LOCK = f"# made\nflask==3.1.3 \\\n{HASHES}\nzope-event==6.2 \\\n{HASHES}\n"


@pytest.fixture(scope="module")
def script() -> dict:
    return runpy.run_path(str(ROOT / "bin/lock"), run_name="lock")


def test_a_lock_is_read_entry_by_entry(script) -> None:
    entries = script["split"](LOCK)
    assert list(entries) == ["flask", "zope-event"]
    assert entries["flask"] == f"flask==3.1.3 \\\n{HASHES}"
    assert script["pins"](entries) == ["flask==3.1.3", "zope-event==6.2"]


def test_reading_the_locks_of_the_project_loses_nothing(script) -> None:
    for text in locks().values():
        entries = "\n".join(script["split"](text).values())
        assert f"{script['HEAD']}{entries}\n" == text


def test_a_package_for_some_pythons_keeps_its_marker(script) -> None:
    entry = f"async-timeout==5.0.1 \\\n{HASHES}"
    marked = script["marked"]("async-timeout", entry)
    assert marked.startswith('async-timeout==5.0.1 ; python_full_version < "3.11.3" \\\n')
    assert not odd_lines(marked)
    assert script["marked"]("flask", entry) == entry


def test_every_lock_asks_for_what_the_project_states(script) -> None:
    needs = script["needs"]()
    assert list(needs) == ["run", "netting", "test", "check", "mutate"]
    assert {"flask-socketio==5.7.0", "redis>=8.1", "flit_core>=4.2"} <= set(needs["run"])
