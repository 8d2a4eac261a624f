"""The rules of hours hold for any day, promise and amount."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.domain.commitments.rules import (
    FOREVER,
    Limits,
    Outlook,
    Promise,
    Span,
    check_day,
    check_minutes,
    civil_day,
    counted,
    due,
    missing_spans,
    month_before,
    month_of,
    outlook,
)
from incubator.kernel.errors import Refusal

LIMITS = Limits(least=15, most_a_day=1440, step=5, back_days=62, help_a_week=600)
NOVEMBER = Span(date(2026, 11, 1), date(2026, 12, 1))
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
minutes = st.integers(0, 44_640)


def no(minutes: int, that_day: int = 0) -> str:
    with pytest.raises(Refusal) as caught:
        check_minutes(minutes, that_day=that_day, limits=LIMITS)
    return caught.value.code.partition(".")[2]


def test_minutes_have_bounds_and_steps() -> None:
    assert (no(10), no(-60), no(17)) == ("too_short", "too_short", "odd_minutes")
    assert (no(1445), no(60, 1385)) == ("day_full", "day_full")
    check_minutes(15, that_day=1425, limits=LIMITS)


@given(st.integers(-100, 3000), st.integers(0, 1440))
def test_what_is_accepted_fits_in_the_day(asked: int, that_day: int) -> None:
    try:
        check_minutes(asked, that_day=that_day, limits=LIMITS)
    except Refusal:
        assert asked < 15 or asked % 5 or asked + that_day > 1440
    else:
        assert asked >= 15
        assert asked % 5 == 0
        assert asked + that_day <= 1440


@given(days, days, days)
def test_what_is_accepted_lies_between_joining_and_today(day: date, today: date, joined) -> None:
    try:
        check_day(day, today=today, joined_on=joined, back_days=62)
    except Refusal:
        assert day > today or day < joined or today > day + timedelta(days=62)
    else:
        assert joined <= day <= today <= day + timedelta(days=62)


def test_the_day_is_the_one_of_the_place() -> None:
    night = datetime(2026, 11, 12, 23, 30, tzinfo=UTC)
    assert civil_day(night, "Europe/Paris") == date(2026, 11, 13)
    assert civil_day(night, "America/Montreal") == date(2026, 11, 12)


@given(days)
def test_a_month_holds_its_day_and_touches_its_neighbours(day: date) -> None:
    month = month_of(day)
    assert month.starts_on <= day <= month.last_day
    assert month_before(day).ends_on == month.starts_on
    assert 28 <= month.days <= 31


@given(days, days)
def test_added_periods_touch_what_was_there(one: date, other: date) -> None:
    first, end = month_of(one).starts_on, month_of(one).ends_on
    spans = sorted([Span(first, end), *missing_spans(other, first, end)])
    assert any(s.starts_on <= other < s.ends_on for s in spans)
    assert all(a.ends_on == b.starts_on for a, b in pairwise(spans))


def test_a_span_says_how_much_of_it_has_begun() -> None:
    asked = (date(2026, 10, 31), date(2026, 11, 15), date(2027, 2, 1))
    assert [NOVEMBER.elapsed(day) for day in asked] == [0, 50, 100]


def test_the_first_period_is_the_month_and_a_lengthened_one_is_respected() -> None:
    assert missing_spans(date(2026, 11, 12), None, None) == [NOVEMBER]
    after = missing_spans(date(2027, 1, 2), date(2026, 11, 1), date(2026, 12, 15))
    assert after[0] == Span(date(2026, 12, 15), date(2027, 1, 1))


@given(days, minutes)
def test_an_unchanged_promise_owes_exactly_itself(day: date, promised: int) -> None:
    assert due(month_of(day), [Promise(promised, date(2019, 1, 1))]) == promised


@given(days, minutes, minutes, st.integers(0, 31))
def test_a_change_of_promise_owes_something_between_the_two(
    day: date, before: int, after: int, shift: int
) -> None:
    month = month_of(day)
    turn = month.starts_on + timedelta(days=shift)
    promises = [Promise(before, date(2019, 1, 1), turn), Promise(after, turn)]
    assert min(before, after) <= due(month, promises) <= max(before, after)


@given(days, minutes, days)
def test_days_before_joining_owe_nothing(day: date, promised: int, joined: date) -> None:
    month = month_of(day)
    owed = due(month, [Promise(promised, date(2019, 1, 1))], joined_on=joined)
    present = month.shared(joined, None)
    assert abs(owed * month.days - promised * present) * 2 <= month.days


@given(days, st.lists(st.integers(0, 31), max_size=6), minutes)
def test_cutting_a_promise_in_pieces_changes_nothing(day: date, cuts, promised: int) -> None:
    month = month_of(day)
    edges = [date(2019, 1, 1), *sorted(month.starts_on + timedelta(days=c) for c in cuts), FOREVER]
    assert due(month, [Promise(promised, a, b) for a, b in pairwise(edges)]) == promised


@given(minutes, st.integers(0, 100))
def test_what_counts_is_never_more_than_what_was_given(given_minutes: int, percent: int) -> None:
    assert 0 <= counted(given_minutes, percent) <= given_minutes
    assert counted(given_minutes, 100) == given_minutes


@given(days, days, minutes, minutes, minutes)
def test_the_outlook_always_makes_sense(
    day: date, today: date, owed: int, done: int, waiting: int
) -> None:
    span = month_of(day)
    seen = outlook(span, today=today, owed=owed, done=done, waiting=waiting)
    assert (seen.state == "none") == (owed == 0)
    assert (seen.state == "held") == (0 < owed <= done)
    if seen.state == "pace":
        assert seen.day
        assert today < seen.day <= span.last_day
    if seen.state == "push":
        weeks = (span.ends_on - today).days / 7
        assert seen.left <= seen.weekly * weeks
        assert seen.weekly % 15 == 0
    if seen.state in {"pace", "push", "last", "missed", "ahead"}:
        assert seen.left == owed - done - waiting > 0


@pytest.mark.parametrize(
    ("today", "done", "waiting", "expected"),
    [
        (12, 390, 90, Outlook("pace", 240, day=date(2026, 11, 18))),
        (20, 390, 90, Outlook("pace", 240, day=date(2026, 11, 30))),
        (21, 390, 90, Outlook("push", 240, weekly=180)),
        (12, 0, 0, Outlook("push", 720, weekly=270)),
        (27, 390, 90, Outlook("last", 240, weekly=240)),
        (12, 700, 60, Outlook("awaiting", 20)),
        (12, 720, 0, Outlook("held")),
    ],
)
def test_the_sentence_of_the_month(today: int, done: int, waiting: int, expected: Outlook) -> None:
    now = date(2026, 11, today)
    assert outlook(NOVEMBER, today=now, owed=720, done=done, waiting=waiting) == expected


def test_the_sentence_of_other_months() -> None:
    say = {"owed": 720, "done": 60, "waiting": 0}
    assert outlook(NOVEMBER, today=date(2026, 12, 1), **say) == Outlook("missed", 660)
    assert outlook(NOVEMBER, today=date(2026, 10, 31), **say) == Outlook("ahead", 660)
