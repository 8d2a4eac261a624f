"""Nobody is paused without a warning and its grace, and making good lifts everything."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.domain.commitments.standing_rules import (
    Balance,
    Standing,
    Terms,
    agree_plan,
    covers,
    pause,
    shown,
    step,
)

TERMS = Terms(warn_days=7, grace_days=14)
ENDS = date(2026, 12, 1)
START = date(2026, 11, 1)
HELD = Standing("ok", START)
amounts = st.integers(-500, 500)
weeks = st.lists(st.tuples(amounts, amounts, st.sampled_from(["", "plan", "pause"])), max_size=12)


def nov(day: int) -> date:
    return START + timedelta(days=day - 1)


def balance(carried: int = 0, *, done: int = 0, planned: int = 0, due: int = 720) -> Balance:
    return Balance.of(carried=carried, done=done, planned=planned, due=due, ends_on=ENDS)


def late(since: int = 2) -> Standing:
    return step(HELD, balance(-60), terms=TERMS, today=nov(since)).standing


def test_on_day_one_nobody_is_behind() -> None:
    first = step(HELD, balance(), terms=TERMS, today=nov(1))
    assert (first.standing, first.reason, first.warn) == (HELD, "held", False)
    assert first.review_on == nov(24)


def test_in_the_last_days_who_has_not_planned_enough_is_watched() -> None:
    behind = step(HELD, balance(done=600), terms=TERMS, today=nov(24))
    assert (behind.standing.state, behind.reason, behind.warn) == ("watch", "behind", True)
    planned = step(behind.standing, balance(done=600, planned=120), terms=TERMS, today=nov(25))
    assert (planned.standing, planned.reason) == (Standing("ok", nov(25)), "held")


def test_a_debt_after_the_close_is_late_and_warned_of() -> None:
    found = step(HELD, balance(-60), terms=TERMS, today=nov(2))
    assert found.standing == Standing("late", nov(2), warned_on=nov(2))
    assert (found.reason, found.warn, found.review_on) == ("debt", True, nov(16))


def test_a_debt_made_good_within_the_period_lifts_it_at_once() -> None:
    lifted = step(late(), balance(-60, done=780), terms=TERMS, today=nov(12))
    assert (lifted.standing.state, lifted.reason) == ("ok", "plan_kept")
    still = step(late(), balance(-60, done=779), terms=TERMS, today=nov(12))
    assert (still.standing, still.warn) == (late(), False)


def test_a_pause_comes_by_a_decision_after_grace() -> None:
    assert pause(late(), terms=TERMS, today=nov(15)) is None
    paused = pause(late(), terms=TERMS, today=nov(16))
    assert paused == Standing("paused", nov(16), warned_on=nov(2))
    assert step(paused, balance(-60), terms=TERMS, today=nov(30)).reason == "unchanged"
    assert step(paused, balance(), terms=TERMS, today=nov(20)).standing.state == "ok"


def test_nobody_is_paused_who_is_not_late_or_was_not_warned() -> None:
    for one in (HELD, Standing("watch", START), Standing("late", START)):
        assert pause(one, terms=TERMS, today=ENDS) is None


def test_a_plan_holds_until_its_day() -> None:
    plan = agree_plan(late(), until=nov(20), today=nov(5))
    held = step(plan, balance(-60), terms=TERMS, today=nov(20))
    assert (held.standing, held.reason, held.review_on) == (plan, "plan_agreed", nov(21))
    assert pause(plan, terms=TERMS, today=nov(20)) is None


def test_a_broken_plan_is_late_with_a_new_warning_and_grace() -> None:
    plan = agree_plan(late(), until=nov(20), today=nov(5))
    broken = step(plan, balance(-60), terms=TERMS, today=nov(21))
    assert (broken.reason, broken.warn) == ("plan_broken", True)
    assert broken.standing.pause_from(TERMS) == nov(35)


def test_a_plan_may_be_agreed_with_who_is_late_or_paused_and_prolonged() -> None:
    paused = pause(late(), terms=TERMS, today=nov(16))
    assert agree_plan(paused, until=nov(30), today=nov(17)).state == "plan"
    plan = agree_plan(late(), until=nov(20), today=nov(5))
    assert agree_plan(plan, until=nov(25), today=nov(19)).since == nov(5)
    assert agree_plan(HELD, until=nov(30), today=nov(2)) is None
    assert agree_plan(late(), until=nov(4), today=nov(5)) is None


def test_a_plan_covers_a_debt_with_sign_ups_in_time() -> None:
    signups = [(nov(5), 60), (nov(12), 60), (nov(26), 180)]
    assert covers(120, signups, until=nov(20))
    assert not covers(121, signups, until=nov(20))


@pytest.mark.parametrize("state", ["exiting", "left"])
def test_who_leaves_is_left_alone(state: str) -> None:
    going = Standing(state, START)
    assert step(going, balance(-900), terms=TERMS, today=ENDS).standing == going
    assert shown(state, relieved=True) == state


def test_a_relief_changes_what_is_shown_only() -> None:
    assert (shown("late", relieved=True), shown("late", relieved=False)) == ("relief", "late")


@given(amounts, amounts, st.integers(0, 40))
def test_asked_again_on_the_same_day_nothing_more_changes(carried, done, days: int) -> None:
    for before in (HELD, late(), agree_plan(late(), until=nov(10), today=nov(5))):
        now = {"terms": TERMS, "today": nov(6) + timedelta(days=days)}
        first = step(before, balance(carried, done=done), **now)
        again = step(first.standing, balance(carried, done=done), **now)
        assert (again.standing, again.warn, again.review_on) == (
            *(first.standing, False),
            first.review_on,
        )


@given(weeks)
def test_no_pause_without_a_warning_and_its_grace(told) -> None:
    """Invariant 17, over any weeks, plans and decisions."""
    now, warned, today = HELD, [], START
    for carried, done, decision in told:
        today += timedelta(days=7)
        found = step(now, balance(carried, done=done, due=0), terms=TERMS, today=today)
        warned += [today] if found.warn and found.standing.state == "late" else []
        now = found.standing
        if decision == "plan":
            now = agree_plan(now, until=today + timedelta(days=10), today=today) or now
        if decision == "pause":
            paused = pause(now, terms=TERMS, today=today)
            if paused:
                assert carried < 0
                assert warned[-1] + timedelta(days=TERMS.grace_days) <= today
            now = paused or now
    assert now.state in {"ok", "watch", "late", "plan", "paused"}
