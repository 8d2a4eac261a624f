"""What a standing says of hours signed up for: as the sign-ups are, whoever changes them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from incubator.domain.commitments import (
    journal,
    planned,
    rules,
    signups,
    slot_closures,
    slot_commands,
    slot_sheets,
    ticking,
    verifying,
)
from incubator.domain.commitments.ledger_models import Standing
from incubator.domain.commitments.models import Period
from incubator.kernel.db import db, transaction
from incubator.network.sites import commands as sites
from tests.factories_commitments import pledged
from tests.factories_slots import a_slot, day_plan, signed_up

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def lyon(make):
    return make.site()


@pytest.fixture
def sophie(make, lyon):
    return make.member(lyon, role="manager")


@pytest.fixture
def ines(make, lyon, sophie):
    member = make.member(lyon)
    pledged(make, member, sophie)
    return member


@pytest.fixture
def slot(make, sophie, lyon):
    return a_slot(make, sophie, lyon)


def do(what, *arguments, **more):
    with transaction():
        return what(*arguments, **more)


def ahead(member) -> list[int]:
    """The minutes of a member's periods, in their order."""
    query = (
        select(Standing.planned)
        .join(Period, Period.id == Standing.period_id)
        .where(Standing.member_id == member.id)
        .order_by(Period.starts_on)
    )
    return list(db.session.scalars(query))


def test_a_place_taken_is_planned_and_one_given_back_is_not(make, ines, slot) -> None:
    signup = signed_up(make, ines, slot)
    assert ahead(ines) == [180]
    do(signups.cannot_come, make.actor(ines), signup.id, now=make.now)
    assert ahead(ines) == [0]


def test_who_looks_for_a_stand_in_plans_nothing_and_who_stands_in_does(
    make, ines, sophie, lyon, slot
) -> None:
    leo = make.member(lyon)
    pledged(make, leo, sophie)
    signup = signed_up(make, ines, slot)
    late = slot.starts_at - HOUR
    do(signups.cannot_come, make.actor(ines), signup.id, now=late)
    assert ahead(ines) == [0]
    do(signups.come_after_all, make.actor(ines), signup.id, now=late)
    assert ahead(ines) == [180]
    do(signups.cannot_come, make.actor(ines), signup.id, now=late)
    do(signups.take_over, make.actor(leo), signup.id, once="x", now=late)
    assert (ahead(ines), ahead(leo)) == ([0], [180])


def test_other_hours_of_a_slot_are_planned_and_a_slot_called_off_is_not(
    make, ines, sophie, slot
) -> None:
    signed_up(make, ines, slot)
    plan = day_plan(make, duration=60)
    do(slot_commands.change_slot, make.actor(sophie), slot.id, plan=plan, now=make.now)
    assert ahead(ines) == [60]
    do(slot_commands.cancel_slot, make.actor(sophie), slot.id, reason="Grève", now=make.now)
    assert ahead(ines) == [0]


def test_a_closure_or_a_relief_takes_what_was_planned(make, ines, sophie, lyon, slot) -> None:
    later = a_slot(make, sophie, lyon, day=slot.local_date + DAY)
    for each in (slot, later):
        signed_up(make, ines, each)
    days = {"starts_on": slot.local_date, "ends_on": slot.local_date + DAY}
    closure = do(sites.close_days, None, site_id=lyon.id, **days)
    do(slot_closures.shut, closure.id, by_id=None, now=make.now)
    assert ahead(ines) == [180]
    do(signups.release, ines.id, since=make.now, until=None, by_id=None, now=make.now)
    assert ahead(ines) == [0]


def test_a_locked_sheet_counts_what_was_planned(make, ines, sophie, slot) -> None:
    signed_up(make, ines, slot)
    over = slot.ends_at + HOUR
    make.now = over
    do(slot_sheets.settle, make.actor(sophie), slot.id, answers={}, team_size=None, now=over)
    (standing,) = db.session.scalars(select(Standing).where(Standing.member_id == ines.id))
    assert (standing.planned, standing.help) == (0, 180)


def test_what_has_passed_is_no_longer_planned_once_the_clock_is_looked_at(make, ines, slot) -> None:
    signed_up(make, ines, slot)
    assert [planned.refresh(slot.ends_at - HOUR), ahead(ines)] == [0, [180]]
    assert [planned.refresh(slot.ends_at), ahead(ines)] == [1, [0]]


def test_a_slot_of_the_month_to_come_is_planned_there(make, ines, sophie, lyon) -> None:
    signed_up(make, ines, a_slot(make, sophie, lyon, day=date(2026, 12, 3)))
    assert ahead(ines) == [0]
    make.now = make.now.replace(month=12, day=1)
    ticking.tick(make.now)
    assert ahead(ines) == [0, 180]


def test_the_page_of_a_month_and_the_standing_say_the_same(make, ines, sophie, lyon, slot) -> None:
    for each in (slot, a_slot(make, sophie, lyon, day=slot.local_date + DAY)):
        signed_up(make, ines, each)
    (period,) = db.session.scalars(select(Period))
    told = journal.journal(ines.id, period, rules.month_of(make.now.date()), now=make.now)
    assert [told.planned_minutes] == ahead(ines) == [360]


def test_rebuilding_reckons_it_from_the_sign_ups(make, ines, slot) -> None:
    signed_up(make, ines, slot)
    with transaction():
        db.session.execute(update(Standing).values(planned=7))
        verifying.rebuild(make.now)
    assert ahead(ines) == [180]
