"""Rivals for a place, a stand-in and a sheet, with real threads on both databases."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from incubator.domain.commitments import signups, slot_expansion, slot_sheets
from incubator.domain.commitments.models import Contribution
from incubator.domain.commitments.slot_models import Signup, Slot
from incubator.edge.state import KEY
from incubator.kernel.db import db, transaction
from tests.conftest import NOW
from tests.domain.test_commitments_rivals import DATABASES, at_once
from tests.factories import Make
from tests.factories_slots import a_series, a_slot, signed_up
from tests.real_app import real_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

RIVALS = 6


@pytest.fixture(params=DATABASES)
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An application on a database of its own, with real connections."""
    own = request.param == "sqlite"
    url = "" if own else request.getfixturevalue("postgres_url")
    with real_app(tmp_path, url) as app:
        yield app


@pytest.fixture
def house(app: Flask) -> Any:
    """A site with a slot for two, its manager, and many who would come."""
    made = Make(settings=app.extensions[KEY].settings, now=NOW)
    with app.app_context():
        site = made.site()
        sophie = made.member(site, role="manager")
        people = [SimpleNamespace(id=made.member(site).id) for _ in range(RIVALS)]
        slot = a_slot(made, sophie, site)
        return SimpleNamespace(
            make=made,
            site=SimpleNamespace(id=site.id),
            manager=SimpleNamespace(id=sophie.id),
            people=people,
            slot=SimpleNamespace(id=slot.id, starts_at=slot.starts_at, ends_at=slot.ends_at),
        )


def places() -> list[int]:
    return sorted(db.session.scalars(select(Signup.place).where(Signup.state == "booked")))


def test_many_sign_up_at_once_and_the_places_are_taken_once(app: Flask, house: Any) -> None:
    at_once(app, [partial(signed_up, house.make, who, house.slot) for who in house.people])
    with app.app_context():
        assert places() == [1, 2]


def test_one_of_many_stands_in(app: Flask, house: Any) -> None:
    late = house.slot.starts_at.replace(hour=1)
    with app.app_context():
        signup = signed_up(house.make, house.people[0], house.slot)
        with transaction():
            signups.cannot_come(house.make.actor(house.people[0]), signup.id, now=late)

    def stand_in(who: Any) -> None:
        with transaction():
            actor = house.make.actor(who)
            signups.take_over(actor, signup.id, once=f"s{who.id}", now=late)

    at_once(app, [partial(stand_in, who) for who in house.people[1:]])
    with app.app_context():
        assert places() == [1]
        assert db.session.scalar(select(func.count()).where(Signup.replaces_id.is_not(None))) == 1


def test_one_person_at_once_in_two_slots_of_the_same_hours_gets_one(app: Flask, house: Any) -> None:
    with app.app_context():
        other = a_slot(house.make, house.manager, house.site)
        other = SimpleNamespace(id=other.id)
    acts = [partial(signed_up, house.make, house.people[0], slot) for slot in (house.slot, other)]
    at_once(app, acts * 2)
    with app.app_context():
        assert places() == [1]


def test_a_sheet_locked_at_once_counts_once(app: Flask, house: Any) -> None:
    with app.app_context():
        signed_up(house.make, house.people[0], house.slot)

    def lock() -> None:
        with transaction():
            actor = house.make.actor(house.manager)
            slot_sheets.settle(
                actor, house.slot.id, answers={}, team_size=1, now=house.slot.ends_at
            )

    at_once(app, [lock] * 4)
    with app.app_context():
        assert db.session.scalars(select(Contribution.minutes)).all() == [180]


def test_expanding_at_once_adds_each_slot_once(app: Flask, house: Any) -> None:
    with app.app_context():
        a_series(house.make, house.manager, house.site)

    def expand() -> None:
        with transaction():
            slot_expansion.expand_series(NOW.replace(day=26))

    at_once(app, [expand] * 4)
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(Slot.series_id.is_not(None))) == 10
