"""Duties recur at the same hour of the wall clock, whatever the clock does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incubator.domain.commitments.rules import Span, month_of
from incubator.domain.commitments.slot_rules import (
    DAY,
    Changes,
    Duty,
    Kept,
    Person,
    Series,
    Weekly,
    attendance,
    cancelling,
    changes,
    coverage,
    expand,
    fit,
    usual_weekdays,
)

PARIS, MONTREAL, DAKAR = "Europe/Paris", "America/Montreal", "Africa/Dakar"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NINE = datetime(2026, 11, 12, 9, tzinfo=UTC)
SLOT = (NINE, NINE + 3 * HOUR)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
MONDAY, TUESDAY, THURSDAY, SUNDAY = 0, 1, 3, 6
days = st.dates(date(2024, 1, 1), date(2032, 12, 31))
weeklies = st.builds(Weekly, st.frozensets(st.integers(0, 6), min_size=1), st.integers(1, 5))


def every_day(zone: str, start: int = 540, duration: int = 180) -> Series:
    return Series(Weekly(frozenset(range(7))), zone, start, duration, date(2026, 1, 1))


def weekly(*weekdays: int, every: int = 1, since: date = date(2026, 11, 2)) -> Series:
    return Series(Weekly(frozenset(weekdays), every), PARIS, 540, 180, since)


@given(days, weeklies, st.integers(0, 1439), st.sampled_from([PARIS, MONTREAL, DAKAR]))
@settings(max_examples=50)
def test_a_slot_begins_on_its_day_at_its_hour_and_lasts_its_time(day, often, start, zone) -> None:
    series = Series(often, zone, start, 90, day)
    for local_day, (begins, ends) in expand(series, Span(day, day + 40 * DAY)).items():
        local = begins.astimezone(ZoneInfo(zone))
        assert ends - begins == 90 * MINUTE
        assert local_day.weekday() in often.weekdays
        assert local.date() == local_day
        skipped = (local.hour * 60 + local.minute) - start
        assert skipped in {0, 60}  # an hour later where the clock leaves its own out


@given(days, weeklies, st.integers(1, 60), st.integers(0, 60))
@settings(max_examples=50)
def test_expanding_in_pieces_is_expanding_at_once(day, often, length: int, cut: int) -> None:
    series = Series(often, PARIS, 540, 90, day - 10 * DAY)
    whole = Span(day, day + length * DAY)
    turn = min(day + cut * DAY, whole.ends_on)
    pieces = expand(series, Span(day, turn)) | expand(series, Span(turn, whole.ends_on))
    assert pieces == expand(series, whole)


@given(weeklies)
def test_a_rule_is_read_as_it_is_written(often: Weekly) -> None:
    assert Weekly.parse(often.rrule) == often


@pytest.mark.parametrize(
    "rrule",
    ["", "FREQ=DAILY", "FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=XX", "FREQ=WEEKLY;BYDAY=MO;COUNT=3"]
    + [f"FREQ=WEEKLY;INTERVAL={n};BYDAY=MO" for n in (0, 53, "x")],
)
def test_another_rule_is_refused(rrule: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Weekly.parse(rrule or "=")


def test_every_other_week_is_counted_from_the_first() -> None:
    series = weekly(MONDAY, THURSDAY, every=2, since=date(2026, 11, 5))
    november = expand(series, month_of(date(2026, 11, 1)))
    assert [day.day for day in november] == [5, 16, 19, 30]


def test_a_year_of_53_weeks_does_not_shift_every_other_week() -> None:
    series = weekly(MONDAY, every=2, since=date(2026, 12, 21))
    found = expand(series, Span(date(2026, 12, 1), date(2027, 2, 1)))
    assert list(found) == [date(2026, 12, 21), date(2027, 1, 4), date(2027, 1, 18)]


def test_a_duty_on_the_29th_of_february() -> None:
    series = weekly(TUESDAY, since=date(2028, 2, 1))
    assert date(2028, 2, 29) in expand(series, month_of(date(2028, 2, 1)))


@pytest.mark.parametrize(
    ("zone", "change", "before", "after"),
    [
        (PARIS, date(2026, 3, 29), 8, 7),
        (PARIS, date(2026, 10, 25), 7, 8),
        (MONTREAL, date(2026, 3, 8), 14, 13),
        (MONTREAL, date(2026, 11, 1), 13, 14),
        (DAKAR, date(2026, 3, 29), 9, 9),
    ],
)
def test_nine_in_the_morning_stays_nine_over_a_clock_change(zone, change, before, after) -> None:
    found = expand(every_day(zone), Span(change - DAY, change + DAY))
    assert [start.hour for start, _ in found.values()] == [before, after]
    assert all(end - start == 3 * HOUR for start, end in found.values())


def test_an_hour_that_is_left_out_comes_later_and_one_that_comes_twice_is_the_first() -> None:
    half_past_two = every_day(PARIS, start=150)
    assert half_past_two.hours(date(2026, 3, 29))[0] == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert half_past_two.hours(date(2026, 10, 25))[0] == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_duty_over_midnight_is_known_by_the_day_it_begins() -> None:
    night = every_day(PARIS, start=1380, duration=120)
    (found,) = expand(night, Span(date(2026, 1, 31), date(2026, 2, 1))).items()
    assert found[0] == date(2026, 1, 31)
    assert found[1][1].astimezone(ZoneInfo(PARIS)).date() == date(2026, 2, 1)


def test_closed_days_and_holidays_have_no_slot() -> None:
    armistice = Span(date(2026, 11, 11), date(2026, 11, 12))
    works = Span(date(2026, 11, 16), date(2026, 11, 30))
    found = expand(every_day(PARIS), month_of(date(2026, 11, 1)), closed=[armistice, works])
    assert [day.day for day in found] == [*range(1, 11), *range(12, 16), 30]


def test_a_series_ends_before_its_last_day() -> None:
    ended = Series(Weekly(frozenset({MONDAY})), PARIS, 540, 60, date(2026, 1, 1), date(2026, 11, 9))
    assert list(expand(ended, month_of(date(2026, 11, 1)))) == [date(2026, 11, 2)]


def test_a_new_hour_moves_the_slots_and_adds_none() -> None:
    span = month_of(date(2026, 11, 1))
    kept = {day: Kept(hours) for day, hours in expand(weekly(MONDAY), span).items()}
    later = expand(Series(Weekly(frozenset({MONDAY})), PARIS, 600, 180, date(2026, 11, 2)), span)
    assert changes(later, kept, now=LONG_AGO) == Changes(add={}, move=later, cancel=())


def test_the_past_and_what_was_changed_by_hand_stay_as_they_are() -> None:
    span = month_of(date(2026, 11, 1))
    hours = expand(weekly(MONDAY), span)
    past, moved, cancelled, dropped = sorted(hours)[:4]
    kept = {
        past: Kept(hours[past]),
        moved: Kept(hours[moved], moved=True),
        cancelled: Kept(hours[cancelled], cancelled=True, moved=True),
        dropped: Kept(hours[dropped]),
    }
    found = changes({}, kept, now=hours[past][0])
    assert found == Changes(add={}, move={}, cancel=(dropped,))


def test_a_closure_that_is_lifted_brings_its_slots_back() -> None:
    hours = expand(weekly(MONDAY), month_of(date(2026, 11, 1)))
    kept = {day: Kept(slot, cancelled=True) for day, slot in hours.items()}
    assert changes(hours, kept, now=LONG_AGO).add == hours
    assert changes({}, kept, now=LONG_AGO).cancel == ()


@given(weeklies, weeklies, st.integers(0, 1439), st.integers(0, 40))
@settings(max_examples=50)
def test_changes_made_once_leave_nothing_to_do(
    old: Weekly, new: Weekly, start: int, passed
) -> None:
    span, first = Span(date(2026, 10, 1), date(2026, 11, 15)), date(2026, 9, 1)
    kept = {d: Kept(h) for d, h in expand(Series(old, PARIS, 540, 60, first), span).items()}
    wanted = expand(Series(new, PARIS, start, 60, first), span)
    now = datetime(2026, 10, 1, tzinfo=UTC) + passed * DAY
    todo = changes(wanted, kept, now=now)
    done = kept | {day: Kept(hours) for day, hours in {**todo.add, **todo.move}.items()}
    done |= {day: Kept(kept[day].hours, cancelled=True) for day in todo.cancel}
    assert changes(wanted, done, now=now) == Changes({}, {}, ())
    live = {day for day, one in done.items() if not one.cancelled and day > now.date()}
    assert live == {day for day in wanted if day > now.date()}


@pytest.mark.parametrize(
    ("booked", "expected"), [(0, "empty"), (1, "thin"), (2, "ok"), (3, "full"), (4, "full")]
)
def test_a_slot_is_empty_thin_well_staffed_or_full(booked: int, expected: str) -> None:
    assert coverage(booked, least=2, most=3) == expected


def test_who_cannot_come_cancels_in_time_or_looks_for_a_stand_in() -> None:
    def told(before: timedelta) -> str | None:
        return cancelling(NINE, now=NINE - before, notice_hours=24)

    assert [told(h * HOUR) for h in (24, 23, 0)] == ["cancelled", "stand_in_wanted", None]
    assert cancelling(NINE, now=NINE - MINUTE, notice_hours=0) == "cancelled"


def test_the_sheet_is_filled_in_with_who_was_there() -> None:
    def there(*spans: tuple[int, int]) -> tuple[str, int]:
        return attendance(SLOT, [(NINE + a * MINUTE, NINE + b * MINUTE) for a, b in spans])

    assert there((-30, 200)) == ("done", 180)
    assert there((15, 180)) == ("done", 165)
    assert there((16, 180)) == ("partial", 164)
    assert there((0, 60), (120, 180)) == ("partial", 120)
    assert there() == there((-60, 0)) == there((180, 240)) == ("missed", 0)


def test_a_slot_suits_by_skill_then_usual_day_then_need_then_home() -> None:
    duty = Duty(site_id=1, hours=SLOT, weekday=THURSDAY, skill_id=7)
    able = frozenset({7})
    usual = Person(1, 2, able, usual=frozenset({THURSDAY}))
    owing = Person(2, 1, able, left=60)
    at_home = Person(3, 1, able)
    stranger = Person(4, 2, able)
    assert [fit(duty, one) for one in (usual, owing, at_home, stranger)] == [4, 3, 1, 0]
    assert fit(duty, Person(5, 1, usual=frozenset({THURSDAY}), left=60)) is None


def test_nobody_is_asked_for_a_slot_while_they_are_taken() -> None:
    duty = Duty(site_id=1, hours=SLOT, weekday=THURSDAY)
    until_nine, from_ten = (NINE - HOUR, NINE), (NINE + HOUR, NINE + 2 * HOUR)
    assert fit(duty, Person(1, 1, busy=(until_nine,))) == 1
    assert fit(duty, Person(1, 1, busy=(until_nine, from_ten))) is None


def test_a_weekday_is_usual_after_three_times() -> None:
    tuesdays = [date(2026, 11, 3) + week * 7 * DAY for week in range(3)]
    came = [*tuesdays, date(2026, 11, 8), date(2026, 11, 15), date(2026, 11, 15)]
    assert usual_weekdays(came) == {TUESDAY}
    assert usual_weekdays(came, least=2) == {TUESDAY, SUNDAY}
