"""Where coverage looks away: inside calls of other people's code that runs none of ours.

Python 3.11 has but one way to trace, and it slows every line of every package to less than
half. A pytest plugin: it does something only in a process that coverage watches. The few lines
of ours that such a call comes back to (a column type, a listener) are seen elsewhere. The same
goes for tests marked ``no_cover``.
"""

from __future__ import annotations

import functools
import sys
from typing import TYPE_CHECKING, Any

import pytest
from alembic import command
from html5lib import HTMLParser
from jinja2 import Environment
from sqlalchemy import MetaData, Result, ScalarResult
from sqlalchemy.orm import Session
from werkzeug.routing import Map, MapAdapter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

QUERIES = ("execute", "scalar", "scalars", "flush", "commit", "rollback", "get", "refresh", "close")
ROWS = ("all", "first", "one", "one_or_none")
CALLS: dict[Any, tuple[str, ...]] = {
    Session: QUERIES,
    Result: (*ROWS, "scalar", "scalars"),
    ScalarResult: ROWS,
    MetaData: ("create_all", "drop_all"),
    Environment: ("compile",),
    HTMLParser: ("parse",),
    Map: ("add", "update"),
    MapAdapter: ("build",),
    # What migrations do is no part of the package that is measured.
    command: ("upgrade", "downgrade"),
}


def unwatched(call: Callable[..., Any]) -> Callable[..., Any]:
    """The same call, during which nobody traces."""

    @functools.wraps(call)
    def calling(*args: Any, **kwargs: Any) -> Any:
        watcher = sys.gettrace()
        sys.settrace(None)
        try:
            return call(*args, **kwargs)
        finally:
            sys.settrace(watcher)

    return calling


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    if item.get_closest_marker("no_cover") is None:
        return (yield)
    watcher = sys.gettrace()
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(watcher)


def pytest_configure() -> None:
    if sys.gettrace() is None:
        return
    for owner, names in CALLS.items():
        for name in names:
            setattr(owner, name, unwatched(getattr(owner, name)))
