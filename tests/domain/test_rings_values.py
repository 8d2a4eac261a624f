"""What a ring is worth: an amount that suits all, and one total with tax for every rate."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.domain.exchanges.deals.money import (
    RATES,
    amounts,
    before_tax,
    reachable_total,
)
from incubator.domain.exchanges.rings.values import Span, common, equal_total, value_of
from incubator.kernel.errors import Refusal

CENTS = st.integers(1, 50_000_00)
RATE = st.sampled_from([*RATES, None])


@pytest.mark.parametrize(
    ("spans", "value"),
    [
        ([Span(900_00, 1100_00), Span(1000_00, 1300_00)], 1050_00),
        ([Span(900_00, None), Span(None, 1000_50)], 950_00),
        ([Span(900_10, 900_90)], 900_50),
        ([Span(500_00, None)], 500_00),
        ([Span(None, 300_00), Span()], 300_00),
        ([Span(), Span()], None),
        ([Span(None, 0)], None),
    ],
)
def test_the_value_lies_where_all_amounts_meet(spans: list[Span], value: int | None) -> None:
    met = common(spans)
    assert met
    assert value_of(met) == value


def test_amounts_that_never_meet_make_no_ring() -> None:
    assert common([Span(0, 100), Span(50, 200), Span(101, 300)]) is None
    assert common([Span(0, 100), Span(100, 300)]) == Span(100, 100)


@given(CENTS, RATE)
def test_a_total_leads_back_to_its_amount(ht: int, rate: int | None) -> None:
    assert before_tax(amounts(ht, rate).ttc, rate) == ht


@given(CENTS, RATE)
def test_a_total_without_an_amount_says_so(ttc: int, rate: int | None) -> None:
    found = before_tax(ttc, rate)
    if found is None:
        below = ttc * 10_000 // (10_000 + (rate or 0))
        assert all(amounts(max(below + n, 0), rate).ttc != ttc for n in (-2, -1, 0, 1, 2))
    else:
        assert amounts(found, rate).ttc == ttc


def test_at_twenty_percent_three_cents_cannot_be_invoiced() -> None:
    assert before_tax(3, 2000) is None
    assert reachable_total(3, [2000]) == 2
    with pytest.raises(Refusal, match=r"deals\.cents"):
        before_tax(-1, 2000)


@given(CENTS, st.lists(RATE, min_size=2, max_size=4))
def test_every_firm_of_a_ring_can_give_exactly_the_same_total(
    value: int, rates: list[int | None]
) -> None:
    total = equal_total(value, [Span(value, value)] * len(rates), rates)
    each = [before_tax(total, rate) for rate in rates]
    assert all(
        ht is not None and amounts(ht, rate).ttc == total
        for ht, rate in zip(each, rates, strict=True)
    )


def test_the_total_stays_where_it_suits_all() -> None:
    spans = [Span(1000_00, 1200_00), Span(1000_00, 1100_00)]
    assert equal_total(1050_00, spans, [2000, 2000]) == 1260_00
    # 1 000 before tax at 20 % are 1 200: who charges none may give up to 1 100.
    assert (
        equal_total(1000_00, [Span(900_00, 1000_00), Span(1000_00, 1100_00)], [2000, None])
        == 1100_00
    )
