"""Rivals on one membership, with real threads on both databases."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select

from incubator.domain.membership import life_acts, life_tick
from incubator.domain.membership.life_models import Process
from incubator.kernel.db import db, transaction
from incubator.network.accounts.models import Account
from incubator.network.members.life_models import Merged
from incubator.network.members.models import Member
from incubator.reactions.audit.models import AuditEntry
from tests.conftest import NOW
from tests.factories_life import agreed, asked, merged
from tests.rivals import Rivals


@pytest.fixture
def house(rivals: Rivals) -> Any:
    """Two members, a manager of each of two sites and two administrators."""
    made = rivals.make
    with rivals.inside():
        here, there = made.site(), made.site("Nantes")
        people = [
            *(made.member(here) for _ in range(2)),
            *(made.member(site, role="manager") for site in (here, there)),
            *(made.member(role="administrator") for _ in range(2)),
        ]
        one, other, sophie, yann, first, second = (SimpleNamespace(id=p.id) for p in people)
        places = SimpleNamespace(here=here.id, there=there.id)
    return SimpleNamespace(
        make=made,
        one=one,
        other=other,
        sophie=sophie,
        yann=yann,
        admins=[first, second],
        **vars(places),
    )


def count(model: type, *conditions: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def test_of_many_requests_of_a_kind_one_lives(rivals: Rivals, house: Any) -> None:
    rivals.at_once([partial(asked, house.make, house.one, "leave") for _ in range(6)])
    with rivals.inside():
        assert count(Process) == 1


def test_ticks_at_once_move_somebody_once(rivals: Rivals, house: Any) -> None:
    with rivals.inside():
        process = asked(house.make, house.one, "transfer", to_site_id=house.there)
        agreed(house.make, process, house.yann)
    late = NOW + timedelta(days=12)
    rivals.all_at_once([partial(life_tick.tick, late)] * 4)
    with rivals.inside():
        assert count(AuditEntry, AuditEntry.action == "member_moved") == 1
        assert db.session.get_one(Member, house.one.id).home_site_id == house.there


def test_of_two_merges_at_once_one_happens(rivals: Rivals, house: Any) -> None:
    pairs = [(house.one, house.other), (house.other, house.one)] * 2
    by = house.admins[0]
    rivals.at_once([partial(merged, house.make, by, kept, gone) for kept, gone in pairs])
    with rivals.inside():
        assert count(Merged) == 1
        assert count(Account, Account.deactivated_at.is_not(None)) == 1
        assert count(AuditEntry, AuditEntry.action == "members_merged") == 1


def test_two_administrators_who_leave_at_once_do_not_both_go(rivals: Rivals, house: Any) -> None:
    today = NOW.date()
    rivals.at_once(
        [partial(asked, house.make, who, "exit", starts_on=today) for who in house.admins]
    )
    with rivals.inside():
        assert count(AuditEntry, AuditEntry.action == "member_exited") == 1


def test_agreed_and_called_off_at_once_leaves_one_answer(rivals: Rivals, house: Any) -> None:
    with rivals.inside():
        process = asked(house.make, house.one, "leave")
    rivals.at_once(
        [
            partial(agreed, house.make, process, house.sophie),
            partial(cancelled, house, process.id),
        ],
    )
    with rivals.inside():
        assert db.session.scalars(select(Process.state)).one() == "cancelled"


def cancelled(house: Any, process_id: int) -> None:
    with transaction():
        life_acts.cancel(house.make.actor(house.one), process_id, now=NOW)
