"""Presence counts every minute once, on the day of the place, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incubator.domain.commitments.presence_rules import (
    DAY,
    DayTotal,
    Rounding,
    SessionLimits,
    Stay,
    day_parts,
    day_start,
    day_totals,
    is_void,
    problem,
    split,
    union,
)

PARIS, MONTREAL, DAKAR = "Europe/Paris", "America/Montreal", "Africa/Dakar"
ZONES = (
    *(PARIS, MONTREAL, DAKAR, "Indian/Reunion", "Pacific/Apia", "Asia/Kathmandu"),
    *("America/Havana", "Australia/Lord_Howe", "Africa/Cairo", "America/Sao_Paulo", "Etc/GMT+12"),
)
EPOCH = datetime(2010, 1, 1, tzinfo=UTC)
LIMITS = SessionLimits(min_session=15, max_session=720, max_day=840)
BY_FIVE = Rounding(5)
zones = st.sampled_from(ZONES)
instants = st.integers(0, 20 * 366 * 86_400).map(lambda s: EPOCH + timedelta(seconds=s))
lengths = st.integers(0, 3 * 86_400).map(lambda s: timedelta(seconds=s))


@st.composite
def neighbours(draw: st.DrawFn) -> list[Stay]:
    """Stays of one member within two days, at three sites, in whole minutes."""
    base = draw(instants).replace(second=0)
    spans = draw(st.lists(st.tuples(st.integers(0, 2880), st.integers(0, 400)), max_size=6))
    sites = st.sampled_from([(1, PARIS), (2, MONTREAL), (3, DAKAR)])
    return [
        Stay(number, *draw(sites), base + timedelta(minutes=a), base + timedelta(minutes=a + n))
        for number, (a, n) in enumerate(spans)
    ]


def at(zone: str, *clock: int, fold: int = 0) -> datetime:
    """A local time as an instant."""
    return datetime(*clock, tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def stay(zone: str, start: tuple[int, ...], end: tuple[int, ...], *, site: int = 1) -> Stay:
    return Stay(site, site, zone, at(zone, *start), at(zone, *end))


def minutes(*stays: Stay, rounding: Rounding = BY_FIVE) -> list[tuple[int, int, int]]:
    """Month, day and counted minutes."""
    return [(one.day.month, one.day.day, one.minutes) for one in day_totals(stays, rounding)]


@given(st.dates(date(2012, 1, 1), date(2030, 12, 31)), zones)
def test_a_day_begins_with_itself(day: date, zone: str) -> None:
    start = day_start(day, zone)
    local = ZoneInfo(zone)
    assert start.astimezone(local).date() == day
    assert (start - timedelta(seconds=1)).astimezone(local).date() == day - DAY


@given(instants, lengths, zones)
def test_the_parts_of_a_stay_are_as_long_as_it(start: datetime, length, zone: str) -> None:
    one = Stay(1, 1, zone, start, start + length)
    parts = split(one)
    assert sum((part.length for part in parts), timedelta()) == one.length
    assert all(part.start.astimezone(ZoneInfo(zone)).date() == part.day for part in parts)
    assert len({part.day for part in parts}) == len(parts)


@settings(max_examples=40)
@given(neighbours())
def test_no_minute_counts_twice_and_none_is_lost(stays: list[Stay]) -> None:
    def of(some) -> list[datetime]:
        step = timedelta(minutes=1)
        return [s.start + k * step for s in some for k in range(int(s.length / step))]

    free = of(union(stays))
    assert len(free) == len(set(free))
    assert set(free) == set(of(stays))


@settings(max_examples=40)
@given(neighbours(), st.randoms())
def test_the_order_in_which_stays_are_told_changes_nothing(stays: list[Stay], random) -> None:
    shuffled = random.sample(stays, len(stays))
    assert day_totals(shuffled, BY_FIVE) == day_totals(stays, BY_FIVE)


@settings(max_examples=40)
@given(neighbours())
def test_an_overlap_belongs_to_the_stay_that_began_first(stays: list[Stay]) -> None:
    kept = {part.id: part for part in union(stays)}
    for one in stays:
        if one.length and all(o.start > one.start for o in stays if o is not one):
            assert kept[one.id] == one


@settings(max_examples=40)
@given(neighbours(), st.sampled_from([1, 5, 15]))
def test_rounding_happens_once_per_day_and_site(stays: list[Stay], step: int) -> None:
    totals = day_totals(stays, Rounding(step))
    exact = sum(part.length.total_seconds() for part in day_parts(stays))
    assert sum(one.seconds for one in totals) == exact
    assert len({(one.day, one.site_id) for one in totals}) == len(totals)
    assert all(0 <= one.seconds - one.minutes * 60 < step * 60 for one in totals)
    assert all(one.minutes % step == 0 for one in totals)


def test_rounding_is_down_or_to_the_nearest() -> None:
    assert [Rounding(15).minutes(s) for s in (899, 900, 1799)] == [0, 15, 15]
    nearest = Rounding(15, "nearest")
    assert [nearest.minutes(s) for s in (449, 450, 1349, 1350)] == [0, 15, 15, 30]


def test_two_short_stays_of_a_day_are_added_before_they_are_rounded() -> None:
    one = stay(PARIS, (2026, 3, 2, 9, 0), (2026, 3, 2, 9, 8))
    other = stay(PARIS, (2026, 3, 2, 14, 0), (2026, 3, 2, 14, 8))
    assert minutes(one, other, rounding=Rounding(15)) == [(3, 2, 15)]


def test_a_night_of_the_autumn_clock_change_in_paris_has_its_extra_hour() -> None:
    night = stay(PARIS, (2026, 10, 24, 22, 0), (2026, 10, 25, 6, 0))
    assert night.length == timedelta(hours=9)
    assert minutes(night) == [(10, 24, 120), (10, 25, 420)]


def test_a_night_of_the_spring_clock_change_in_paris_misses_an_hour() -> None:
    night = stay(PARIS, (2026, 3, 28, 22, 0), (2026, 3, 29, 6, 0))
    assert minutes(night) == [(3, 28, 120), (3, 29, 300)]


def test_the_clock_changes_of_montreal() -> None:
    spring = stay(MONTREAL, (2026, 3, 7, 22, 0), (2026, 3, 8, 6, 0))
    autumn = stay(MONTREAL, (2026, 10, 31, 22, 0), (2026, 11, 1, 6, 0))
    assert minutes(spring) == [(3, 7, 120), (3, 8, 300)]
    assert minutes(autumn) == [(10, 31, 120), (11, 1, 420)]


@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 3, 28), date(2026, 10, 24)])
def test_dakar_has_no_clock_change(day: date) -> None:
    start = day_start(day, DAKAR) + timedelta(hours=22)
    (first, second) = split(Stay(1, 1, DAKAR, start, start + timedelta(hours=8)))
    assert (first.length, second.length) == (timedelta(hours=2), timedelta(hours=6))


def test_a_day_lasts_23_24_or_25_hours() -> None:
    def hours(day: date, zone: str) -> float:
        return (day_start(day + DAY, zone) - day_start(day, zone)) / timedelta(hours=1)

    assert [hours(date(2026, m, d), PARIS) for m, d in ((3, 29), (3, 30), (10, 25))] == [23, 24, 25]
    assert [hours(date(2026, m, d), MONTREAL) for m, d in ((3, 8), (11, 1))] == [23, 25]


def test_over_midnight_at_the_end_of_a_month() -> None:
    night = stay(PARIS, (2026, 1, 31, 23, 30), (2026, 2, 1, 0, 30))
    assert minutes(night) == [(1, 31, 30), (2, 1, 30)]


def test_over_midnight_around_29_february() -> None:
    leap = stay(PARIS, (2028, 2, 28, 23, 0), (2028, 3, 1, 1, 0))
    assert minutes(leap) == [(2, 28, 60), (2, 29, 1440), (3, 1, 60)]
    common = stay(PARIS, (2027, 2, 28, 23, 0), (2027, 3, 1, 1, 0))
    assert minutes(common) == [(2, 28, 60), (3, 1, 60)]


def test_a_year_of_53_weeks_ends_on_its_last_day() -> None:
    night = stay(PARIS, (2026, 12, 31, 23, 0), (2027, 1, 1, 1, 0))
    assert minutes(night) == [(12, 31, 60), (1, 1, 60)]


def test_each_site_closes_the_month_at_its_own_midnight() -> None:
    moment = at(PARIS, 2026, 11, 1, 0, 30)
    hour = timedelta(hours=1)
    days = [
        split(Stay(1, 1, zone, moment, moment + hour))[0].day
        for zone in (PARIS, DAKAR, MONTREAL, "Indian/Reunion")
    ]
    assert [day.month for day in days] == [11, 10, 10, 11]


def test_a_member_at_home_in_paris_who_works_in_montreal_has_lines_of_both() -> None:
    paris = stay(PARIS, (2026, 5, 4, 9, 0), (2026, 5, 4, 12, 0))
    montreal = stay(MONTREAL, (2026, 5, 4, 20, 0), (2026, 5, 4, 22, 0), site=2)
    day = date(2026, 5, 4)
    totals = day_totals([montreal, paris], BY_FIVE)
    assert totals == [DayTotal(day, 1, 10_800, 180), DayTotal(day, 2, 7200, 120)]


def test_two_devices_at_once_count_as_one() -> None:
    phone = Stay(1, 1, PARIS, at(PARIS, 2026, 5, 4, 9, 2), at(PARIS, 2026, 5, 4, 12, 0))
    kiosk = Stay(2, 1, PARIS, at(PARIS, 2026, 5, 4, 9, 0), at(PARIS, 2026, 5, 4, 11, 0))
    assert minutes(phone, kiosk) == [(5, 4, 180)]


def test_the_day_that_apia_left_out_has_no_part() -> None:
    apia = stay("Pacific/Apia", (2011, 12, 29, 23, 0), (2011, 12, 31, 1, 0))
    assert [part.day.day for part in split(apia)] == [29, 31]
    assert apia.length == timedelta(hours=2)


def test_a_stay_under_the_least_is_void_and_no_error() -> None:
    assert is_void(stay(PARIS, (2026, 5, 4, 9, 0), (2026, 5, 4, 9, 14)), LIMITS)
    assert not is_void(stay(PARIS, (2026, 5, 4, 9, 0), (2026, 5, 4, 9, 15)), LIMITS)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ((9, 0), (21, 0), None),
        ((9, 0), (21, 1), "too_long"),
        ((12, 0), (11, 0), "order"),
        ((20, 0), (23, 1), "future"),
    ],
)
def test_what_cannot_be_counted_says_why(start, end, expected: str | None) -> None:
    now = at(PARIS, 2026, 5, 4, 23, 0)
    one = stay(PARIS, (2026, 5, 4, *start), (2026, 5, 4, *end))
    assert problem(one, [], limits=LIMITS, now=now) == expected


def test_a_day_is_full_over_all_sites_and_overlaps_do_not_fill_it() -> None:
    now = at(PARIS, 2026, 5, 6, 0, 0)
    first = stay(PARIS, (2026, 5, 4, 8, 0), (2026, 5, 4, 16, 0))
    second = stay(PARIS, (2026, 5, 4, 15, 0), (2026, 5, 4, 22, 0), site=2)
    third = stay(PARIS, (2026, 5, 4, 23, 0), (2026, 5, 4, 23, 30), site=3)
    assert problem(second, [first], limits=LIMITS, now=now) is None
    assert problem(third, [first, second], limits=LIMITS, now=now) == "day_full"
