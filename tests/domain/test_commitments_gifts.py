"""Gifts, draws on the pool, leaving, promises of firms: who may, and what the accounts say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from incubator.domain.commitments import (
    dues,
    firm_pledges,
    gifts,
    leaving,
    ledger,
    ticking,
    verifying,
)
from incubator.domain.commitments.ledger_models import FirmStanding, Line
from incubator.domain.commitments.models import Rule
from incubator.domain.commitments.status_models import Status
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.network.members.models import Member
from tests.factories_commitments import confirmed, lines, pledged
from tests.factories_members import a_firm, works_at

if TYPE_CHECKING:
    from tests.factories import Make

FIRST = datetime(2026, 11, 1, 9, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 10, 9, tzinfo=UTC)


@pytest.fixture
def lyon(make: Make):
    make.now = FIRST
    return make.site()


@pytest.fixture
def ines(make: Make, lyon):
    return make.member(lyon)


@pytest.fixture
def leo(make: Make, lyon):
    return make.member(lyon)


@pytest.fixture
def sophie(make: Make, lyon):
    return make.member(lyon, role="manager")


def given(make: Make, giver, minutes: int, receiver=None, once: str = "a"):
    present = gifts.Present(minutes, receiver.id if receiver else None)
    with transaction():
        return gifts.give(make.actor(giver), present, once=once, now=make.now)


def asked(make: Make, member, minutes: int, once: str = "p"):
    with transaction():
        return gifts.ask_pool(
            make.actor(member), minutes=minutes, note="Un mois chargé", once=once, now=make.now
        )


def granted(make: Make, by, gift):
    with transaction():
        return gifts.grant(make.actor(by), gift.id, now=make.now)


def refusal(act, *args, **more) -> str:
    with pytest.raises(Refusal) as caught:
        act(*args, **more)
    return caught.value.code.removeprefix("commitments.")


def faultless(make: Make) -> bool:
    assert verifying.verify(make.now) == []
    return True


def test_a_gift_moves_minutes_once_and_sums_to_nothing(make, ines, leo, sophie) -> None:
    confirmed(make, ines, sophie)
    for _ in range(2):
        given(make, ines, 60, leo)
    assert (lines(ines)[-1], lines(leo)) == (("GIFT_OUT", -60), [("GIFT_IN", 60)])
    assert faultless(make)


def test_nobody_gives_what_they_do_not_have_nor_more_than_the_cap(make, ines, leo, sophie) -> None:
    assert refusal(given, make, ines, 60, leo) == "gift_too_much"
    confirmed(make, ines, sophie, minutes=900)
    assert refusal(given, make, ines, 725) == "gift_cap"
    assert refusal(given, make, ines, 7) == "gift_minutes"
    assert refusal(given, make, ines, 60, ines) == "receiver_self"
    given(make, ines, 720)
    assert refusal(given, make, ines, 5, once="b") == "gift_cap"


def test_a_draw_is_granted_by_another_and_never_beyond_the_pool(make, ines, leo, sophie) -> None:
    draw = asked(make, leo, 120)
    stranger = make.member(make.site("Lille"), role="manager")
    assert refusal(granted, make, sophie, draw) == "pool_short"
    confirmed(make, ines, sophie, minutes=180)
    given(make, ines, 180)
    with pytest.raises(NotAllowed):
        granted(make, leo, draw)
    with pytest.raises(NotFound):
        granted(make, stranger, draw)
    for _ in range(2):
        granted(make, sophie, draw)
    assert (lines(leo), gifts.pool_balance()) == ([("GIFT_IN", 120)], 60)
    assert faultless(make)


def test_a_draw_is_refused_with_a_reason_or_withdrawn(make, leo, ines, sophie, lyon) -> None:
    draw, other = asked(make, leo, 60), asked(make, leo, 30, once="q")
    assert [one.id for one in gifts.waiting(lyon.id)] == [draw.id, other.id]
    with transaction():
        gifts.withdraw(make.actor(leo), other.id, now=make.now)
    with pytest.raises(Refusal, match="reason_needed"), transaction():
        gifts.refuse(make.actor(sophie), draw.id, answer=" ", now=make.now)
    with transaction():
        gifts.refuse(make.actor(sophie), draw.id, answer="Parlons-en", now=make.now)
    assert refusal(granted, make, sophie, draw) == "decided_before"
    assert (draw.state, other.state, lines(leo)) == ("refused", "withdrawn", [])


def left(make: Make, member, on: date, *, to_pool: bool) -> None:
    with transaction():
        db.session.get_one(Member, member.id).active = False
        leaving.end_promises(member.id, on=on, now=make.now)
        leaving.settle(member.id, to_pool=to_pool, by_id=None, now=make.now)


def test_who_leaves_on_the_tenth_owes_to_the_ninth_and_no_debt_stays(make, ines, sophie) -> None:
    pledged(make, ines, sophie, minutes_per_period=600)
    make.now = FIRST + timedelta(days=9)
    left(make, ines, date(2026, 11, 10), to_pool=True)
    assert lines(ines) == [("DUE", -600), ("REVERSAL", 600), ("DUE", -180), ("EXIT", 180)]
    assert (ledger.balance(ines.id), gifts.pool_balance()) == (0, 0)
    assert faultless(make)


@pytest.mark.parametrize(("to_pool", "held"), [(True, 140), (False, 0)])
def test_credit_of_who_leaves_goes_to_the_pool_or_lapses(make, ines, sophie, to_pool, held) -> None:
    pledged(make, ines, sophie, minutes_per_period=30)
    confirmed(make, ines, sophie)
    make.now = FIRST + timedelta(days=40)
    ticking.tick(make.now)
    left(make, ines, make.now.date(), to_pool=to_pool)
    ticking.tick(make.now + timedelta(days=60))
    assert ledger.balance(ines.id) == 0
    assert gifts.pool_balance() == held
    assert faultless(make)


def test_hours_told_after_somebody_left_are_settled_when_the_month_closes(
    make, ines, sophie
) -> None:
    made = confirmed(make, ines, sophie, minutes=60)
    left(make, ines, make.now.date(), to_pool=True)
    assert made.state == "confirmed"
    with transaction():
        db.session.get_one(Member, ines.id).active = True
    confirmed(make, ines, sophie, minutes=60, day=make.now.date())
    ticking.tick(DECEMBER)
    assert (ledger.balance(ines.id), gifts.pool_balance()) == (0, 120)
    assert faultless(make)


def test_who_comes_back_promises_anew(make, ines, sophie) -> None:
    pledged(make, ines, sophie)
    left(make, ines, make.now.date() + timedelta(days=1), to_pool=True)
    with transaction():
        db.session.get_one(Member, ines.id).active = True
    pledged(make, ines, sophie, valid_from=date(2026, 11, 15))
    states = db.session.scalars(select(Status).where(Status.until_at.is_(None))).all()
    assert states == []
    assert faultless(make)


def firm_promise(make: Make, by, firm, **more) -> None:
    values = {"minutes_per_period": 600, "valid_from": make.now.date()} | more
    with transaction():
        firm_pledges.pledge_firm(make.actor(by), firm_id=firm.id, now=make.now, **values)


def test_hours_of_its_people_keep_the_promise_of_a_firm(make, ines, leo, sophie) -> None:
    firm = a_firm(make, ines)
    works_at(make, leo, firm)
    confirmed(make, leo, sophie, minutes=60)
    firm_promise(make, ines, firm)
    confirmed(make, ines, sophie, minutes=90)
    standing = db.session.scalars(select(FirmStanding)).one()
    assert (standing.owed, standing.help, standing.balance) == (600, 150, -450)
    assert ledger.balance(leo.id) == 0
    ticking.tick(DECEMBER)
    carried = select(Line.minutes).where(Line.kind == "CARRY_IN", Line.firm_id == firm.id)
    assert db.session.scalars(carried).one() == -450
    assert faultless(make)


def test_only_a_keeper_signs_for_a_firm_and_not_for_the_past(make, ines, leo) -> None:
    firm = a_firm(make, ines)
    works_at(make, leo, firm)
    with pytest.raises(NotAllowed):
        firm_promise(make, leo, firm)
    early = {"valid_from": date(2026, 10, 31)}
    assert refusal(firm_promise, make, ines, firm, **early) == "firm_pledge_past"
    firm_promise(make, ines, firm)
    firm_promise(make, ines, firm, minutes_per_period=300)
    assert db.session.scalars(select(FirmStanding.owed)).one() == 300


def test_help_is_capped_by_what_is_owed_and_again_when_that_changes(make, ines, sophie) -> None:
    with transaction():
        db.session.scalars(select(Rule)).one().help_cap_pct = 50
    pledged(make, ines, sophie, minutes_per_period=200)
    confirmed(make, ines, sophie, minutes=180)
    assert ledger.balance(ines.id) == -100
    pledged(make, ines, sophie, minutes_per_period=300)
    assert ledger.balance(ines.id) == -150
    with transaction():
        assert dues.post_due(now=make.now) == 0
    assert faultless(make)
