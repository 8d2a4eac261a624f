"""VAT by line, half up, in whole cents; what a deal means for each firm; amounts as typed."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.domain.exchanges.deals import money
from incubator.domain.exchanges.deals.terms import LegTerms
from incubator.kernel.errors import Refusal

HT = st.integers(0, money.MOST)
RATE = st.sampled_from([*money.RATES, None])


@given(HT, RATE)
def test_vat_is_what_a_decimal_rounded_half_up_says(ht: int, rate: int | None) -> None:
    found = money.amounts(ht, rate)
    exact = Decimal(ht) * Decimal(rate or 0) / Decimal(10_000)
    assert found.vat == int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    assert found.ht + found.vat == found.ttc


@pytest.mark.parametrize(
    ("ht", "rate", "vat"),
    [(163_64, 1000, 16_36), (150_00, 2000, 30_00), (25, 1000, 3), (5, 1000, 1), (4, 1000, 0)],
)
def test_a_half_cent_goes_up(ht: int, rate: int, vat: int) -> None:
    assert money.amounts(ht, rate).vat == vat


@pytest.mark.parametrize("wrong", [1.0, 1.5, float("nan"), True, "1", None, Decimal(1), -1])
def test_only_whole_cents_come_in(wrong: Any) -> None:
    with pytest.raises(Refusal, match=r"deals\.cents"):
        money.amounts(wrong, 2000)


def test_a_rate_that_the_law_does_not_know_is_refused() -> None:
    with pytest.raises(Refusal, match=r"deals\.rate"):
        money.amounts(100, 1960)


def test_a_total_without_an_exact_half_is_parted_half_up() -> None:
    # 3 and 9 cents are no amounts with 20 %: 2.5 before tax goes up to 3, 7.5 to 8.
    assert money.split(3, 2000) == money.Amounts(3, 0, 3)
    assert money.split(9, 2000) == money.Amounts(8, 1, 9)
    with pytest.raises(Refusal, match=r"^deals\.rate$") as refused:
        money.split(100, 1960)
    assert refused.value.field == "vat"


@given(st.integers(0, 3_000), st.lists(RATE, min_size=1, max_size=3))
def test_the_total_that_all_rates_reach_is_the_nearest(ttc: int, rates: list[int | None]) -> None:
    found = money.reachable_total(ttc, rates)

    def reached(total: int) -> bool:
        return all(money.before_tax(total, rate) is not None for rate in rates)

    around = [total for total in range(max(1, ttc - 60), ttc + 60) if reached(total)]
    assert found == min(around, key=lambda total: (abs(total - ttc), total))


def leg(giver: int, receiver: int, ht: int, rate: int | None) -> LegTerms:
    return LegTerms(giver_id=giver, receiver_id=receiver, title="x", ht_cents=ht, vat_bp=rate)


def test_the_franchise_pays_for_the_vat_of_the_other() -> None:
    legs = [leg(1, 2, 1_200_00, None), leg(2, 1, 1_000_00, 2000)]
    small, large = (money.effect(firm, legs) for firm in (1, 2))
    assert (small.due, small.recoverable, small.lost, small.franchise) == (0, 0, 200_00, True)
    assert (large.due, large.recoverable, large.in_cash) == (200_00, 0, 200_00)


def test_who_only_receives_recovers_as_its_regime_says() -> None:
    legs = [leg(1, 2, 1_000_00, 2000)]
    told = {regime: money.effect(2, legs, regime) for regime in ("normal", "franchise_293B", None)}
    assert [told[each].in_cash for each in ("normal", None)] == [-200_00, -200_00]
    small, abroad = told["franchise_293B"], money.effect(2, legs, "foreign")
    assert (small.recoverable, small.lost, small.franchise, small.in_cash) == (0, 200_00, True, 0)
    assert (abroad.recoverable, abroad.lost, abroad.abroad, abroad.in_cash) == (0, 200_00, True, 0)
    assert not abroad.franchise


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 10**7)), max_size=6))
def test_what_both_owe_is_what_both_recover_or_lose(drawn: list[tuple[bool, int]]) -> None:
    legs = [leg(1 + way, 2 - way, ht, 2000 if way else None) for way, ht in drawn]
    effects = [money.effect(firm, legs) for firm in (1, 2)]
    assert sum(e.due for e in effects) == sum(e.recoverable + e.lost for e in effects)


@given(HT)
def test_an_amount_comes_back_as_it_was_typed(cents: int) -> None:
    assert money.cents_of(money.typed_of(cents), "ht") == cents


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("1 200,50", 120050),
        ("1\u202f200,5 €", 120050),
        ("1.200,50", 120050),
        ("€7", 700),
        ("", None),
    ],
)
def test_amounts_are_read_as_people_write_them(typed: str, cents: int | None) -> None:
    assert money.cents_of(typed, "ht") == cents


@pytest.mark.parametrize("typed", ["1,200", "-3", "1e3", "12,345", "deux", "٣", "9" * 30])
def test_what_is_no_amount_is_refused_beside_its_field(typed: str) -> None:
    with pytest.raises(Refusal, match=r"deals\.amount") as refused:
        money.cents_of(typed, "ht")
    assert refused.value.field == "ht"
