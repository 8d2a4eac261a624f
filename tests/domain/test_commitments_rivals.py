"""Rivals on one declaration, with real threads on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select

from incubator.domain.commitments import closing, commands, dues, ticking, verifying
from incubator.domain.commitments.ledger_models import Line, Standing
from incubator.domain.commitments.models import Contribution, Period
from incubator.kernel.db import db, transaction
from tests.conftest import NOW
from tests.factories_commitments import declared, lines, pledged, today, total
from tests.rivals import Rivals

RIVALS = 8


@pytest.fixture
def house(rivals: Rivals) -> Any:
    """A member, two managers, and the means to act as them from any thread."""
    made = rivals.make
    with rivals.inside():
        site = SimpleNamespace(id=made.site().id)
        people = [made.member(site, role=role) for role in ("resident", "manager", "manager")]
        boss = SimpleNamespace(id=made.member(role="administrator").id)
        giver, one, other = (SimpleNamespace(id=person.id) for person in people)
    return SimpleNamespace(
        make=made, giver=giver, managers=[one, other], boss=boss, site=SimpleNamespace(id=site.id)
    )


def decide(house: Any, how: str, contribution_id: int, by: Any) -> None:
    more = {"reason": "Non"} if how == "refuse" else {}
    with transaction():
        getattr(commands, how)(house.make.actor(by), contribution_id, now=NOW, **more)


def waiting(rivals: Rivals, house: Any) -> int:
    with rivals.inside():
        return declared(house.make, house.giver).id


def test_two_managers_confirm_at_once_and_one_line_is_written(rivals: Rivals, house: Any) -> None:
    made = waiting(rivals, house)
    rivals.at_once(
        [partial(decide, house, "confirm", made, by) for by in house.managers * (RIVALS // 2)],
    )
    with rivals.inside():
        assert lines(house.giver) == [("HELP", 180)]
        assert db.session.scalars(select(Standing.balance)).one() == 180


def test_of_a_yes_and_a_no_at_once_one_stands(rivals: Rivals, house: Any) -> None:
    made = waiting(rivals, house)
    hows = zip(("confirm", "refuse"), house.managers, strict=True)
    rivals.at_once([partial(decide, house, how, made, by) for how, by in hows])
    with rivals.inside():
        state = db.session.scalars(select(Contribution.state)).one()
        assert (state, total(house.giver)) in {("confirmed", 180), ("refused", 0)}


def test_confirmed_and_withdrawn_at_once_leaves_nothing(rivals: Rivals, house: Any) -> None:
    made = waiting(rivals, house)
    acts = [
        partial(decide, house, "confirm", made, house.managers[0]),
        *[partial(decide, house, "withdraw", made, house.giver)] * 3,
    ]
    rivals.at_once(acts)
    with rivals.inside():
        assert db.session.scalars(select(Contribution.state)).one() == "withdrawn"
        assert total(house.giver) == 0


def test_a_day_is_not_overfilled_by_declaring_at_once(rivals: Rivals, house: Any) -> None:
    acts = [partial(declared, house.make, house.giver, minutes=600, once=str(n)) for n in range(6)]
    rivals.at_once(acts)
    with rivals.inside():
        assert db.session.scalar(select(func.sum(Contribution.minutes))) == 1200


def test_a_double_send_declares_once(rivals: Rivals, house: Any) -> None:
    rivals.all_at_once([partial(declared, house.make, house.giver, once="x")] * RIVALS)
    with rivals.inside():
        assert len(db.session.scalars(select(Contribution.id)).all()) == 1


def test_ticks_at_once_charge_once(rivals: Rivals, house: Any) -> None:
    with rivals.inside():
        pledged(house.make, house.giver, house.managers[0], valid_from=today(house.make))

    def tick() -> None:
        with transaction():
            dues.post_due(now=NOW + timedelta(days=40))

    rivals.all_at_once([tick] * 4)
    with rivals.inside():
        assert [kind for kind, _minutes in lines(house.giver)] == ["DUE", "DUE"]
        assert db.session.scalar(select(func.count()).select_from(Line)) == 2


def test_promises_at_once_leave_one_and_its_charge(rivals: Rivals, house: Any) -> None:
    acts = [
        partial(pledged, house.make, house.giver, by, minutes_per_period=minutes)
        for minutes, by in zip((600, 1200), house.managers, strict=True)
    ]
    rivals.at_once(acts)
    with rivals.inside():
        assert total(house.giver) in {-380, -760}
        assert db.session.scalar(select(func.count()).select_from(Period)) == 1


DECEMBER = datetime(2026, 12, 10, 9, tzinfo=UTC)


def test_ticks_at_once_close_a_month_once(rivals: Rivals, house: Any, monkeypatch) -> None:
    monkeypatch.setattr(closing, "BATCH", 2)
    with rivals.inside():
        for _ in range(3):
            newcomer = house.make.member(house.site)
            pledged(house.make, newcomer, house.boss, valid_from=today(house.make))
    rivals.at_once([partial(ticking.tick, DECEMBER)] * 4)
    with rivals.inside():
        kinds = db.session.execute(select(Line.kind, func.count()).group_by(Line.kind)).all()
        assert dict(kinds) == {
            "DUE": 6,
            "CARRY_OUT": 3,
            "CARRY_IN": 3,
        }
        assert verifying.verify(DECEMBER) == []


def test_facts_told_while_a_month_is_closed_are_counted_once(rivals: Rivals, house: Any) -> None:
    with rivals.inside():
        pledged(house.make, house.giver, house.managers[0], valid_from=today(house.make))
        made = [declared(house.make, house.giver, minutes=60, once=str(n)).id for n in range(4)]
    acts: list[Any] = [partial(ticking.tick, DECEMBER)] * 2
    acts += [partial(decide, house, "confirm", one, house.managers[0]) for one in made]
    rivals.at_once(acts)
    with rivals.inside():
        ticking.tick(DECEMBER)
        carried = db.session.scalar(
            select(func.sum(Line.minutes)).where(Line.kind.in_(("CARRY_IN", "CORRECTION")))
        )
        assert carried == 240 - 456
        assert verifying.verify(DECEMBER) == []
