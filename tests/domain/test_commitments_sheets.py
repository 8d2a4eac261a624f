"""The attendance sheet: filled in from check-ins, exceptions only, locked, counted once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from incubator.domain.commitments import commands, slot_commands, slot_sheets, slot_walk_ins
from incubator.domain.commitments.models import Contribution
from incubator.domain.commitments.slot_models import Signup, Slot
from incubator.domain.commitments.slot_sheets import Answer
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from tests.factories_commitments import lines
from tests.factories_hours import kept, session_row
from tests.factories_slots import a_slot, signed_up

MINUTES = timedelta(minutes=1)


@pytest.fixture
def lyon(make):
    return make.site()


@pytest.fixture
def sophie(make, lyon):
    return make.member(lyon, role="manager")


@pytest.fixture
def ines(make, lyon):
    return make.member(lyon)


@pytest.fixture
def slot(make, sophie, lyon):
    return a_slot(make, sophie, lyon, capacity_max=4)


def checked_in(make, member, slot, site, start=0, end=180):
    """A session of so many minutes after the slot's beginning to so many."""
    kept(
        session_row(
            make,
            member,
            site,
            day=slot.local_date,
            started_at=slot.starts_at + start * MINUTES,
            ended_at=slot.starts_at + end * MINUTES,
        )
    )


def sheet(make, by, slot):
    found = slot_sheets.sheet_of(make.actor(by), slot.id)
    return [(line.answer.state, line.answer.minutes, line.open) for line in found.lines]


def settle(make, by, slot, now=None, team_size=None, **answers):
    with transaction():
        return slot_sheets.settle(
            make.actor(by),
            slot.id,
            answers={int(key[1:]): value for key, value in answers.items()},
            team_size=team_size,
            now=now or slot.ends_at,
        )


def stored():
    query = select(Signup.state, Signup.minutes).order_by(Signup.place)
    return [tuple(row) for row in db.session.execute(query)]


def test_check_ins_fill_the_sheet_and_leave_only_exceptions_open(make, sophie, ines, lyon, slot):
    late, gone = make.member(lyon), make.member(lyon)
    for who in (ines, late, gone):
        signed_up(make, who, slot)
    checked_in(make, ines, slot, lyon, start=-30, end=170)
    checked_in(make, late, slot, lyon, start=60, end=100)
    checked_in(make, late, slot, lyon, start=120, end=300)
    assert sheet(make, sophie, slot) == [
        ("done", 170, False),
        ("partial", 100, True),
        ("missed", 0, True),
    ]


def test_where_nobody_checked_in_that_day_the_sign_up_is_taken(make, sophie, ines, slot):
    signed_up(make, ines, slot)
    assert sheet(make, sophie, slot) == [("done", 0, True)]


def test_locking_counts_who_came_once_and_nobody_else(make, sophie, ines, lyon, slot):
    late, gone = make.member(lyon), make.member(lyon)
    for who in (ines, late, gone):
        signed_up(make, who, slot)
    answers = db.session.scalars(select(Signup.id).order_by(Signup.place)).all()
    made = settle(
        make,
        sophie,
        slot,
        team_size=2,
        **{f"s{answers[1]}": Answer("partial", 60), f"s{answers[2]}": Answer("excused")},
    )
    assert (made.state, made.team_size, made.locked_by_id) == ("locked", 2, sophie.id)
    assert stored() == [("done", 180), ("partial", 60), ("excused", 0)]
    assert [lines(who) for who in (ines, late, gone)] == [[("HELP", 180)], [("HELP", 60)], []]


def test_what_was_checked_in_for_is_not_counted_twice(make, sophie, ines, lyon, slot):
    signed_up(make, ines, slot)
    checked_in(make, ines, slot, lyon, end=170)
    settle(make, sophie, slot)
    assert sum(minutes for _kind, minutes in lines(ines)) == 180


def test_a_locked_sheet_stays_as_it_is(make, sophie, ines, slot):
    signed_up(make, ines, slot)
    settle(make, sophie, slot)
    with pytest.raises(Refusal, match="slot_locked"):
        settle(make, sophie, slot)
    with pytest.raises(Refusal, match="slot_locked"), transaction():
        slot_commands.cancel_slot(make.actor(sophie), slot.id, reason="x", now=slot.ends_at)
    assert lines(ines) == [("HELP", 180)]


def test_a_managers_own_hours_wait_for_another_manager(make, sophie, ines, lyon, slot):
    for who in (sophie, ines):
        signed_up(make, who, slot)
    settle(make, sophie, slot)
    assert (lines(sophie), lines(ines)) == ([], [("HELP", 180)])
    own = db.session.scalars(select(Contribution).where(Contribution.giver_id == sophie.id)).one()
    with pytest.raises(NotAllowed), transaction():
        commands.confirm(make.actor(sophie), own.id, now=slot.ends_at)
    other = make.member(lyon, role="manager")
    with transaction():
        commands.confirm(make.actor(other), own.id, now=slot.ends_at)
    assert lines(sophie) == [("HELP", 180)]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer("perhaps"), "sheet_answer"),
        (Answer("partial"), "sheet_minutes"),
        (Answer("partial", 181), "sheet_minutes"),
    ],
)
def test_an_answer_that_cannot_be_locks_nothing(make, sophie, ines, slot, answer, code):
    signup = signed_up(make, ines, slot)
    with pytest.raises(Refusal, match=code):
        settle(make, sophie, slot, **{f"s{signup.id}": answer})
    assert db.session.get_one(Slot, slot.id).state == "planned"


def test_a_sheet_is_for_managers_of_the_site_once_the_slot_is_over(make, sophie, ines, slot):
    other = make.member(make.site("Nantes"), role="manager")
    for person in (ines, other):
        with pytest.raises(NotAllowed):
            sheet(make, person, slot)
        with pytest.raises(NotAllowed):
            settle(make, person, slot)
    with pytest.raises(NotFound):
        slot_sheets.sheet_of(make.actor(sophie), 999)
    with pytest.raises(Refusal, match="slot_not_over"):
        settle(make, sophie, slot, now=slot.starts_at)
    with pytest.raises(Refusal, match="team_size"):
        settle(make, sophie, slot, team_size=501)
    with transaction():
        slot_commands.cancel_slot(make.actor(sophie), slot.id, reason="Grève", now=make.now)
    with pytest.raises(Refusal, match="slot_cancelled"):
        settle(make, sophie, slot)


def walk_in(make, by, slot, who, now=None):
    with transaction():
        return slot_walk_ins.add(
            make.actor(by), slot.id, member_id=who.id, once=f"w{who.id}", now=now or slot.ends_at
        )


def test_who_came_without_signing_up_has_a_line_and_counts(make, sophie, ines, lyon, slot):
    leo, early = make.member(lyon), make.member(lyon)
    signed_up(make, ines, slot)
    checked_in(make, ines, slot, lyon)
    checked_in(make, early, slot, lyon, end=60)
    made = walk_in(make, sophie, slot, leo)
    walk_in(make, sophie, slot, early)
    # The manager says they came; where check-ins know until when, these are proposed.
    assert sheet(make, sophie, slot) == [
        ("done", 180, False),
        ("done", 0, True),
        ("partial", 60, True),
    ]
    assert walk_in(make, sophie, slot, leo).id == made.id
    settle(make, sophie, slot)
    assert lines(leo) == [("HELP", 180)]


def test_more_may_have_come_than_there_were_places(make, sophie, ines, lyon):
    small = a_slot(make, sophie, lyon, capacity_max=1)
    signed_up(make, ines, small)
    assert walk_in(make, sophie, small, make.member(lyon)).place == 2


def test_a_managers_own_coming_waits_for_another_manager(make, sophie, slot):
    walk_in(make, sophie, slot, sophie)
    settle(make, sophie, slot)
    assert lines(sophie) == []
    assert [fact.state for fact in db.session.scalars(select(Contribution))] == ["declared"]


def test_a_sheet_takes_walk_ins_only_once_over_and_until_it_is_locked(
    make, sophie, ines, lyon, slot
):
    with pytest.raises(Refusal, match="slot_not_over"):
        walk_in(make, sophie, slot, ines, now=slot.ends_at - MINUTES)
    with pytest.raises(NotAllowed, match="not_your_site"):
        walk_in(make, ines, slot, ines)
    with pytest.raises(NotAllowed, match="guests_do_not_declare"):
        walk_in(make, sophie, slot, make.member(lyon, role="guest"))
    settle(make, sophie, slot)
    with pytest.raises(Refusal, match="slot_locked"):
        walk_in(make, sophie, slot, ines)
