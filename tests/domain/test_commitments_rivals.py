"""Rivals on one declaration, with real threads on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Barrier
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from incubator.domain.commitments import closing, commands, dues, ticking, verifying
from incubator.domain.commitments.ledger_models import Line, Standing
from incubator.domain.commitments.models import Contribution, Period
from incubator.edge.state import KEY
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import Refusal
from tests.conftest import NOW
from tests.factories import Make
from tests.factories_commitments import declared, lines, pledged, today, total
from tests.real_app import real_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask

RIVALS = 8
DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=DATABASES)
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An application on a database of its own, with real connections."""
    own = request.param == "sqlite"
    url = "" if own else request.getfixturevalue("postgres_url")
    with real_app(tmp_path, url) as app:
        yield app


@pytest.fixture
def house(app: Flask) -> Any:
    """A member, two managers, and the means to act as them from any thread."""
    made = Make(settings=app.extensions[KEY].settings, now=NOW)
    with app.app_context():
        site = made.site()
        people = [made.member(site, role=role) for role in ("resident", "manager", "manager")]
        boss = SimpleNamespace(id=made.member(role="administrator").id)
        giver, one, other = (SimpleNamespace(id=person.id) for person in people)
    return SimpleNamespace(make=made, giver=giver, managers=[one, other], boss=boss, site=site)


def at_once(app: Flask, acts: list[Callable[[], object]]) -> None:
    """Do these at the same instant, each on a connection of its own."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        with app.app_context():
            start.wait(10)
            with suppress(Refusal):
                act()

    with ThreadPoolExecutor(len(acts)) as pool:
        list(pool.map(run, acts))


def decide(house: Any, how: str, contribution_id: int, by: Any) -> None:
    more = {"reason": "Non"} if how == "refuse" else {}
    with transaction():
        getattr(commands, how)(house.make.actor(by), contribution_id, now=NOW, **more)


def waiting(app: Flask, house: Any) -> int:
    with app.app_context():
        return declared(house.make, house.giver).id


def test_two_managers_confirm_at_once_and_one_line_is_written(app: Flask, house: Any) -> None:
    made = waiting(app, house)
    at_once(
        app,
        [partial(decide, house, "confirm", made, by) for by in house.managers * (RIVALS // 2)],
    )
    with app.app_context():
        assert lines(house.giver) == [("HELP", 180)]
        assert db.session.scalars(select(Standing.balance)).one() == 180


def test_of_a_yes_and_a_no_at_once_one_stands(app: Flask, house: Any) -> None:
    made = waiting(app, house)
    hows = zip(("confirm", "refuse"), house.managers, strict=True)
    at_once(app, [partial(decide, house, how, made, by) for how, by in hows])
    with app.app_context():
        state = db.session.scalars(select(Contribution.state)).one()
        assert (state, total(house.giver)) in {("confirmed", 180), ("refused", 0)}


def test_confirmed_and_withdrawn_at_once_leaves_nothing(app: Flask, house: Any) -> None:
    made = waiting(app, house)
    acts = [
        partial(decide, house, "confirm", made, house.managers[0]),
        *[partial(decide, house, "withdraw", made, house.giver)] * 3,
    ]
    at_once(app, acts)
    with app.app_context():
        assert db.session.scalars(select(Contribution.state)).one() == "withdrawn"
        assert total(house.giver) == 0


def test_a_day_is_not_overfilled_by_declaring_at_once(app: Flask, house: Any) -> None:
    acts = [partial(declared, house.make, house.giver, minutes=600, once=str(n)) for n in range(6)]
    at_once(app, acts)
    with app.app_context():
        assert db.session.scalar(select(func.sum(Contribution.minutes))) == 1200


def test_a_double_send_declares_once(app: Flask, house: Any) -> None:
    at_once(app, [partial(declared, house.make, house.giver, once="x")] * RIVALS)
    with app.app_context():
        assert len(db.session.scalars(select(Contribution.id)).all()) == 1


def test_ticks_at_once_charge_once(app: Flask, house: Any) -> None:
    with app.app_context():
        pledged(house.make, house.giver, house.managers[0], valid_from=today(house.make))

    def tick() -> None:
        with transaction():
            dues.post_due(now=NOW + timedelta(days=40))

    at_once(app, [tick] * 4)
    with app.app_context():
        assert [kind for kind, _minutes in lines(house.giver)] == ["DUE", "DUE"]
        assert db.session.scalar(select(func.count()).select_from(Line)) == 2


def test_promises_at_once_leave_one_and_its_charge(app: Flask, house: Any) -> None:
    acts = [
        partial(pledged, house.make, house.giver, by, minutes_per_period=minutes)
        for minutes, by in zip((600, 1200), house.managers, strict=True)
    ]
    at_once(app, acts)
    with app.app_context():
        assert total(house.giver) in {-380, -760}
        assert db.session.scalar(select(func.count()).select_from(Period)) == 1


DECEMBER = datetime(2026, 12, 10, 9, tzinfo=UTC)


def test_ticks_at_once_close_a_month_once(app: Flask, house: Any, monkeypatch) -> None:
    monkeypatch.setattr(closing, "BATCH", 2)
    with app.app_context():
        for _ in range(3):
            newcomer = house.make.member(house.site)
            pledged(house.make, newcomer, house.boss, valid_from=today(house.make))
    at_once(app, [partial(ticking.tick, DECEMBER)] * 4)
    with app.app_context():
        kinds = db.session.execute(select(Line.kind, func.count()).group_by(Line.kind)).all()
        assert dict(kinds) == {
            "DUE": 6,
            "CARRY_OUT": 3,
            "CARRY_IN": 3,
        }
        assert verifying.verify(DECEMBER) == []


def test_facts_told_while_a_month_is_closed_are_counted_once(app: Flask, house: Any) -> None:
    with app.app_context():
        pledged(house.make, house.giver, house.managers[0], valid_from=today(house.make))
        made = [declared(house.make, house.giver, minutes=60, once=str(n)).id for n in range(4)]
    acts: list[Callable[[], object]] = [partial(ticking.tick, DECEMBER)] * 2
    acts += [partial(decide, house, "confirm", one, house.managers[0]) for one in made]
    at_once(app, acts)
    with app.app_context():
        ticking.tick(DECEMBER)
        carried = db.session.scalar(
            select(func.sum(Line.minutes)).where(Line.kind.in_(("CARRY_IN", "CORRECTION")))
        )
        assert carried == 240 - 456
        assert verifying.verify(DECEMBER) == []
