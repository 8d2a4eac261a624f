"""What is owed is the promise, to the day, in exact fractions, rounded once."""

from __future__ import annotations

import json
import math
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incubator.domain.commitments.due_rules import (
    Closure,
    HomePledge,
    Relief,
    calendar,
    due,
)
from incubator.domain.commitments.rules import Promise, Span, month_of
from incubator.domain.commitments.rules import due as plain_due

EVER = date(2019, 1, 1)
NOVEMBER = Span(date(2026, 11, 1), date(2026, 12, 1))
LYON, LILLE = 1, 2
SATURDAY = 5
TWELVE_HOURS = HomePledge(720, LYON, EVER)
days = st.dates(date(2024, 1, 1), date(2032, 12, 31))
minutes = st.integers(0, 44_640)
offsets = st.integers(-5, 40)


def nov(day: int) -> date:
    return date(2026, 11, 1) + timedelta(days=day - 1)


def weekdays(day: date) -> bool:
    return day.weekday() < SATURDAY


def open_days(span: Span, *closures: Closure, site: int = LYON):
    return calendar(span, site_id=site, basis="open_days", opens=weekdays, closures=closures)


@st.composite
def reliefs(draw: st.DrawFn, span: Span) -> list[Relief]:
    asked = draw(st.lists(st.tuples(st.integers(1, 100), offsets, offsets), max_size=3))
    return [
        Relief(pct, span.starts_on + timedelta(days=a), span.starts_on + timedelta(days=a + abs(n)))
        for pct, a, n in asked
    ]


@given(days, minutes, st.booleans())
def test_a_full_period_owes_exactly_its_promise(day: date, promised: int, by_open: bool) -> None:
    span = month_of(day)
    calendars = {LYON: open_days(span)} if by_open else None
    assert due(span, [HomePledge(promised, LYON, EVER)], calendars=calendars).minutes == promised


@given(days, minutes, st.data())
@settings(max_examples=60)
def test_reliefs_leave_between_nothing_and_the_promise(day: date, promised: int, data) -> None:
    span = month_of(day)
    given_reliefs = data.draw(reliefs(span))
    owed = due(span, [HomePledge(promised, LYON, EVER)], reliefs=given_reliefs)
    assert 0 <= owed.minutes <= promised
    # Day by day, as the formula is written.
    exact = Fraction(0)
    for number in range(span.days):
        here = span.starts_on + timedelta(days=number)
        off = [r.pct for r in given_reliefs if r.starts_on <= here < r.ends_on]
        exact += Fraction(promised * (100 - max(off, default=0)), 100 * span.days)
    assert owed.minutes == math.floor(exact + Fraction(1, 2))


@given(days, minutes, st.data())
@settings(max_examples=40)
def test_one_more_relief_never_makes_one_owe_more(day: date, promised: int, data) -> None:
    span = month_of(day)
    some = data.draw(reliefs(span))
    owed = [
        due(span, [HomePledge(promised, LYON, EVER)], reliefs=some[:n]).minutes
        for n in range(len(some) + 1)
    ]
    assert all(b <= a for a, b in pairwise(owed))


@given(days, st.lists(st.tuples(minutes, offsets, offsets), max_size=3), days)
@settings(max_examples=60)
def test_without_reliefs_it_is_what_was_owed_before(day: date, drawn, joined: date) -> None:
    span = month_of(day)
    terms = [
        (m, span.starts_on + timedelta(days=a), span.starts_on + timedelta(days=a + abs(n)))
        for m, a, n in drawn
    ]
    new = due(span, [HomePledge(m, LYON, a, b) for m, a, b in terms], since=joined)
    assert new.minutes == plain_due(span, [Promise(*t) for t in terms], joined_on=joined)


@given(days, minutes, st.integers(0, 31))
def test_moving_house_within_the_period_owes_the_promise_whatever_the_calendars(
    day: date, promised: int, shift: int
) -> None:
    span = month_of(day)
    turn = span.starts_on + timedelta(days=shift)
    pledges = [HomePledge(promised, LYON, EVER, turn), HomePledge(promised, LILLE, turn)]
    calendars = {LYON: open_days(span), LILLE: calendar(span)}
    assert due(span, pledges, calendars=calendars).minutes == promised


@given(days, minutes, offsets, offsets)
def test_a_closure_lowers_what_is_owed_or_leaves_it_whole(day, promised, first, length) -> None:
    span = month_of(day)
    start = span.starts_on + timedelta(days=first)
    shut = Closure(start, start + timedelta(days=abs(length)))
    lowering = Closure(shut.starts_on, shut.ends_on, lowers_due=True)
    pledge = HomePledge(promised, LYON, EVER)
    whole = due(span, [pledge], calendars={LYON: open_days(span, shut)})
    less = due(span, [pledge], calendars={LYON: open_days(span, lowering)})
    assert whole.minutes == promised
    assert 0 <= less.minutes <= promised


def test_rounding_is_half_up_and_once() -> None:
    half = Relief(50, EVER)
    assert due(NOVEMBER, [HomePledge(1, LYON, EVER)], reliefs=[half]).minutes == 1
    thirds = [HomePledge(100, LYON, nov(1 + k), nov(2 + k)) for k in range(30)]
    assert due(NOVEMBER, thirds).minutes == 100


def test_joining_on_the_20th_and_leaving_on_the_10th() -> None:
    assert due(NOVEMBER, [TWELVE_HOURS], since=nov(20)).minutes == 264  # 11 of 30 days
    assert due(NOVEMBER, [TWELVE_HOURS], until=nov(10)).minutes == 216  # 9 of 30 days
    assert due(NOVEMBER, [TWELVE_HOURS], until=nov(1)).minutes == 0


def test_joining_on_a_basis_of_open_days_is_weighed_by_the_house_one_joins() -> None:
    calendars = {LYON: open_days(NOVEMBER)}
    owed = due(NOVEMBER, [TWELVE_HOURS], since=nov(20), calendars=calendars, basis="open_days")
    assert (owed.open_days, owed.minutes) == (21, 240)  # 7 of 21 working days


def test_a_superseded_promise_without_days_says_nothing_of_where_one_is_at_home() -> None:
    pledges = [HomePledge(900, LILLE, nov(10), nov(10)), HomePledge(720, LYON, nov(20))]
    owed = due(NOVEMBER, pledges, calendars={LYON: open_days(NOVEMBER)})
    assert (owed.open_days, owed.minutes) == (21, 240)


def test_a_promise_changed_in_the_period_is_the_sum_of_its_days() -> None:
    half = [HomePledge(720, LYON, EVER, nov(16)), HomePledge(360, LYON, nov(16))]
    assert due(NOVEMBER, half).minutes == 540


def test_two_reliefs_that_overlap_do_not_add_up() -> None:
    both = [Relief(50, nov(1), nov(16), 7), Relief(30, nov(1), None, 8)]
    owed = due(NOVEMBER, [TWELVE_HOURS], reliefs=both)
    assert owed.minutes == 180 + 252
    assert [(s.relief_pct, s.relief_ids) for s in owed.stretches] == [(50, (7, 8)), (30, (8,))]


def test_an_exempt_member_owes_nothing() -> None:
    assert due(NOVEMBER, [TWELVE_HOURS], reliefs=[Relief(100, EVER)]).minutes == 0


def test_a_storm_lowers_the_due_when_it_says_so() -> None:
    storm = Closure(nov(2), nov(5), lowers_due=True)
    usual = Closure(nov(2), nov(5))

    def owed(closure: Closure) -> tuple[int, int]:
        by_calendar = {LYON: calendar(NOVEMBER, site_id=LYON, closures=[closure])}
        by_opening = {LYON: open_days(NOVEMBER, closure)}
        return tuple(
            due(NOVEMBER, [TWELVE_HOURS], calendars=one).minutes
            for one in (by_calendar, by_opening)
        )

    assert owed(storm) == (648, 617)  # 27 of 30 days; 18 of 21 working days
    assert owed(usual) == (720, 720)


def test_a_public_holiday_has_no_effect_on_calendar_days() -> None:
    holiday = Closure(nov(11), nov(12), LYON)
    calendars = {LYON: calendar(NOVEMBER, site_id=LYON, closures=[holiday])}
    assert due(NOVEMBER, [TWELVE_HOURS], since=nov(16), calendars=calendars).minutes == 360
    assert due(NOVEMBER, [TWELVE_HOURS], calendars=calendars).closures == ()


def test_a_holiday_shifts_the_weight_of_open_days() -> None:
    holiday = Closure(nov(11), nov(12), LYON)
    calendars = {LYON: open_days(NOVEMBER, holiday)}
    owed = due(NOVEMBER, [TWELVE_HOURS], since=nov(16), calendars=calendars)
    assert (owed.open_days, owed.minutes) == (20, 396)  # 11 of 20 working days


def test_a_closure_of_another_house_changes_nothing() -> None:
    elsewhere = Closure(nov(1), nov(30), LILLE, lowers_due=True)
    everywhere = Closure(nov(1), nov(16), None, lowers_due=True)
    mine = {LYON: calendar(NOVEMBER, site_id=LYON, closures=[elsewhere, everywhere])}
    assert due(NOVEMBER, [TWELVE_HOURS], calendars=mine).minutes == 360


def test_a_house_shut_all_period_forgives_nothing_by_itself() -> None:
    works = Closure(nov(1), nov(31))
    half = due(
        NOVEMBER, [TWELVE_HOURS], since=nov(16), calendars={LYON: open_days(NOVEMBER, works)}
    )
    assert half.minutes == 360
    given_up = Closure(nov(1), nov(31), lowers_due=True)
    assert (
        due(NOVEMBER, [TWELVE_HOURS], calendars={LYON: open_days(NOVEMBER, given_up)}).minutes == 0
    )


def test_the_home_site_changes_within_the_period() -> None:
    pledges = [HomePledge(720, LYON, EVER, nov(16)), HomePledge(360, LILLE, nov(16))]
    calendars = {LYON: open_days(NOVEMBER), LILLE: calendar(NOVEMBER)}
    owed = due(NOVEMBER, pledges, calendars=calendars, basis="open_days")
    assert [(s.site_id, s.open_days) for s in owed.stretches] == [(LYON, 10), (LILLE, 15)]
    assert owed.minutes == 288 + 216  # 10 and 15 of 25 days


@pytest.mark.parametrize(("year", "expected"), [(2027, 375), (2028, 386)])
def test_the_29th_of_february_is_a_day_like_others(year: int, expected: int) -> None:
    february = month_of(date(year, 2, 1))
    owed = due(february, [HomePledge(700, LYON, EVER)], since=date(year, 2, 14))
    assert owed.minutes == expected  # 15 of 28, 16 of 29 days


def test_a_year_of_53_weeks_owes_twelve_months() -> None:
    months = [month_of(date(2026, month, 1)) for month in range(1, 13)]
    assert sum(due(span, [TWELVE_HOURS]).minutes for span in months) == 12 * 720
    assert sum(span.days for span in months) == 365


def test_a_lengthened_period_still_owes_the_promise_once() -> None:
    assert due(Span(nov(1), nov(46)), [TWELVE_HOURS]).minutes == 720


def test_the_explanation_is_plain_data_that_adds_up() -> None:
    storm = Closure(nov(2), nov(3), lowers_due=True, id=5)
    calendars = {LYON: calendar(NOVEMBER, closures=[storm])}
    owed = due(
        NOVEMBER, [TWELVE_HOURS], reliefs=[Relief(50, nov(16), None, 3)], calendars=calendars
    )
    told = json.loads(json.dumps(owed.explanation))
    assert told["minutes"] == 336 + 180
    assert sum(Fraction(one["exact"]) for one in told["stretches"]) == 516
    second = told["stretches"][1]
    assert (second["from"], second["to"], second["days"]) == ("2026-11-16", "2026-12-01", 15)
    assert (second["open_days"], second["asked_days"], second["site"]) == (15, 15, LYON)
    assert (second["pledge"], second["relief_pct"], second["reliefs"]) == (720, 50, [3])
    assert told["closures"] == [
        {"id": 5, "from": "2026-11-02", "to": "2026-11-03", "lowers_due": True}
    ]
