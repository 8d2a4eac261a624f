"""Rivals for a place, a stand-in and a sheet, with real threads on both databases."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select

from incubator.domain.commitments import (
    firm_pledges,
    signups,
    slot_expansion,
    slot_sheets,
    slot_walk_ins,
)
from incubator.domain.commitments.ledger_models import FirmStanding
from incubator.domain.commitments.models import Contribution
from incubator.domain.commitments.slot_models import Signup, Slot
from incubator.kernel.db import db, transaction
from tests.conftest import NOW
from tests.factories_members import a_firm, works_at
from tests.factories_slots import a_series, a_slot, signed_up
from tests.rivals import Rivals

RIVALS = 6


@pytest.fixture
def house(rivals: Rivals) -> Any:
    """A site with a slot for two, its manager, and many who would come."""
    made = rivals.make
    with rivals.inside():
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


def test_many_sign_up_at_once_and_the_places_are_taken_once(rivals: Rivals, house: Any) -> None:
    rivals.at_once([partial(signed_up, house.make, who, house.slot) for who in house.people])
    with rivals.inside():
        assert places() == [1, 2]


def test_two_of_a_firm_who_sign_up_at_once_are_both_planned(rivals: Rivals, house: Any) -> None:
    with rivals.inside():
        firm_id = a_firm(house.make, house.people[0]).id
        works_at(house.make, house.people[1], SimpleNamespace(id=firm_id))
        with transaction():
            firm_pledges.pledge_firm(
                house.make.actor(house.people[0]),
                firm_id=firm_id,
                minutes_per_period=720,
                valid_from=NOW.date().replace(day=1),
                now=NOW,
            )
        day = house.slot.starts_at.date() + timedelta(days=1)
        later = SimpleNamespace(id=a_slot(house.make, house.manager, house.site, day=day).id)
    pairs = zip(house.people[:2], (house.slot, later), strict=True)
    rivals.at_once([partial(signed_up, house.make, who, slot) for who, slot in pairs])
    with rivals.inside():
        assert db.session.scalars(select(FirmStanding.planned)).all() == [360]


def test_one_of_many_stands_in(rivals: Rivals, house: Any) -> None:
    late = house.slot.starts_at.replace(hour=1)
    with rivals.inside():
        signup = signed_up(house.make, house.people[0], house.slot)
        with transaction():
            signups.cannot_come(house.make.actor(house.people[0]), signup.id, now=late)

    def stand_in(who: Any) -> None:
        with transaction():
            actor = house.make.actor(who)
            signups.take_over(actor, signup.id, once=f"s{who.id}", now=late)

    rivals.at_once([partial(stand_in, who) for who in house.people[1:]])
    with rivals.inside():
        assert places() == [1]
        assert db.session.scalar(select(func.count()).where(Signup.replaces_id.is_not(None))) == 1


def test_one_person_at_once_in_two_slots_of_one_time_gets_one(rivals: Rivals, house: Any) -> None:
    with rivals.inside():
        other = a_slot(house.make, house.manager, house.site)
        other = SimpleNamespace(id=other.id)
    acts = [partial(signed_up, house.make, house.people[0], slot) for slot in (house.slot, other)]
    rivals.at_once(acts * 2)
    with rivals.inside():
        assert places() == [1]


def test_a_sheet_locked_at_once_counts_once(rivals: Rivals, house: Any) -> None:
    with rivals.inside():
        signed_up(house.make, house.people[0], house.slot)

    def lock() -> None:
        with transaction():
            actor = house.make.actor(house.manager)
            slot_sheets.settle(
                actor, house.slot.id, answers={}, team_size=1, now=house.slot.ends_at
            )

    rivals.at_once([lock] * 4)
    with rivals.inside():
        assert db.session.scalars(select(Contribution.minutes)).all() == [180]


def test_expanding_at_once_adds_each_slot_once(rivals: Rivals, house: Any) -> None:
    with rivals.inside():
        a_series(house.make, house.manager, house.site)

    def expand() -> None:
        with transaction():
            slot_expansion.expand_series(NOW.replace(day=26))

    rivals.all_at_once([expand] * 4)
    with rivals.inside():
        assert db.session.scalar(select(func.count()).where(Slot.series_id.is_not(None))) == 10


def test_walk_ins_added_at_once_have_a_line_and_a_place_each(rivals: Rivals, house: Any) -> None:
    def add(turn: int) -> None:
        with transaction():
            slot_walk_ins.add(
                house.make.actor(house.manager),
                house.slot.id,
                member_id=house.people[turn % 2].id,
                once=f"walk-in-{turn}",
                now=house.slot.ends_at,
            )

    rivals.at_once([partial(add, turn) for turn in range(RIVALS)])
    with rivals.inside():
        assert places() == [1, 2]
