"""The form that opens a round of netting: what is typed wrong, and which day is today."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from incubator.domain.exchanges.rounds.models import Round
from incubator.edge import clock
from incubator.kernel.db import db
from tests.factories_rounds import RING, Network, network
from tests.web.test_rounds import OPEN, hidden_in, opening

SignIn = Any
pytestmark = pytest.mark.usefixtures("present")


@pytest.fixture
def net(make: Any, frozen: Any) -> Network:
    del frozen
    return network(make, debts=RING)


def test_what_is_typed_wrong_about_a_round_stands_beside_its_field(
    net: Network, sign_in: SignIn
) -> None:
    boss = sign_in(net.boss)
    for field, typed in (
        ("cutoff", "2026-11-13"),
        ("cutoff", "hier"),
        ("answer_days", "1"),
        ("answer_days", "31"),
        ("answer_days", "sept"),
        ("mode", "credit"),
        ("mode", "free"),
    ):
        wrong = boss.post(OPEN, data=opening(**{field: typed}))
        assert (wrong.status_code, typed) == (422, typed)
        assert f'id="{field}-error"' in wrong.text, (field, typed)
    assert db.session.scalar(select(func.count()).select_from(Round)) == 0


def test_late_in_the_evening_today_is_the_day_of_the_reader(net: Network, sign_in: SignIn) -> None:
    boss = sign_in(net.boss)
    # In Paris the day is over at 23:00 UTC.
    with clock.stopped_at(net.make.now.replace(hour=23, minute=30)):
        page = boss.get(OPEN).text
        assert hidden_in(page, "cutoff") == "2026-11-13"
        after = net.make.now.date() + timedelta(days=2)
        assert boss.post(OPEN, data=opening(cutoff=str(after))).status_code == 422
        assert boss.post(OPEN, data=opening(cutoff="2026-11-13")).status_code == 303
    assert db.session.scalars(select(Round)).one().cutoff == date(2026, 11, 13)
