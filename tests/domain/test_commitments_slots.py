"""Recurring duties and single slots: made in local time, moved, closed, called off."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from incubator.domain.commitments import (
    slot_closures,
    slot_commands,
    slot_expansion,
    slot_series,
)
from incubator.domain.commitments.rules import Span
from incubator.domain.commitments.slot_closures import Touched
from incubator.domain.commitments.slot_models import Signup, Slot
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.network.sites import commands as sites
from tests.factories_slots import a_series, a_slot, day_plan, signed_up, slots_of, weekly

DAY = timedelta(days=1)


@pytest.fixture
def lyon(make):
    return make.site()


@pytest.fixture
def sophie(make, lyon):
    return make.member(lyon, role="manager")


@pytest.fixture
def ines(make, lyon):
    return make.member(lyon)


def local_hours(slots, zone="Europe/Paris"):
    return {slot.starts_at.astimezone(ZoneInfo(zone)).strftime("%H:%M") for slot in slots}


def change(make, by, series, now=None, **more):
    with transaction():
        plan = weekly(make, **more)
        slot_series.change_series(make.actor(by), series.id, plan=plan, now=now or make.now)


def expand(now) -> int:
    with transaction():
        return slot_expansion.expand_series(now)


def test_a_series_has_slots_for_eight_weeks_and_expanding_again_adds_none(make, sophie, lyon):
    series = a_series(make, sophie, lyon)
    slots = slots_of(series)
    assert [slot.local_date for slot in slots][:2] == [date(2026, 11, 16), date(2026, 11, 23)]
    assert len(slots) == 8
    assert expand(make.now) == 0
    assert expand(make.now + timedelta(weeks=1)) == 1
    assert len(slots_of(series)) == 9


@pytest.mark.parametrize(
    ("zone", "now", "offsets"),
    [
        ("Europe/Paris", datetime(2026, 10, 12, tzinfo=UTC), {7, 8}),
        ("America/Toronto", datetime(2026, 10, 19, tzinfo=UTC), {13, 14}),
        ("Africa/Dakar", datetime(2026, 10, 12, tzinfo=UTC), {9}),
    ],
)
def test_the_wall_clock_says_when_across_a_change_of_clocks(make, zone, now, offsets):
    make.now = now
    site = make.site("Ailleurs", time_zone=zone)
    slots = slots_of(a_series(make, make.member(site, role="manager"), site))
    assert local_hours(slots, zone) == {"09:00"}
    assert {slot.starts_at.hour for slot in slots} == offsets
    assert {slot.ends_at - slot.starts_at for slot in slots} == {timedelta(hours=3)}


def test_a_new_hour_moves_the_slots_and_whoever_signed_up_keeps_the_place(make, sophie, ines, lyon):
    series = a_series(make, sophie, lyon)
    before = slots_of(series)
    signup = signed_up(make, ines, before[0])
    change(make, sophie, series, local_start=600, title="Café", capacity_max=3)
    after = slots_of(series)
    assert [slot.id for slot in after] == [slot.id for slot in before]
    assert local_hours(after) == {"10:00"}
    assert {(slot.title, slot.capacity_max) for slot in after} == {("Café", 3)}
    assert db.session.get_one(Signup, signup.id).state == "booked"


def test_another_weekday_calls_the_old_slots_off_and_excuses_who_came(make, sophie, ines, lyon):
    series = a_series(make, sophie, lyon)
    signup = signed_up(make, ines, slots_of(series)[0])
    change(make, sophie, series, weekdays=frozenset({1}))
    assert {slot.local_date.weekday() for slot in slots_of(series)} == {1}
    assert len(slots_of(series, "cancelled")) == 8
    assert db.session.get_one(Signup, signup.id).state == "excused"


def test_closed_days_and_feasts_have_no_slot_until_they_are_lifted(make, sophie, lyon):
    series = a_series(make, sophie, lyon, weekdays=frozenset({2}), valid_from=date(2026, 11, 11))
    # Armistice day is behind us; Christmas is a Friday.
    friday = a_series(make, sophie, lyon, weekdays=frozenset({4}))
    assert date(2026, 12, 25) not in {slot.local_date for slot in slots_of(friday)}
    with transaction():
        closure = sites.close_days(
            None,
            site_id=lyon.id,
            starts_on=date(2026, 11, 16),
            ends_on=date(2026, 11, 23),
            kind="works",
            reason="Peinture",
        )
    assert expand(make.now) == 2
    assert slots_of(series)[0].local_date == date(2026, 11, 25)
    with transaction():
        sites.reopen_days(None, site_id=lyon.id, closure_id=closure.id)
    assert expand(make.now) == 2
    assert slots_of(series)[0].local_date == date(2026, 11, 18)


def shut(make, site, first: date, days: int = 1, **more):
    """A closure, and what it does to slots."""
    with transaction():
        closure = sites.close_days(
            None,
            site_id=site.id if site else None,
            starts_on=first,
            ends_on=first + days * DAY,
            **more,
        )
        slot_closures.shut(closure.id, by_id=None, now=make.now)
    return closure


def lift(make, closure) -> int:
    with transaction():
        sites.reopen_days(None, site_id=closure.site_id, closure_id=closure.id)
        return slot_closures.lift(closure.id, now=make.now)


def test_a_closure_of_all_sites_calls_off_what_it_told_beforehand(make, sophie, lyon, ines):
    montreal = make.site("Montréal", time_zone="America/Montreal")
    chief = make.member(role="administrator")
    here, there = a_slot(make, sophie, lyon), a_slot(make, chief, montreal)
    later = a_slot(make, sophie, lyon, day=here.local_date + DAY)
    for slot in (here, there):
        signed_up(make, ines, slot)
    span = Span(here.local_date, here.local_date + DAY)
    assert slot_closures.touched(None, span, now=make.now) == Touched(slots=2, people=1, sites=2)
    assert slot_closures.touched(lyon.id, span, now=make.now) == Touched(1, 1, 1)
    shut(make, None, here.local_date, reason="Fête du réseau")
    assert [(each.state, each.reason) for each in (here, there, later)] == [
        ("cancelled", "Fête du réseau"),
        ("cancelled", "Fête du réseau"),
        ("planned", ""),
    ]
    assert db.session.scalars(select(Signup.state)).all() == ["excused", "excused"]


def test_an_evening_slot_belongs_to_the_day_of_its_site(make, ines):
    montreal = make.site("Montréal", time_zone="America/Montreal")
    chief = make.member(role="administrator")
    # 22:00 in Montréal is already tomorrow in Paris and in UTC.
    late = a_slot(make, chief, montreal, local_start=22 * 60, duration=60)
    shut(make, montreal, late.local_date + DAY)
    assert late.state == "planned"
    shut(make, montreal, late.local_date)
    assert late.state == "cancelled"


def test_a_day_that_two_closures_shut_opens_with_the_last(make, sophie, lyon):
    slot = a_slot(make, sophie, lyon)
    works = shut(make, lyon, slot.local_date, kind="works")
    everywhere = shut(make, None, slot.local_date, kind="holiday")
    assert (lift(make, works), slot.state) == (0, "cancelled")
    assert (lift(make, everywhere), slot.state, slot.closure_id) == (1, "planned", None)


def test_what_a_manager_called_off_stays_so_when_a_closure_is_lifted(make, sophie, lyon):
    slot = a_slot(make, sophie, lyon)
    with transaction():
        slot_commands.cancel_slot(make.actor(sophie), slot.id, reason="Grève", now=make.now)
    closure = shut(make, lyon, slot.local_date)
    assert (lift(make, closure), slot.state, slot.reason) == (0, "cancelled", "Grève")


def test_nothing_is_planned_on_a_day_that_is_shut(make, sophie, lyon):
    slot = a_slot(make, sophie, lyon)
    shut(make, lyon, slot.local_date + DAY)
    for plan_on in (
        lambda plan: slot_commands.add_slot(
            make.actor(sophie), site_id=lyon.id, plan=plan, now=make.now
        ),
        lambda plan: slot_commands.change_slot(
            make.actor(sophie), slot.id, plan=plan, now=make.now
        ),
    ):
        with pytest.raises(Refusal, match="slot_shut"), transaction():
            plan_on(day_plan(make, day=slot.local_date + DAY))


def test_what_was_changed_by_hand_no_longer_follows_its_series(make, sophie, lyon):
    series = a_series(make, sophie, lyon)
    moved, gone, *_rest = slots_of(series)
    plan = day_plan(make, day=moved.local_date, local_start=840)
    with transaction():
        slot_commands.change_slot(make.actor(sophie), moved.id, plan=plan, now=make.now)
        slot_commands.cancel_slot(make.actor(sophie), gone.id, reason="Grève", now=make.now)
    change(make, sophie, series, local_start=600)
    expand(make.now)
    assert local_hours([db.session.get_one(Slot, moved.id)]) == {"14:00"}
    assert db.session.get_one(Slot, gone.id).state == "cancelled"
    assert local_hours(slots_of(series)[1:]) == {"10:00"}


def test_an_ended_series_has_no_further_slots(make, sophie, lyon):
    series = a_series(make, sophie, lyon, every=2)
    assert len(slots_of(series)) == 4
    change(make, sophie, series, every=2, valid_to=date(2026, 12, 1))
    assert len(slots_of(series)) == 1
    assert expand(make.now + timedelta(weeks=4)) == 0


def test_a_site_closed_for_good_loses_its_slots(make, sophie, lyon):
    series = a_series(make, sophie, lyon)
    with transaction():
        lyon.closed_on = make.now.date()
        db.session.add(lyon)
    assert expand(make.now) == 8
    assert slots_of(series) == []


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"title": " "}, "slot_title"),
        ({"title": "x" * 81}, "text_too_long"),
        ({"note": "x" * 301}, "text_too_long"),
        ({"local_start": 1440}, "slot_start"),
        ({"duration": 4}, "slot_duration"),
        ({"capacity_min": 3}, "slot_capacity"),
        ({"capacity_max": 501}, "slot_capacity"),
        ({"notice_hours": -1}, "slot_notice"),
        ({"skill_id": 999}, "slot_skill"),
        ({"weekdays": frozenset()}, "slot_weekdays"),
        ({"every": 0}, "slot_every"),
        ({"valid_to": date(2026, 11, 1)}, "slot_dates"),
    ],
)
def test_what_cannot_be_planned_is_refused(make, sophie, lyon, wrong, code):
    with pytest.raises(Refusal, match=rf"commitments\.{code}"):
        a_series(make, sophie, lyon, **wrong)


def test_only_managers_of_the_site_plan_its_slots(make, sophie, ines, lyon):
    other = make.member(make.site("Nantes"), role="manager")
    series, slot = a_series(make, sophie, lyon), a_slot(make, sophie, lyon)
    for person in (ines, other):
        with pytest.raises(NotAllowed):
            a_series(make, person, lyon)
        with pytest.raises(NotAllowed):
            change(make, person, series)
        with pytest.raises(NotAllowed):
            a_slot(make, person, lyon)
        with pytest.raises(NotAllowed), transaction():
            slot_commands.cancel_slot(make.actor(person), slot.id, reason="x", now=make.now)
    with pytest.raises(NotFound):
        change(make, sophie, type("Gone", (), {"id": 999}))


def test_a_slot_is_planned_moved_and_called_off_with_a_reason(make, sophie, ines, lyon):
    slot = a_slot(make, sophie, lyon)
    signed_up(make, ines, slot)
    actor, later = make.actor(sophie), make.now + timedelta(days=6)
    other = day_plan(make, day=date(2026, 11, 20))
    with transaction():
        slot_commands.change_slot(actor, slot.id, plan=other, now=make.now)
    assert db.session.get_one(Slot, slot.id).local_date == date(2026, 11, 20)
    for reason, code in (("", "reason_needed"), ("x" * 301, "text_too_long")):
        with pytest.raises(Refusal, match=code), transaction():
            slot_commands.cancel_slot(actor, slot.id, reason=reason, now=make.now)
    for _ in range(2):
        with transaction():
            slot_commands.cancel_slot(actor, slot.id, reason="Tempête", now=make.now)
    assert db.session.scalars(select(Signup.state)).all() == ["excused"]
    with pytest.raises(Refusal, match="slot_over"), transaction():
        slot_commands.change_slot(actor, slot.id, plan=other, now=later)


def test_nothing_is_planned_in_the_past(make, sophie, lyon):
    with pytest.raises(Refusal, match="slot_past"):
        a_slot(make, sophie, lyon, day=make.now.date())
