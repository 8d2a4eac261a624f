"""The health of a network reckoned twice: by its queries, and here from what was posted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from incubator.domain.exchanges.ledger import health
from tests.factories_credit import a_market
from tests.factories_members import a_firm


@pytest.fixture
def market(make):
    return a_market(make, firms=4)


def told(market):
    return health.health(market.actor(market.boss), now=market.make.now)


def test_only_trades_are_volume_and_only_who_traded_is_busy(market) -> None:
    one, two, three, _four = market.accounts
    market.gives(one, two, 70_00)
    market.gives(three, two, 11_00)
    market.post({three: 5_00, market.fund: -5_00}, kind="opening", by=market.boss)
    market.reverses(market.gives(one, three, 4_00).id)
    figures = told(market)
    # What was taken back was no trade, and neither is taking it back, nor a beginning.
    assert figures.quarter_cents == 70_00 + 11_00
    assert figures.idle_share == pytest.approx(1 / 4)
    assert (figures.firms, figures.negative_cents) == (4, -81_00)
    assert figures.months_owed == pytest.approx(3 * 81_00 / 81_00)
    assert figures.top_share == pytest.approx(70_00 / (70_00 + 16_00))


def test_a_beginning_alone_makes_nobody_busy(market) -> None:
    market.post({market.one: 5_00, market.fund: -5_00}, kind="opening", by=market.boss)
    figures = told(market)
    assert (figures.quarter_cents, figures.idle_share, figures.months_owed) == (0, 1.0, None)


def test_an_account_that_was_closed_is_no_firm_of_the_network_any_more(market) -> None:
    one, two, *_ = market.accounts
    market.gives(one, two, 8_00)
    market.gives(two, one, 8_00)
    market.closes(one, by=market.people[0])
    figures = told(market)
    assert (figures.firms, figures.quarter_cents) == (3, 16_00)
    assert figures.idle_share == pytest.approx(2 / 3)


def test_a_trade_of_ninety_days_ago_counts_to_the_instant(market) -> None:
    market.gives(market.one, market.two, 1)
    market.make.now += health.QUARTER
    figures = told(market)
    assert (figures.quarter_cents, figures.idle_share) == (1, 0.5)
    market.make.now += timedelta(microseconds=1)
    figures = told(market)
    assert (figures.quarter_cents, figures.idle_share) == (0, 1.0)


def test_each_firm_waits_for_itself(market) -> None:
    one, two, three, four = market.accounts
    market.gives(one, four, 30_00)
    market.make.now += timedelta(days=2)
    market.gives(two, four, 20_00)
    market.make.now += timedelta(days=3)
    market.gives(three, one, 30_00)
    market.make.now += timedelta(days=6)
    market.gives(three, two, 20_00)
    # Thirty euros waited 5 days, twenty 9: half of the fifty was spent within 5.
    assert told(market).days_to_spend == pytest.approx(5)
    market.gives(four, one, 50_00)
    # What pays back a debt did not wait at all.
    assert told(market).days_to_spend == pytest.approx(0)


def test_what_was_there_a_year_ago_is_of_unknown_age(market) -> None:
    one, two, three, _four = market.accounts
    market.gives(one, two, 10_00)
    market.make.now += health.YEAR + timedelta(days=1)
    market.gives(three, one, 4_00)
    assert told(market).days_to_spend is None
    market.gives(one, two, 1_00)
    market.make.now += timedelta(days=3)
    market.gives(three, one, 7_00)
    assert told(market).days_to_spend == pytest.approx(3)


def test_what_was_taken_back_neither_waited_nor_was_waited_for(market) -> None:
    one, two, three, _four = market.accounts
    market.gives(one, two, 10_00)
    market.make.now += timedelta(days=40)
    wrong = market.gives(three, one, 6_00)
    market.reverses(wrong.id)
    assert told(market).days_to_spend is None
    market.reverses(market.gives(one, three, 3_00).id)
    market.make.now += timedelta(days=2)
    market.gives(three, one, 10_00)
    assert told(market).days_to_spend == pytest.approx(42)


def test_what_is_taken_back_of_a_year_ago_leaves_the_balance_right(market) -> None:
    one, two, three, _four = market.accounts
    old = market.gives(one, two, 10_00)
    market.make.now += health.YEAR + timedelta(days=1)
    market.reverses(old.id)
    market.gives(one, two, 4_00)
    market.make.now += timedelta(days=5)
    market.gives(three, one, 4_00)
    # The ten of a year ago are gone: the four were spent, and not what was there before.
    assert told(market).days_to_spend == pytest.approx(5)


def test_corrections_and_departures_move_a_balance_and_tell_no_wait(market) -> None:
    one, two, three, four = market.accounts
    market.gives(one, two, 10_00)
    market.make.now += timedelta(days=30)
    managers = {"by": market.managers[0], "second": market.managers[1], "reason": "x"}
    market.gives(three, one, 4_00, kind="adjustment", **managers)
    assert told(market).days_to_spend is None
    # Six of the ten are left, and are spent first; what the correction gave is of no age.
    market.make.now += timedelta(days=10)
    market.gives(four, one, 6_00)
    market.gives(four, three, 4_00)
    assert told(market).days_to_spend == pytest.approx(40)
    # Nor does a correction pay a debt back in no time.
    market.gives(two, four, 10_00, kind="adjustment", **managers)
    assert told(market).days_to_spend == pytest.approx(40)


def test_the_year_of_waiting_begins_to_the_instant(market) -> None:
    one, two, three, _four = market.accounts
    market.gives(one, two, 10_00)
    market.make.now += health.YEAR
    market.gives(three, one, 10_00)
    assert told(market).days_to_spend == pytest.approx(365)


def test_a_network_without_accounts_has_no_figures(make) -> None:
    market = a_market(make, firms=1, opened=False)
    a_firm(make, make.member(market.site), "Sans compte")
    figures = told(market)
    assert (figures.firms, figures.idle_share, figures.top_share) == (0, None, None)
