"""What members read of a period: entries that add up, changes that are told, files that agree."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incubator.domain.commitments import (
    fitting,
    journal,
    journal_rules,
    look_lists,
    looks,
    pledges,
    ticking,
)
from incubator.domain.commitments.ledger_models import Line
from incubator.domain.commitments.periods import period_on
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotFound
from incubator.kernel.keyset import Cursor
from incubator.network.members import whereabouts
from tests.factories_checkins import stayed
from tests.factories_commitments import confirmed, pledged, total
from tests.factories_hours import kept, signup_row, slot_row

if TYPE_CHECKING:
    from tests.factories import Make

FIRST = datetime(2026, 11, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def lyon(make: Make):
    make.now = FIRST
    return make.site()


@pytest.fixture
def ines(make: Make, lyon):
    return make.member(lyon, name="Inès")


@pytest.fixture
def sophie(make: Make, lyon):
    return make.member(lyon, role="manager")


def entries(make: Make, member) -> list[journal_rules.Entry]:
    period = period_on(make.now.date())
    assert period is not None
    return journal.entries_of(member.id, period.id, until=make.now + DAY)


def line(number: int, kind: str, minutes: int, **more: object) -> Line:
    values = {"day": date(2026, 11, 2), "site_id": 1, "source_type": "presence", "source_id": None}
    return Line(id=number, kind=kind, minutes=minutes, recorded_at=FIRST, **(values | more))


def test_what_was_taken_back_and_written_anew_is_one_entry() -> None:
    rows = [line(1, "DONE", 60), line(2, "REVERSAL", -60, reverses_id=1), line(3, "DONE", 45)]
    (entry,) = journal_rules.entries(rows)
    assert (entry.kind, entry.minutes, entry.changes, entry.line_id) == ("DONE", 45, 1, 3)


def test_what_is_carried_comes_first_and_what_is_handed_on_last() -> None:
    rows = [
        line(1, "CARRY_OUT", 30, source_type="close", day=None),
        line(2, "GIFT_IN", 10, source_type="gift", day=None),
        line(3, "DONE", 60),
        line(4, "CARRY_IN", -20, source_type="close", day=None),
        line(5, "DUE", -80, source_type="pledge", day=None),
    ]
    told = journal_rules.entries(rows)
    assert [one.kind for one in told] == ["CARRY_IN", "DUE", "GIFT_IN", "DONE", "CARRY_OUT"]
    assert [one.total for one in told] == [-20, None, -10, 50, None]
    assert journal_rules.sums(told) == journal_rules.Sums(-20, 80, 60, 10, 30)
    assert journal_rules.sums(told).balance == -30


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 300), st.booleans()), max_size=12))
@settings(max_examples=50)
def test_entries_sum_to_what_the_lines_sum_to(facts: list[tuple[int, int, bool]]) -> None:
    rows: list[Line] = []
    for day, minutes, taken_back in facts:
        rows.append(line(len(rows) + 1, "DONE", minutes, day=date(2026, 11, day)))
        if taken_back:
            back = rows[-1]
            more = {"reverses_id": back.id, "day": back.day}
            rows.append(line(len(rows) + 1, "REVERSAL", -minutes, **more))
    told = journal_rules.entries(rows)
    assert sum(one.minutes for one in told) == sum(row.minutes for row in rows)
    assert len({one.day for one in told}) == len(told)


def test_a_period_read_is_what_the_ledger_holds(make, ines, sophie, lyon) -> None:
    pledged(make, ines, sophie, minutes_per_period=600)
    stayed(make, ines, lyon, FIRST, 2)
    confirmed(make, ines, sophie, minutes=90, receiver=sophie)
    told = entries(make, ines)
    assert sum(one.minutes for one in told) == total(ines)
    assert {one.kind for one in told} == {"DUE", "DONE", "HELP"}


def test_as_of_an_earlier_day_later_lines_are_not_told(make, ines, sophie) -> None:
    confirmed(make, ines, sophie, minutes=60)
    make.now += DAY
    confirmed(make, ines, sophie, minutes=30)
    period = period_on(make.now.date())
    before = journal.entries_of(ines.id, period.id, until=FIRST)
    assert [one.minutes for one in before] == [60]
    assert [one.minutes for one in entries(make, ines)] == [60, 30]


def test_a_line_is_opened_by_its_member_and_their_managers_alone(make, ines, sophie, lyon) -> None:
    stayed(make, ines, lyon, FIRST, 2)
    number = entries(make, ines)[0].line_id
    leo = make.member(lyon)
    stranger = make.member(make.site("Lille"), role="manager")
    assert journal.opened(make.actor(ines), number).sessions
    assert journal.opened(make.actor(sophie), number).line.minutes == 120
    for other in (leo, stranger):
        with pytest.raises(NotFound):
            journal.opened(make.actor(other), number)


def test_where_time_goes_is_told_by_kind_and_site(make, ines, sophie, lyon) -> None:
    stayed(make, ines, lyon, FIRST, hours=3)
    confirmed(make, ines, sophie, minutes=60, day=(FIRST + DAY).date(), now=FIRST + DAY)
    spent = journal.spent_in(ines.id, 2026)
    assert [(one.kind.code if one.kind else None, one.minutes) for one in spent] == [
        (None, 180),
        ("reception_desk", 60),
    ]
    assert {one.site_id for one in spent} == {lyon.id}


def test_who_looked_is_read_the_last_look_first(make, ines, sophie, lyon) -> None:
    viewer = make.actor(sophie)
    for later in (0, 0, 1):
        look_lists.note_all(
            viewer, [ines.id, sophie.id], page="line", site_id=lyon.id, now=FIRST + later * DAY
        )
    rows = looks.looks_at(ines.id, Cursor()).rows
    assert [row.day for row in rows] == [date(2026, 11, 2), date(2026, 11, 1)]
    assert looks.looks_at(sophie.id, Cursor()).rows == []


def test_who_usually_comes_when() -> None:
    mondays = [date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 3)]
    assert fitting.usual_weekdays([4, 5], mondays) == {2}
    assert fitting.usual_weekdays([], mondays) == {0}
    assert fitting.usual_weekdays([], mondays[1:]) == frozenset()
    assert fitting.usual_weekdays([], []) == frozenset()


def test_duties_fit_where_there_is_room_on_the_usual_half_day(make, ines, sophie, lyon) -> None:
    tuesday = datetime(2026, 11, 3, 8, tzinfo=UTC)
    with transaction():
        whereabouts.choose(make.actor(ines), usual=[2], awaited=False)
    fits, late, full = (
        kept(slot_row(make, lyon, starts_at=at, ends_at=at + timedelta(hours=2), capacity_max=1))
        for at in (tuesday, tuesday + timedelta(hours=8), tuesday + 7 * DAY)
    )
    kept(signup_row(make, sophie, full))
    found = fitting.fitting_slots(ines.id, lyon.id, now=make.now, until=FIRST + 30 * DAY, most=2)
    assert [slot.id for slot in found] == [fits.id]
    assert late.id != fits.id


def test_a_pledge_keeps_the_charter_that_was_signed(make, ines, sophie) -> None:
    with transaction():
        made = pledges.pledge(
            make.actor(sophie),
            member_id=ines.id,
            minutes_per_period=600,
            valid_from=FIRST.date(),
            charter_version_id=7,
            now=make.now,
        )
    assert made.charter_version_id == 7


def test_what_a_closing_hands_on_is_told_apart(make, ines, sophie) -> None:
    pledged(make, ines, sophie, minutes_per_period=600)
    period = period_on(FIRST.date())
    make.now = datetime(2026, 12, 10, 9, tzinfo=UTC)
    ticking.tick(make.now)
    told = journal.entries_of(ines.id, period.id, until=make.now)
    sums = journal_rules.sums(told)
    assert (sums.owed, sums.balance, sums.handed_on) == (600, -600, 600)
    assert db.session.get(type(period), period.id).state == "closed"
