"""The pure rules of the manager's side: pictures, sums, who drifts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.domain.commitments import drift_rules, giving_rules, heat_rules, statement_rules
from incubator.domain.commitments.drift_rules import Account
from incubator.domain.commitments.giving_rules import Given
from incubator.domain.commitments.rules import Span

NOVEMBER = Span(date(2026, 11, 1), date(2026, 12, 1))
MONDAYS = [date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16)]


def at(day: date, hour: float, zone: str = "Europe/Paris") -> datetime:
    local = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    return (local + timedelta(hours=hour)).astimezone(UTC)


def test_an_hour_has_everybody_once_and_empty_days_count() -> None:
    first = MONDAYS[0]
    stays = [
        (1, at(first, 9), at(first, 10.5)),
        (1, at(first, 10.6), at(first, 11)),
        (2, at(first, 10), at(first, 11)),
        (2, at(MONDAYS[1], 10), at(MONDAYS[1], 11)),
    ]
    found = {cell.hour: cell for cell in heat_rules.cells(stays, MONDAYS, "Europe/Paris")}
    assert {hour: (cell.median, cell.peak) for hour, cell in found.items()} == {
        9: (0, 1),
        10: (1, 2),
    }
    assert heat_rules.hours_shown(found.values()) == range(9, 11)
    assert found[10].percent(4) == 25


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "America/St_Johns", "Europe/Paris"])
def test_hours_are_those_of_the_site_wherever_it_is(zone: str) -> None:
    stay = (1, at(MONDAYS[0], 9.5, zone), at(MONDAYS[0], 11.25, zone))
    found = heat_rules.cells([stay], MONDAYS[:1], zone)
    assert [cell.hour for cell in found] == [9, 10, 11]


def test_the_night_of_the_clock_change_is_no_hole() -> None:
    sunday = date(2026, 10, 25)
    stay = (1, at(sunday, 0), at(sunday, 0) + timedelta(hours=5))
    assert [cell.hour for cell in heat_rules.cells([stay], [sunday], "Europe/Paris")] == [
        0,
        1,
        2,
        3,
    ]


def test_a_site_that_nobody_came_to_shows_its_usual_hours() -> None:
    assert heat_rules.cells([], MONDAYS, "Europe/Paris") == []
    assert heat_rules.hours_shown([]) == range(8, 18)


def test_a_matrix_adds_up_and_hides_cells_of_few() -> None:
    facts = [Given(1, 2, 60), Given(2, 1, 30), Given(3, 1, 15), Given(9, 1, 500)]
    found = giving_rules.matrix(facts, {1: "lyon", 2: "lille", 3: "lille"})
    assert found.cells["lille", "lyon"].minutes == 45
    assert found.cells["lille", "lyon"].people == 3
    assert found.cells["lille", "lyon"].hidden
    assert (found.given("lille"), found.received("lille"), found.most) == (45, 60, 60)
    many = giving_rules.matrix(
        [Given(n, 10, 1) for n in range(4)], dict.fromkeys([*range(4), 10], "x")
    )
    assert not many.cells["x", "x"].hidden


def test_the_isolated_neither_gave_nor_received() -> None:
    assert giving_rules.isolated([1, 2, 3, 4], [Given(1, 2, 5), Given(9, 3, 5)]) == {4}


def test_sums_are_told_by_what_lines_take_back_too() -> None:
    rows = [
        ("DUE", 0, 0, -720),
        ("DONE", 1, 0, 300),
        ("DONE", 0, 0, 60),
        ("HELP", 1, 0, 90),
        ("CARRY_IN", 0, 0, -30),
        ("GIFT_OUT", 0, 0, -20),
        ("GIFT_IN", 0, 0, 10),
        ("CORRECTION", 0, 1, 15),
        ("WAIVED_DEBT", 0, 0, 45),
        ("CARRY_OUT", 0, 0, 250),
    ]
    sums = statement_rules.add_up(rows)
    assert (sums.owed, sums.here, sums.elsewhere, sums.help) == (720, 300, 60, 90)
    assert (sums.carried, sums.gifted, sums.late, sums.waived) == (-30, -10, 15, 45)
    assert sums.balance == -295
    assert sums.balance + sums.waived + sums.settled == 0
    assert sums.plus(sums).owed == 1440


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=6), st.integers(0, 3000))
def test_shares_of_a_due_are_all_of_it(parts: list[int], owed: int) -> None:
    stretches = [{"site": n, "exact": str(Fraction(one, 7))} for n, one in enumerate(parts)]
    found = statement_rules.shares(owed, stretches)
    assert sum(found.values()) == (owed if any(parts) else 0)
    assert all(0 <= value <= owed for value in found.values())


def account(**more: int) -> Account:
    return Account(**({"carried": 0, "given": 0, "planned": 0, "owed": 720} | more))


def test_pace_or_signups_bring_a_month_home() -> None:
    middle = date(2026, 11, 15)
    assert drift_rules.projected(account(given=360), NOVEMBER, middle) == 0
    assert drift_rules.projected(account(given=60, planned=660), NOVEMBER, middle) == 0


def test_the_cause_is_the_kindest_that_is_known() -> None:
    today = date(2026, 11, 15)
    old, new = date(2025, 1, 1), date(2026, 11, 1)

    def cause(*, away: bool = False, joined_on: date = old, ever: bool = True) -> str:
        return drift_rules.cause(away=away, joined_on=joined_on, ever_signed_up=ever, today=today)

    assert cause(away=True, joined_on=new) == "away"
    assert cause(joined_on=new, ever=False) == "new"
    assert (cause(ever=False), cause()) == ("never", "behind")
