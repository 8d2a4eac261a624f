"""Rules of the barter ledger: lines, shortfalls, ages, the chain, figures of health."""

from __future__ import annotations

import hashlib
import math
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.domain.exchanges.ledger import health_rules
from incubator.domain.exchanges.ledger.rules import (
    GENESIS,
    Limits,
    NotWholeCents,
    Part,
    Policy,
    State,
    age_of,
    excess,
    grown,
    limits_of,
    line_for,
    link_hash,
    passes_soft_limit,
    shortfall,
    shrunk,
    whole_cents,
)

NOW = datetime(2026, 11, 12, 9, 41, tzinfo=UTC)
CENTS = st.integers(0, 10_000_000)
TXN = {"id": 1, "kind": "settle", "at": NOW, "reason": "«é»", "by_id": None}
PARTS = [Part(1, 500, 1, 500), Part(2, -500, 1, -500)]


@pytest.mark.parametrize("bad", [1.0, 0.1 + 0.2, math.nan, True, "100", Decimal(1), None, 10**15])
def test_what_is_no_whole_cents_is_refused_at_the_door(bad: object) -> None:
    with pytest.raises(NotWholeCents) as caught:
        whole_cents(bad)
    assert caught.value.code == "ledger.cents"


@given(st.integers(-(10**10), 10**10))
def test_whole_cents_pass_as_they_are(cents: int) -> None:
    assert whole_cents(cents) == cents


def test_the_soft_limit_is_at_four_fifths_of_the_line() -> None:
    assert limits_of(500_00, upper=None) == Limits(lower=-500_00, soft=-400_00, upper=None)


@given(CENTS)
def test_a_soft_limit_lies_between_the_line_and_nothing(line: int) -> None:
    limits = limits_of(line, upper=None)
    assert limits.lower <= limits.soft <= 0


def test_a_line_grows_by_full_steps_of_what_was_given_up_to_the_cap() -> None:
    policy = Policy(start_cents=500_00, growth_pct=20, cap_cents=1_000_00)
    lines = [line_for(policy, given) for given in (0, 249_99, 250_00, 1_000_00, 10**9)]
    assert lines == [500_00, 500_00, 550_00, 700_00, 1_000_00]


@given(CENTS, CENTS)
def test_giving_more_never_makes_a_line_shorter(before: int, more: int) -> None:
    policy = Policy()
    assert line_for(policy, before) <= line_for(policy, before + more) <= policy.cap_cents


def test_a_line_set_below_what_was_earned_stays_and_one_above_waits() -> None:
    policy = Policy()
    assert grown(policy, 500_00, before=0, after=250_00) == 550_00
    assert grown(policy, 100_00, before=0, after=250_00) is None
    assert grown(policy, 900_00, before=0, after=250_00) is None
    assert grown(policy, 500_00, before=0, after=249_99) is None


def test_what_was_taken_back_lengthens_no_line() -> None:
    policy = Policy()
    assert shrunk(policy, 550_00, before=250_00, after=0) == 500_00
    assert shrunk(policy, 550_00, before=250_00, after=249_99) == 500_00
    assert shrunk(policy, 550_00, before=299_99, after=250_00) is None
    # Set by a manager, lower or higher than what was earned, it stays.
    assert shrunk(policy, 549_99, before=250_00, after=0) is None
    assert shrunk(policy, 900_00, before=250_00, after=0) is None


def test_a_shortfall_is_exact_to_the_cent() -> None:
    state = State(balance=-300_00, reserved=100_00, limits=limits_of(500_00, upper=None))
    assert (state.available, shortfall(state, 100_00), shortfall(state, 100_01)) == (100_00, 0, 1)


def test_what_is_beyond_the_line_already_or_frozen_has_nothing_left() -> None:
    below = State(balance=-600_00, reserved=0, limits=limits_of(500_00, upper=None))
    frozen = State(balance=100_00, reserved=0, limits=limits_of(500_00, upper=None, frozen=True))
    assert (below.available, frozen.available, shortfall(frozen, 1)) == (0, 0, 1)


def test_an_excess_is_exact_and_without_a_limit_there_is_none() -> None:
    full = State(balance=90_00, reserved=0, limits=limits_of(0, upper=100_00))
    assert (excess(full, 10_00), excess(full, 10_01)) == (0, 1)
    assert excess(State(balance=90_00, reserved=0, limits=limits_of(0, upper=None)), 10**9) == 0


def test_the_soft_limit_warns_once_on_the_way_down() -> None:
    limits = limits_of(100_00, upper=None)
    assert passes_soft_limit(limits, before=-80_00, after=-80_01)
    assert not passes_soft_limit(limits, before=-80_01, after=-90_00)
    assert not passes_soft_limit(limits, before=-90_00, after=-80_01)
    assert not passes_soft_limit(limits, before=0, after=-80_00)


@pytest.mark.parametrize(
    ("days", "age"), [(0, "fine"), (273, "fine"), (274, "plan"), (365, "plan"), (366, "settle")]
)
def test_a_negative_balance_is_planned_after_nine_months_and_settled_after_twelve(
    days: int, age: str
) -> None:
    assert age_of(NOW - timedelta(days=days), NOW) == age


def test_a_plan_is_due_from_the_very_instant_on() -> None:
    month = timedelta(days=365.25 / 12)
    assert age_of(NOW - 9 * month, NOW) == "plan"
    assert age_of(NOW - 9 * month + timedelta(microseconds=1), NOW) == "fine"
    assert age_of(NOW - 12 * month, NOW) == "settle"


def test_no_negative_balance_is_never_old() -> None:
    assert age_of(None, NOW) == "fine"


def test_a_link_is_the_same_whatever_the_order_and_the_zone() -> None:
    there = NOW.astimezone(UTC)
    assert link_hash(GENESIS, TXN, PARTS) == link_hash(GENESIS, TXN | {"at": there}, PARTS[::-1])
    assert len(link_hash(GENESIS, TXN, PARTS)) == 64


def test_a_link_is_spelled_as_it_was_when_the_first_was_written() -> None:
    """The spelling is for ever: with another, every chain that exists would seem broken."""
    assert GENESIS == "0" * 64
    text = (
        '{"entries":[[1,500,1,500],[2,-500,1,-500]],"txn":{"at":"2026-11-12T09:41:00.000000+00:00",'
        '"by_id":null,"id":1,"kind":"settle","reason":"\\u00ab\\u00e9\\u00bb"}}'
    )
    told = hashlib.sha256(f"{GENESIS}\n{text}".encode()).hexdigest()
    assert link_hash(GENESIS, TXN, PARTS) == told


def test_the_house_begins_with_500_euros_and_grows_to_5000() -> None:
    assert Policy() == Policy(
        start_cents=500_00, growth_pct=20, cap_cents=5_000_00, upper_cents=10_000_00
    )
    policy = Policy()
    assert (line_for(policy, 0), line_for(policy, 10**9)) == (500_00, 5_000_00)


@pytest.mark.parametrize(
    "changed",
    [
        {"id": 2},
        {"kind": "fee"},
        {"at": NOW + timedelta(microseconds=1)},
        {"reason": "«e»"},
        {"by_id": 0},
    ],
)
def test_any_word_of_a_transaction_changes_its_link(changed: dict[str, object]) -> None:
    assert link_hash(GENESIS, TXN | changed, PARTS) != link_hash(GENESIS, TXN, PARTS)


@pytest.mark.parametrize(
    "parts",
    [
        [Part(1, 501, 1, 500), PARTS[1]],
        [Part(3, 500, 1, 500), PARTS[1]],
        [Part(1, 500, 2, 500), PARTS[1]],
        [Part(1, 500, 1, 501), PARTS[1]],
        PARTS[:1],
    ],
)
def test_any_number_of_an_entry_changes_its_link(parts: list[Part]) -> None:
    assert link_hash(GENESIS, TXN, parts) != link_hash(GENESIS, TXN, PARTS)


def test_another_past_changes_every_link() -> None:
    assert link_hash("1" * 64, TXN, PARTS) != link_hash(GENESIS, TXN, PARTS)


def test_credit_waits_from_giving_to_receiving_first_in_first_out() -> None:
    told = health_rules.waits([(0, 100), (10, 100), (20, -150), (30, -50)])
    assert told == [(20, 100), (10, 50), (20, 50)]


def test_paying_a_debt_back_waited_no_day_and_old_credit_is_left_out() -> None:
    assert health_rules.waits([(5, 80)], before=-50) == [(0.0, 50)]
    assert health_rules.waits([(5, -80), (6, 30)], before=50) == [(0.0, 30)]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(-500, 500)), max_size=20), CENTS)
def test_no_more_is_told_as_spent_than_was_given(
    entries: list[tuple[int, int]], before: int
) -> None:
    ordered: list[tuple[float, int]] = sorted(entries)
    told = health_rules.waits(ordered, before=before)
    assert sum(cents for _, cents in told) <= sum(cents for _, cents in ordered if cents > 0)
    assert all(days >= 0 and cents > 0 for days, cents in told)


def test_half_of_the_cents_are_spent_within_the_median() -> None:
    assert health_rules.median_weighted([(1, 10), (100, 5), (3, 10)]) == 3
    assert health_rules.median_weighted([]) is None


def test_the_top_twentieth_is_one_account_at_least() -> None:
    assert health_rules.concentration([300, 100, -400]) == 0.75
    assert health_rules.concentration([10] * 40) == 0.05
    assert health_rules.concentration([-5, 0]) is None


def test_debt_is_told_in_months_of_volume() -> None:
    assert health_rules.months_owed(-600, 900, months=3) == 2
    assert health_rules.months_owed(-600, 0, months=3) is None
