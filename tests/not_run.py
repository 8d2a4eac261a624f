"""What could not run on this machine: told apart from other skips, listed at the end.

A pytest plugin. ``not_run(what, how)`` ends a test; the markers ``postgres``, ``redis`` and
``browser`` call it when the thing is missing. With CI=true one of them fails the run. The
program ``bin/test`` collects the lists of its runs from the file that INCUBATOR_NOT_RUN names.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from tests import programs, services

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

TOKEN = "NOT RUN "
FILE = "INCUBATOR_NOT_RUN"
FOUND = pytest.StashKey[dict[str, str]]()
NEEDS: dict[str, tuple[Callable[[], str | None], services.Service]] = {
    "postgres": (services.postgres, services.POSTGRES),
    "redis": (services.redis_url, services.REDIS),
    "browser": (services.chromium, services.CHROMIUM),
    "stack": (programs.all_here, programs.STACK),
}


def not_run(what: str, how: str) -> NoReturn:
    """End the test: this machine lacks ``what``; ``how`` tells a person the way to get it."""
    pytest.skip(TOKEN + json.dumps({"what": what, "how": how}))


def in_ci() -> bool:
    """Whether whatever could not run is a failure."""
    return os.environ.get("CI", "").lower() in {"true", "1"}


def block(missing: dict[str, str]) -> Iterable[str]:
    """The lines that list what could not run."""
    yield "NOT RUN on this machine:"
    for what, how in sorted(missing.items()):
        yield f"  - {what}. To run it: {how}."
    if in_ci():
        yield "With CI=true this is a failure."


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL database of this run's own, for tests marked ``postgres``."""
    server = services.postgres()
    assert server, "mark the test with pytest.mark.postgres"
    with services.database_on(server, f"incubator_test_{os.getpid()}_own") as url:
        yield url


@pytest.fixture(scope="session")
def redis_url() -> str:
    """A Redis server, for tests marked ``redis``."""
    url = services.redis_url()
    assert url, "mark the test with pytest.mark.redis"
    return url


def pytest_configure(config: pytest.Config) -> None:
    config.stash[FOUND] = {}


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker, (find, service) in NEEDS.items():
        if item.get_closest_marker(marker) and find() is None:
            not_run(f"the tests that need {service.name}", service.how)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    note(item.config, report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    report = yield
    note(collector.config, report)
    return report


def note(config: pytest.Config, report: pytest.TestReport | pytest.CollectReport) -> None:
    """Keep what a skip says when it is one of ours."""
    reason = report.longrepr[2] if report.skipped and isinstance(report.longrepr, tuple) else ""
    reason = reason.removeprefix("Skipped: ")
    if reason.startswith(TOKEN):
        said = json.loads(reason.removeprefix(TOKEN))
        config.stash[FOUND][said["what"]] = said["how"]


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    found = session.config.stash[FOUND]
    path = os.environ.get(FILE)
    if path and found:
        with Path(path).open("a", encoding="utf-8") as file:
            file.writelines(json.dumps([what, how]) + "\n" for what, how in found.items())
    if found and in_ci() and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    found = config.stash[FOUND]
    if found and FILE not in os.environ:
        terminalreporter.section("not run", sep="-")
        for line in block(found):
            terminalreporter.write_line(line)
