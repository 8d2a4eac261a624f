"""Many presses at the same instant, with real threads on both databases."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select

from incubator.domain.commitments import presence
from incubator.domain.commitments.ledger_models import Line
from incubator.domain.commitments.presence_models import Presence, Punch
from incubator.domain.commitments.presses import Press
from incubator.kernel.db import db, transaction
from tests.conftest import NOW
from tests.rivals import Rivals

RIVALS = 16
pytestmark = pytest.mark.slow


@pytest.fixture
def house(rivals: Rivals) -> Any:
    """A member and two sites, for any thread."""
    made = rivals.make
    with rivals.inside():
        lyon, nantes = made.site(), made.site("Nantes")
        actor = made.actor(made.member(lyon))
        return SimpleNamespace(actor=actor, sites=[lyon.id, nantes.id])


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


def test_sixteen_check_ins_at_once_are_one_session(rivals: Rivals, house: Any) -> None:
    acts = [partial(come, house, f"press-{n}", house.sites[0]) for n in range(RIVALS)]
    answers = rivals.answers(acts)
    assert sorted(outcome for outcome, _ in answers) == ["applied"] + ["repeated"] * (RIVALS - 1)
    assert len({session_id for _, session_id in answers}) == 1
    with rivals.inside():
        assert (count(Presence), count(Punch)) == (1, RIVALS)


def test_one_press_sent_by_many_is_one_press(rivals: Rivals, house: Any) -> None:
    answers = rivals.answers([partial(come, house, "press", house.sites[0])] * RIVALS)
    assert {outcome for outcome, _ in answers} == {"applied"}
    with rivals.inside():
        assert (count(Presence), count(Punch)) == (1, 1)


def test_two_sites_at_once_leave_one_session_open(rivals: Rivals, house: Any) -> None:
    acts = [partial(come, house, f"press-{n}", house.sites[n % 2]) for n in range(4)]
    rivals.all_at_once(acts)
    with rivals.inside():
        states = list(db.session.scalars(select(Presence.state)))
    assert states.count("open") == 1
    assert set(states) == {"open", "presumed"}


def test_leaving_many_times_at_once_counts_once(rivals: Rivals, house: Any) -> None:
    with rivals.inside():
        come(house, "in", house.sites[0])
    rivals.all_at_once([partial(go, house, f"out-{n}") for n in range(8)])
    with rivals.inside():
        assert list(db.session.scalars(select(Line.minutes))) == [120]
