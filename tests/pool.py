"""Several pytest processes share one suite: a file of tests is run by whoever claims it first.

A pytest plugin, at work where INCUBATOR_TEST_POOL names a folder. Its name says which suite it
is: ``browser`` is the folder of that name, ``postgresql`` what is repeated there, every other all
but the browser. Nobody deals the files out: new ones fall to whichever process is free, and both
are busy to the end.
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
# Coverage is measured in this one.
WATCHED = "sqlite"
# These need no second database: they bring their own.
OWN = ("postgres", "redis", "stack")


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


def belongs(item: pytest.Item, folder: Path) -> bool:
    """Whether a test is of the suite of this folder.

    On the second database that is what asks for one: the rest would say the same again.
    """
    tests = item.config.rootpath / "tests"
    browser = item.path.is_relative_to(tests / BROWSER)
    if folder.name != REPEATED:
        return browser is (folder.name == BROWSER)
    own = any(item.get_closest_marker(marker) for marker in OWN)
    return not own and "connection" in getattr(item, "fixturenames", ())


def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """What pytest does, with the tests that fall to this process only."""
    folder = pool()
    if folder is None or session.testsfailed or session.config.option.collectonly:
        return None
    session.items = [item for item in session.items if belongs(item, folder)]
    session.testscollected = len(session.items)
    for item, following in pairwise(chain(ours(folder, session.items), [None])):
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
    return True
