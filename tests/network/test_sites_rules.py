"""When a site is open, on every day of every zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from incubator.kernel.errors import Refusal
from incubator.network.sites.rules import (
    Status,
    Timetable,
    check_closure,
    check_week,
    instant_of,
    open_at,
    openings_on,
    status_at,
)

PARIS = "Europe/Paris"
WEEK = {day: [(480, 720), (780, 1140)] for day in range(5)}
ZONES = st.sampled_from(sorted(zone for zone in available_timezones() if "/" in zone))
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
MINUTES = st.integers(0, 1440)


def table(**more: object) -> Timetable:
    return Timetable(**{"time_zone": PARIS, "week": WEEK, **more})  # type: ignore[arg-type]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(PARIS)).astimezone(UTC)


def test_a_site_is_open_from_its_first_minute_to_before_its_last() -> None:
    assert open_at(table(), at("2026-11-12T08:00"))
    assert not open_at(table(), at("2026-11-12T12:00"))
    assert not open_at(table(), at("2026-11-12T07:59"))


def test_a_closed_site_says_when_it_opens_next() -> None:
    friday_evening = at("2026-11-13T19:30")
    assert status_at(table(), friday_evening) == Status(is_open=False, opens=at("2026-11-16T08:00"))


def test_an_open_site_says_until_when() -> None:
    assert status_at(table(), at("2026-11-12T09:00")).until == at("2026-11-12T12:00")


def test_an_opening_past_midnight_is_one() -> None:
    late = table(week={3: [(1200, 1440)], 4: [(0, 120)]})
    assert status_at(late, at("2026-11-12T23:00")).until == at("2026-11-13T02:00")


def test_closures_and_holidays_shut_the_door() -> None:
    day = date(2026, 11, 12)
    assert not open_at(table(holidays=frozenset({day})), at("2026-11-12T09:00"))
    shut = table(closures=[(day, day + timedelta(days=1))])
    assert status_at(shut, at("2026-11-12T09:00")).opens == at("2026-11-13T08:00")


def test_a_site_without_hours_is_closed_for_now() -> None:
    assert status_at(table(week={}), at("2026-11-12T09:00")) == Status(is_open=False)


def test_an_hour_that_clocks_jump_over_begins_at_the_jump() -> None:
    assert instant_of(date(2026, 3, 29), 150, PARIS) == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_an_hour_that_comes_twice_begins_the_first_time() -> None:
    assert instant_of(date(2026, 10, 25), 150, PARIS) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(ZONES, DAYS, MINUTES, MINUTES)
def test_instants_of_a_day_follow_its_minutes(zone: str, day: date, one: int, other: int) -> None:
    first, second = sorted((one, other))
    assert instant_of(day, first, zone) <= instant_of(day, second, zone)


@given(ZONES, DAYS, MINUTES)
def test_clocks_show_the_opening_time_unless_they_jump_over_it(
    zone: str, day: date, minutes: int
) -> None:
    shown = instant_of(day, minutes, zone).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    wanted = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minutes)
    assert shown == wanted or (shown > wanted and _jumps(zone, shown))


def _jumps(zone: str, shown: datetime) -> bool:
    after = shown.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    before = (after - timedelta(minutes=1)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return shown - before > timedelta(minutes=1)


@given(ZONES, DAYS, MINUTES, MINUTES, st.integers(0, 2880))
def test_open_now_agrees_with_the_openings_of_the_day(
    zone: str, day: date, opens: int, closes: int, offset: int
) -> None:
    assume(opens < closes)
    week = Timetable(time_zone=zone, week={weekday: [(opens, closes)] for weekday in range(7)})
    instant = instant_of(day, 0, zone) + timedelta(minutes=offset)
    near = [day + timedelta(days=shift) for shift in range(-2, 4)]
    expected = any(
        each.starts <= instant < each.ends
        for near_day in near
        for each in openings_on(week, near_day)
    )
    assert open_at(week, instant) == expected


@pytest.mark.parametrize(
    ("week", "code"),
    [
        ({0: [(480, 480)]}, "sites.hours_order"),
        ({0: [(480, 1441)]}, "sites.hours_order"),
        ({0: [(480, 720), (700, 800)]}, "sites.hours_overlap"),
        ({0: [(0, 1), (2, 3), (4, 5)]}, "sites.too_many_spans"),
        ({7: [(0, 1)]}, "sites.too_many_spans"),
    ],
)
def test_impossible_hours_are_refused(week: dict[int, list[tuple[int, int]]], code: str) -> None:
    with pytest.raises(Refusal, match=code):
        check_week(week)


def test_impossible_closures_are_refused() -> None:
    day = date(2026, 11, 12)
    with pytest.raises(Refusal, match="closure_order"):
        check_closure(day, day)
    with pytest.raises(Refusal, match="closure_long"):
        check_closure(day, day + timedelta(days=367))
