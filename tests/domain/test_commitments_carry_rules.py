"""Nothing is lost between periods, and late facts leave what knowing them in time would have."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.domain.commitments.carry_rules import (
    Carry,
    Correction,
    Entry,
    Facts,
    Lot,
    Terms,
    carried,
    close,
    correction,
    replay,
    settle,
)

HOUSE = Terms(credit_cap=600, debt_cap=900)
minutes = st.integers(0, 2000)
terms = st.sampled_from(
    [
        Terms(credit, debt, surplus, expiry, lowered)
        for credit in (0, 150, 600, 2000)
        for debt in (0, 400, 2000)
        for surplus in ("expire", "pool")
        for expiry in (None, 0, 1, 3)
        for lowered in ("keep", "cut")
    ]
)
facts = st.builds(Facts, minutes, st.integers(-300, 2000), terms)
chains = st.lists(facts, max_size=5)
openings = st.integers(-2000, 2000).map(Carry.of)


def years(*months: tuple[int, int], terms: Terms = HOUSE) -> list[Facts]:
    """Months of (due, done) on the same terms."""
    return [Facts(due, done, terms) for due, done in months]


@given(openings, facts)
def test_what_a_period_ends_with_is_carried_given_up_or_waived(
    opening: Carry, month: Facts
) -> None:
    closing = close(opening, month)
    end = opening.minutes + month.done - month.due
    kept = closing.carry.minutes
    assert kept == end - closing.expired - closing.above_cap + closing.waived
    assert -month.terms.debt_cap <= kept <= max(month.terms.credit_cap, opening.minutes)
    assert min(closing.expired, closing.above_cap, closing.waived) >= 0
    assert not (closing.waived and closing.expired + closing.above_cap)


@given(openings, facts)
def test_without_expiry_the_carry_is_the_end_within_its_caps(opening: Carry, month: Facts) -> None:
    caps = replace(month.terms, credit_expiry_periods=None, lowered_cap="cut")
    end = opening.minutes + month.done - month.due
    assert close(opening, replace(month, terms=caps)).carry.minutes == max(
        -caps.debt_cap, min(end, caps.credit_cap)
    )


@given(openings, facts)
def test_a_closed_period_sums_to_zero_and_its_carry_to_nothing(opening, month: Facts) -> None:
    entries = close(opening, month).entries
    own = sum(line.minutes for line in entries if not line.into_next)
    assert opening.minutes + month.done - month.due + own == 0
    assert sum(line.minutes for line in entries if line.kind.startswith("CARRY")) == 0


@given(openings, chains)
def test_credit_is_in_lots_by_age_and_never_beside_a_debt(opening: Carry, chain) -> None:
    for closing in replay(opening, chain):
        lots = closing.carry.lots
        assert all(lot.minutes > 0 for lot in lots)
        assert all(older.age > younger.age for older, younger in pairwise(lots))
        assert not (lots and closing.carry.debt)


class Ledger:
    """What a house writes that closes a month after the other, and hears of some facts late."""

    def __init__(self, months: int, terms: Terms) -> None:
        self.known = [Facts(120, 0, terms) for _ in range(months)]
        self.sums = [0] * (months + 1)  # what the lines of each month sum to
        self.now = 0

    def hear(self, month: int, minutes: int) -> None:
        old = self.known[month]
        self.known[month] = replace(old, done=old.done + minutes)
        if month < self.now:
            past = correction(Carry(), self.known[: self.now], posted=self.sums[self.now])
            self.sums[self.now] += past.minutes

    def close(self) -> None:
        month = self.known[self.now]
        closing = close(carried(Carry(), self.known[: self.now]), month)
        self.sums[self.now] += month.done - month.due
        for line in closing.entries:
            self.sums[self.now + line.into_next] += line.minutes
        self.now += 1


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), minutes), max_size=8), terms)
def test_late_facts_leave_what_knowing_them_in_time_would_have(told, caps: Terms) -> None:
    """Invariant 12; ``told`` are month of the fact, months until it is heard of, minutes."""
    late, in_time = Ledger(5, caps), Ledger(5, caps)
    for month in range(5):
        for of, delay, amount in told:
            if of == month:
                in_time.hear(of, amount)
            if min(of + delay, 4) == month:
                late.hear(of, amount)
        if month < 4:
            in_time.close()
            late.close()
    assert late.sums == in_time.sums
    assert late.sums[:4] == [0] * 4


@given(openings, chains, st.integers(-2000, 2000))
def test_a_correction_written_once_is_zero_when_asked_again(opening, chain, posted: int) -> None:
    first = correction(opening, chain, posted=posted, pool=100)
    again = correction(opening, chain, posted=posted + first.minutes, pool=100)
    assert again.minutes == 0


@given(openings, st.lists(st.tuples(facts, facts), max_size=5), minutes)
def test_a_correction_never_takes_the_pool_below_zero(opening: Carry, pairs, pool: int) -> None:
    pooled = sum(one.to_pool for one in replay(opening, [old for old, _ in pairs]))
    posted = correction(opening, [new for _, new in pairs], posted=0, pooled=pooled, pool=pool)
    assert pool + posted.pool >= 0


@given(st.integers(-3000, 3000), st.booleans())
def test_who_leaves_owes_nothing_and_is_owed_nothing(balance: int, to_pool: bool) -> None:
    line, effect = settle(balance, to_pool=to_pool)
    assert balance + line.minutes == 0
    assert 0 <= effect.pool <= max(0, balance)


@pytest.mark.parametrize(
    ("balance", "pool"),
    [(240, 240), (-240, 0)],
)
def test_leaving_gives_credit_to_the_pool_and_waives_a_debt(balance: int, pool: int) -> None:
    assert settle(balance) == (Entry("EXIT", -balance), Correction(-balance, pool))


def test_naively_adding_a_late_fact_would_be_wrong_once_a_cap_applied() -> None:
    in_time = years((0, 900), (600, 0))
    late = years((0, 500), (600, 0))
    # 400 minutes less in a month that was capped at 600 anyway: only 100 matter.
    assert carried(Carry(), in_time).minutes == 0
    assert correction(Carry(), late, posted=0) == Correction(-100)


def test_a_surplus_above_the_cap_goes_to_the_pool_or_expires() -> None:
    generous = close(Carry(), Facts(120, 920, HOUSE))
    assert (generous.carry.minutes, generous.above_cap, generous.to_pool) == (600, 200, 200)
    strict = close(Carry(), Facts(120, 920, Terms(600, 900, "expire")))
    assert (strict.above_cap, strict.to_pool) == (200, 0)
    assert Entry("SURPLUS", -200) in strict.entries


def test_a_debt_below_the_cap_is_waived_with_a_line() -> None:
    closing = close(Carry.of(-800), Facts(720, 100, HOUSE))
    assert closing.entries == (
        *(Entry("WAIVED_DEBT", 520), Entry("CARRY_OUT", 900)),
        Entry("CARRY_IN", -900, into_next=True),
    )


def test_an_exempt_member_who_gives_fills_the_pool() -> None:
    closings = replay(Carry(), years((0, 500), (0, 500)))
    assert [one.to_pool for one in closings] == [0, 400]


def test_credit_waits_as_many_periods_as_the_rule_says() -> None:
    two = Terms(600, 900, "expire", credit_expiry_periods=2)
    closings = replay(Carry(), years((0, 60), (0, 0), (0, 0), terms=two))
    assert [one.carry.minutes for one in closings] == [60, 60, 0]
    assert closings[-1].expired == 60
    none = Terms(600, 900, "expire", credit_expiry_periods=0)
    assert close(Carry(), Facts(0, 60, none)).expired == 60


def test_the_oldest_credit_is_spent_first_so_that_none_expires_in_use() -> None:
    two = Terms(600, 900, "expire", credit_expiry_periods=2)
    closings = replay(Carry(), years((0, 60), (60, 60), (60, 60), (60, 60), terms=two))
    assert [one.carry.lots for one in closings] == [(Lot(60),)] * 4
    assert sum(one.expired for one in closings) == 0


def test_the_cap_cuts_the_oldest_credit() -> None:
    before = Carry(lots=(Lot(400, 1), Lot(100, 0)))
    closing = close(before, Facts(0, 300, HOUSE))
    assert closing.carry.lots == (Lot(200, 2), Lot(100, 1), Lot(300, 0))


def test_a_cap_lowered_by_the_assembly_cuts_with_a_line_or_leaves_credit_alone() -> None:
    lower = Terms(credit_cap=300, debt_cap=900, lowered_cap="cut")
    cut = close(Carry.of(600), Facts(120, 120, lower))
    assert (cut.carry.minutes, cut.above_cap) == (300, 300)
    keep = replace(lower, lowered_cap="keep")
    kept = replay(Carry.of(600), [Facts(120, 150, keep), Facts(120, 20, keep), Facts(0, 90, keep)])
    assert [(one.carry.minutes, one.above_cap) for one in kept] == [(600, 30), (500, 0), (500, 90)]


def test_each_closed_period_is_replayed_with_its_own_terms() -> None:
    chain = [*years((0, 900)), Facts(0, 0, Terms(300, 900, lowered_cap="cut"))]
    assert [one.carry.minutes for one in replay(Carry(), chain)] == [600, 300]
    assert carried(Carry(), chain).minutes == 300


def test_who_gives_all_surplus_to_the_pool_keeps_the_credit_of_before() -> None:
    giving = close(Carry.of(200), Facts(120, 500, Terms(0, 900)))
    assert (giving.carry.minutes, giving.to_pool) == (200, 380)


def test_a_surplus_corrected_away_is_taken_back_from_what_the_pool_still_holds() -> None:
    late = years((0, 700))  # closed with 800: 200 went to the pool, where 100 belong
    known = {"posted": 600, "pooled": 200}
    assert correction(Carry(), late, **known, pool=900) == Correction(0, -100)
    assert correction(Carry(), late, **known, pool=40) == Correction(0, -40)


def test_a_donor_whose_credit_is_corrected_away_may_go_negative() -> None:
    gave = years((0, 200), (0, -150))
    assert carried(Carry(), gave).minutes == 50
    corrected = years((0, 100), (0, -150))
    assert correction(Carry(), corrected, posted=50) == Correction(-100)


def test_a_period_without_a_line_has_no_closing_lines() -> None:
    assert close(Carry(), Facts(0, 0, HOUSE)).entries == ()
