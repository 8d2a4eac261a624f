"""The rules of leaves, transfers and exits, over random dates and acts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.domain.membership import processes
from incubator.domain.membership.processes import (
    EXIT,
    KINDS,
    LEAVE,
    LIVE,
    STATES,
    TRANSFER,
    Plan,
)
from incubator.kernel.errors import Refusal

TODAY = date(2026, 11, 12)
ACTS = ("agree", "refuse", "cancel", "begin", "finish")
days = st.integers(-800, 800).map(lambda number: TODAY + timedelta(days=number))
lengths = st.integers(1, 400)


@st.composite
def plans(draw, states=STATES, kinds=KINDS):
    kind, starts_on = draw(st.sampled_from(kinds)), draw(days)
    ends_on = starts_on + timedelta(days=draw(lengths)) if kind == LEAVE else None
    # Only a leave lasts.
    fitting = [state for state in states if kind == LEAVE or state != "active"]
    state = draw(st.sampled_from(fitting))
    return Plan(kind=kind, state=state, starts_on=starts_on, ends_on=ends_on)


def moved(plan: Plan, act: str) -> Plan:
    state = processes.after(plan.kind, plan.state, act)
    return Plan(kind=plan.kind, state=state, starts_on=plan.starts_on, ends_on=plan.ends_on)


@given(plans(), st.lists(st.sampled_from(ACTS), max_size=12))
def test_whatever_people_do_what_is_over_stays_over(plan: Plan, acts: list[str]) -> None:
    for act in acts:
        if not processes.may(plan.kind, plan.state, act):
            with pytest.raises(Refusal, match=r"membership\.too_late"):
                processes.after(plan.kind, plan.state, act)
            continue
        assert plan.is_live
        plan = moved(plan, act)
        assert plan.state in STATES
        assert plan.state != "active" or plan.kind == LEAVE


@given(plans(), days)
def test_the_calendar_owes_only_what_is_possible_and_nothing_twice(plan: Plan, today) -> None:
    for act in processes.due(plan, today):
        plan = moved(plan, act)
    assert processes.due(plan, today) == ()


@given(plans(states=("planned", "active")), st.lists(days, min_size=1, max_size=6))
def test_looking_late_gives_what_looking_each_day_gives(plan: Plan, looks) -> None:
    often = once = plan
    for today in sorted(looks):
        for act in processes.due(often, today):
            often = moved(often, act)
    for act in processes.due(once, max(looks)):
        once = moved(once, act)
    assert often == once


@given(plans(states=("planned", "active")))
def test_in_the_end_everything_planned_is_done(plan: Plan) -> None:
    for act in processes.due(plan, date.max):
        plan = moved(plan, act)
    assert plan.state == "done"


@given(plans(states=("asked",)), st.lists(plans(), max_size=3))
def test_who_may_stand_beside_whom(new: Plan, others: list[Plan]) -> None:
    live = [other for other in others if other.is_live]
    twice = any(other.kind == new.kind for other in live)
    late = any(other.kind == EXIT and other.starts_on <= new.starts_on for other in live)
    if not (twice or late):
        processes.check_beside(new, others)
        return
    with pytest.raises(Refusal) as caught:
        processes.check_beside(new, others)
    assert caught.value.code in {"membership.one_at_a_time", "membership.after_exit"}


@given(plans(states=LIVE, kinds=(LEAVE, TRANSFER)), days)
def test_nothing_lives_after_an_exit_and_a_leave_keeps_its_order(plan: Plan, exit_on) -> None:
    after = processes.closed_by_exit(plan, exit_on)
    assert not after.is_live
    assert after.state == ("done" if plan.state == "active" else "cancelled")
    if after.ends_on and plan.ends_on:
        assert plan.starts_on < after.ends_on <= plan.ends_on


@given(days, days)
def test_dates_that_pass_lie_within_two_years_and_in_order(starts_on, ends_on) -> None:
    near = TODAY - processes.BACK <= starts_on <= TODAY + processes.AHEAD
    if near and max(starts_on, TODAY) < ends_on <= starts_on + processes.LONGEST_LEAVE:
        processes.check_dates(LEAVE, starts_on, ends_on, today=TODAY)
        return
    with pytest.raises(Refusal) as caught:
        processes.check_dates(LEAVE, starts_on, ends_on, today=TODAY)
    assert caught.value.field == ("ends_on" if near else "starts_on")


@pytest.mark.parametrize("kind", [TRANSFER, EXIT])
def test_a_move_and_an_exit_are_never_dated_back(kind) -> None:
    processes.check_dates(kind, TODAY, None, today=TODAY)
    with pytest.raises(Refusal, match=r"membership\.day_past"):
        processes.check_dates(kind, TODAY - timedelta(days=1), None, today=TODAY)
    with pytest.raises(Refusal, match=r"membership\.day_far"):
        processes.check_dates(kind, TODAY + timedelta(days=731), None, today=TODAY)


def test_a_reason_is_one_line_and_short() -> None:
    assert processes.check_reason("  un\n mot ") == "un mot"
    for text, needed, code in (("x" * 301, False, "reason_long"), (" ", True, "reason_needed")):
        with pytest.raises(Refusal, match=code):
            processes.check_reason(text, needed=needed)
