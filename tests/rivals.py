"""Acts at the same instant, each on a connection of its own, on both databases."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from threading import Barrier
from typing import TYPE_CHECKING, TypeVar

import pytest

from incubator.edge.state import state_of
from incubator.kernel.db import db
from incubator.kernel.errors import Refusal
from tests.conftest import NOW
from tests.factories import Make
from tests.real_app import real_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from flask import Flask

    from incubator.kernel.db import Base

DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
DONE = "done"
T = TypeVar("T")


@dataclass(frozen=True)
class Rivals:
    """An application on a database of its own, and who acts in it."""

    app: Flask
    make: Make

    def inside(self) -> AbstractContextManager[object]:
        """The application's context, to prepare and to look."""
        return self.app.app_context()

    def answers(self, acts: Sequence[Callable[[], T]]) -> list[T]:
        """Do these at the same instant; what each answered."""
        start = Barrier(len(acts))

        def run(act: Callable[[], T]) -> T:
            with self.inside():
                start.wait(60)
                return act()

        with ThreadPoolExecutor(len(acts)) as pool:
            return list(pool.map(run, acts))

    def at_once(self, acts: Sequence[Callable[[], object]]) -> Counter[str]:
        """Do these at the same instant; how they ended: «done», or the code of a refusal."""
        return Counter(self.answers([partial(_end, act) for act in acts]))

    def all_at_once(self, acts: Sequence[Callable[[], object]]) -> None:
        """Do these at the same instant; none of them may be refused."""
        assert self.at_once(acts) == {DONE: len(acts)}


def _end(act: Callable[[], object]) -> str:
    try:
        act()
    except Refusal as refusal:
        return refusal.code
    return DONE


def rested(*rows: Base) -> None:
    """Load rows whole, so that they can be read after their session."""
    for row in rows:
        db.session.refresh(row)


@pytest.fixture(params=DATABASES)
def rivals(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rivals]:
    """Rivals on a file of SQLite, then on PostgreSQL."""
    own = request.param == "sqlite"
    with real_app(tmp_path, "" if own else request.getfixturevalue("postgres_url")) as app:
        yield Rivals(app, Make(settings=state_of(app).settings, now=NOW))
