"""Several pytest processes share one suite: a file of tests is run by whoever claims it first.

A pytest plugin, at work where INCUBATOR_TEST_POOL names a folder. Its name says which suite it
is: ``browser`` is the folder of that name, every other is the rest. Nobody deals the files out:
new ones fall to whichever process is free, and both are busy to the end.
"""

from __future__ import annotations

import os
from itertools import chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

POOL = "INCUBATOR_TEST_POOL"
BROWSER = "browser"
REPEATED = "postgresql"


def pool() -> Path | None:
    """The folder in which the processes of a suite leave their claims."""
    named = os.environ.get(POOL)
    return Path(named) if named else None


def claimed(folder: Path, unit: str) -> bool:
    """Whether this process is the first to want a file of tests."""
    try:
        (folder / unit.replace("/", "~")).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def units(items: Iterable[pytest.Item]) -> list[tuple[str, list[pytest.Item]]]:
    """The tests by their file, in their order; files that hold slow ones come first."""
    found: dict[str, list[pytest.Item]] = {}
    for item in items:
        found.setdefault(item.nodeid.partition("::")[0], []).append(item)

    def quick(unit: tuple[str, list[pytest.Item]]) -> bool:
        return all(item.get_closest_marker("slow") is None for item in unit[1])

    return sorted(found.items(), key=quick)


def ours(folder: Path, items: Iterable[pytest.Item]) -> Iterator[pytest.Item]:
    """The tests that fall to this process. A file is claimed when the one before is nearly done."""
    return chain.from_iterable(some for unit, some in units(items) if claimed(folder, unit))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the tests in Chromium to the pool of that name, and that pool nothing else."""
    folder, tests = pool(), config.rootpath / "tests"
    if folder is None or tests not in collection_path.parents:
        return None
    part = collection_path.relative_to(tests).parts[0]
    return (part == BROWSER) != (folder.name == BROWSER) or None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On the second database, leave out what asks for none: it would say the same again."""
    folder = pool()
    if folder is None or folder.name != REPEATED:
        return
    there = [item for item in items if "connection" in getattr(item, "fixturenames", ())]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(there)])
    items[:] = there


def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """What pytest does, with the tests that fall to this process only."""
    folder = pool()
    if folder is None or session.testsfailed or session.config.option.collectonly:
        return None
    for item, following in pairwise(chain(ours(folder, session.items), [None])):
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
    return True
