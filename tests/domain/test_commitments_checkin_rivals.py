"""Many presses at the same instant, with real threads on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from incubator.domain.commitments import presence
from incubator.domain.commitments.ledger_models import Line
from incubator.domain.commitments.presence_models import Presence, Punch
from incubator.domain.commitments.presses import Press
from incubator.edge.state import KEY
from incubator.kernel.db import db, transaction
from tests.conftest import NOW
from tests.factories import Make
from tests.real_app import real_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask

RIVALS = 16
DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
pytestmark = pytest.mark.slow


@pytest.fixture(params=DATABASES)
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An application on a database of its own, with real connections."""
    own = request.param == "sqlite"
    with real_app(tmp_path, "" if own else request.getfixturevalue("postgres_url")) as app:
        yield app


@pytest.fixture
def house(app: Flask) -> Any:
    """A member and two sites, for any thread."""
    made = Make(settings=app.extensions[KEY].settings, now=NOW)
    with app.app_context():
        lyon, nantes = made.site(), made.site("Nantes")
        actor = made.actor(made.member(lyon))
        return SimpleNamespace(actor=actor, sites=[lyon.id, nantes.id])


def at_once(app: Flask, acts: list[Callable[[], Any]]) -> list[Any]:
    """Do these at the same instant, each on a connection of its own; what each answered."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        with app.app_context():
            start.wait(20)
            return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def come(house: Any, uid: str, site_id: int) -> tuple[str, int | None]:
    with transaction():
        press = Press(uid=uid, site_id=site_id, source="web")
        answer = presence.check_in(house.actor, press, now=NOW)
        return answer.outcome, answer.session.id if answer.session else None


def go(house: Any, uid: str) -> tuple[str, int | None]:
    with transaction():
        press = Press(uid=uid, site_id=house.sites[0], source="web")
        answer = presence.check_out(house.actor, press, now=NOW + timedelta(hours=2))
        return answer.outcome, answer.session.id if answer.session else None


def count(row: type) -> int:
    return db.session.scalar(select(func.count()).select_from(row)) or 0


def test_sixteen_check_ins_at_once_are_one_session(app: Flask, house: Any) -> None:
    acts = [partial(come, house, f"press-{n}", house.sites[0]) for n in range(RIVALS)]
    answers = at_once(app, acts)
    assert sorted(outcome for outcome, _ in answers) == ["applied"] + ["repeated"] * (RIVALS - 1)
    assert len({session_id for _, session_id in answers}) == 1
    with app.app_context():
        assert (count(Presence), count(Punch)) == (1, RIVALS)


def test_one_press_sent_by_many_is_one_press(app: Flask, house: Any) -> None:
    answers = at_once(app, [partial(come, house, "press", house.sites[0])] * RIVALS)
    assert {outcome for outcome, _ in answers} == {"applied"}
    with app.app_context():
        assert (count(Presence), count(Punch)) == (1, 1)


def test_two_sites_at_once_leave_one_session_open(app: Flask, house: Any) -> None:
    acts = [partial(come, house, f"press-{n}", house.sites[n % 2]) for n in range(4)]
    at_once(app, acts)
    with app.app_context():
        states = list(db.session.scalars(select(Presence.state)))
    assert states.count("open") == 1
    assert set(states) == {"open", "presumed"}


def test_leaving_many_times_at_once_counts_once(app: Flask, house: Any) -> None:
    with app.app_context():
        come(house, "in", house.sites[0])
    at_once(app, [partial(go, house, f"out-{n}") for n in range(8)])
    with app.app_context():
        assert list(db.session.scalars(select(Line.minutes))) == [120]
