"""Accounts of firms: opened, decided on, aged, left; what a firm and administrators read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from incubator.domain.exchanges.ledger import (
    accounts,
    ageing,
    departures,
    health,
    statements,
    verifying,
)
from incubator.domain.exchanges.ledger.events import CreditAged
from incubator.domain.exchanges.ledger.models import Account
from incubator.domain.exchanges.ledger.rules import Policy, limits_of
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import Refusal
from incubator.kernel.events import recording
from incubator.kernel.keyset import Cursor
from tests.factories_credit import a_market
from tests.factories_members import a_firm

CHOSEN = Policy(start_cents=250_00, growth_pct=50, cap_cents=400_00, upper_cents=1_000_00)


@pytest.fixture
def market(make):
    return a_market(make, firms=3)


def codes(*acts) -> list[str]:
    def code(act) -> str:
        with pytest.raises(Refusal) as caught:
            act()
        return caught.value.code

    return [code(act) for act in acts]


def asks(market, account_id: int, *, by=None, reason: str = "closes down") -> int:
    with transaction():
        return departures.ask(
            market.actor(by or market.managers[0]),
            account_id=account_id,
            reason=reason,
            now=market.make.now,
        )


def agrees(market, departure_id: int, *, by=None):
    with transaction():
        return departures.agree(
            market.actor(by or market.managers[1]), departure_id=departure_id, now=market.make.now
        )


def withdraws(market, departure_id: int, by) -> None:
    with transaction():
        departures.withdraw(market.actor(by), departure_id=departure_id, now=market.make.now)


def read(market, reader, firm: int = 0, **cursor):
    return statements.statement(
        market.actor(reader),
        firm_id=market.firms[firm].id,
        cursor=Cursor(**cursor),
        today=market.make.now.date(),
    )


def test_a_firm_opens_its_account_once_with_the_line_of_its_site(market, make) -> None:
    with transaction():
        accounts.set_site_policy(
            market.actor(market.managers[0]), site_id=market.site.id, chosen=CHOSEN
        )
    firm = a_firm(make, market.people[0], "Nouvelle")
    number = market.opens(firm, by=market.people[0])
    assert market.opens(firm, by=market.managers[0]) == number
    held = market.held(number)
    assert (held.state.limits.lower, held.state.limits.soft) == (-250_00, -200_00)
    assert (held.state.limits.upper, held.policy) == (1_000_00, CHOSEN)
    assert codes(lambda: market.opens(firm, by=market.people[1])) == ["ledger.open"]


def test_a_site_begins_with_250_to_1000_euros_by_its_managers_word(market, make) -> None:
    lone = make.member(make.site("Nantes"), role="manager")

    def chooses(by=None, **more):
        chosen = {"start_cents": 250_00, "cap_cents": 500_00} | more
        with transaction():
            accounts.set_site_policy(
                market.actor(by or market.managers[0]),
                site_id=market.site.id,
                chosen=Policy(**chosen),
            )

    assert codes(
        lambda: chooses(start_cents=249_99),
        lambda: chooses(start_cents=1_000_01, cap_cents=2_000_00),
        lambda: chooses(cap_cents=249_99),
        lambda: chooses(growth_pct=101),
        lambda: chooses(upper_cents=0),
        lambda: chooses(start_cents=250.0),
        lambda: chooses(by=lone),
    ) == ["ledger.start"] * 5 + ["ledger.cents", "ledger.policy"]
    chooses()
    chooses(growth_pct=0)
    assert market.held(market.one).policy.growth_pct == 0


def test_a_line_is_decided_with_a_reason_by_a_manager_who_is_not_of_the_firm(market) -> None:
    def decides(by=None, comment: str = "as agreed", line: int = 100_00, of: int = market.one):
        with transaction():
            accounts.set_line(
                market.actor(by or market.managers[0]),
                account_id=of,
                line=line,
                upper=None,
                comment=comment,
                now=market.make.now,
            )

    assert codes(
        lambda: decides(by=market.people[0]),
        lambda: decides(of=market.fund),
        lambda: decides(comment=" "),
        lambda: decides(line=-1),
        lambda: decides(line=1.5),
    ) == ["ledger.decide"] * 2 + ["ledger.reason", "ledger.limits", "ledger.cents"]
    decides(by=market.boss, of=market.fund)
    decides()
    (latest, first) = accounts.limit_history(market.one)
    assert (latest.cause, latest.lower_limit, latest.by_id, latest.comment) == (
        "decision",
        -100_00,
        market.managers[0].id,
        "as agreed",
    )
    assert first.cause == "opening"


def test_freezing_twice_is_told_once(market) -> None:
    market.freeze(market.one)
    market.freeze(market.one)
    assert [row.frozen for row in accounts.limit_history(market.one)] == [True, False]


def test_a_firm_leaves_at_nothing_and_may_come_back(market) -> None:
    market.gives(market.one, market.two, 10_00)
    market.reserve(market.accounts[2], 5)
    assert codes(
        lambda: market.closes(market.one, by=market.people[0]),
        lambda: market.closes(market.accounts[2], by=market.people[2]),
        lambda: market.closes(market.two, by=market.people[0]),
    ) == ["ledger.balance", "ledger.balance", "ledger.open"]
    market.gives(market.two, market.one, 10_00)
    market.closes(market.one, by=market.people[0])
    market.closes(market.one, by=market.people[0])
    assert (
        codes(
            lambda: market.gives(market.two, market.one, 5),
            lambda: market.reserve(market.one, 5, "leg:2"),
        )
        == ["ledger.closed"] * 2
    )
    assert market.opens(market.firms[0]) == market.one
    market.gives(market.two, market.one, 5)


def test_who_comes_back_is_as_frozen_as_before_and_has_no_longer_line(market) -> None:
    market.line(market.one, 80_00, upper=200_00)
    market.freeze(market.one)
    market.line(market.two, 900_00)
    for number in (0, 1):
        market.closes(market.accounts[number], by=market.people[number])
        market.opens(market.firms[number], by=market.people[number])
    held = market.held(market.one)
    assert held.closed_at is None
    assert held.state.limits == limits_of(80_00, upper=200_00, frozen=True)
    assert codes(lambda: market.gives(market.two, market.one, 5)) == ["ledger.frozen"]
    # A longer line than was earned does not come back by itself either.
    assert market.held(market.two).state.limits == limits_of(500_00, upper=10_000_00)
    market.freeze(market.one, frozen=False)
    assert [row.cause for row in accounts.limit_history(market.one)][:2] == ["decision", "opening"]


def test_the_fund_takes_a_balance_over_once_two_managers_agree(market) -> None:
    market.gives(market.one, market.two, 80_00)
    asked = asks(market, market.two)
    assert codes(
        lambda: agrees(market, asked, by=market.managers[0]),
        lambda: agrees(market, asked, by=market.people[0]),
        lambda: asks(market, market.two),
    ) == ["ledger.second", "ledger.decide", "ledger.departure"]
    agrees(market, asked)
    assert (market.balances(), market.held(market.fund).state.balance) == ([80_00, 0, 0], -80_00)
    assert market.held(market.two).closed_at == market.make.now
    assert codes(lambda: agrees(market, asked)) == ["ledger.departure_gone"]
    assert verifying.verify() == []


def test_who_leaves_with_credit_leaves_it_to_the_fund(market) -> None:
    market.gives(market.one, market.two, 80_00)
    agrees(market, asks(market, market.one))
    assert (market.balances(), market.held(market.fund).state.balance) == ([0, -80_00, 0], 80_00)


def test_a_departure_holds_for_the_balance_that_was_proposed_alone(market) -> None:
    market.gives(market.one, market.two, 80_00)
    asked = asks(market, market.two)
    market.gives(market.one, market.two, 1)
    assert codes(lambda: agrees(market, asked)) == ["ledger.moved"]
    assert codes(lambda: withdraws(market, asked, market.people[1])) == ["ledger.decide"]
    withdraws(market, asked, market.managers[1])
    agrees(market, asks(market, market.two))


def test_a_departure_has_a_balance_a_reason_and_nothing_reserved(market) -> None:
    market.reserve(market.one, 5)
    assert codes(
        lambda: asks(market, market.one),
        lambda: asks(market, market.two),
        lambda: asks(market, market.two, reason=""),
        lambda: asks(market, market.two, by=market.people[1]),
        lambda: asks(market, market.fund),
    ) == ["ledger.reserved", "ledger.nothing", "ledger.reason", "ledger.decide", "ledger.account"]


def test_the_fund_has_a_line_as_well(market) -> None:
    market.line(market.two, 9_000_00)
    market.gives(market.one, market.two, 5_000_01)
    asked = asks(market, market.two)
    assert codes(lambda: agrees(market, asked)) == ["ledger.short"]


def test_a_negative_balance_ages_and_is_young_again_once_it_is_paid_back(market) -> None:
    market.gives(market.one, market.two, 80_00)
    begun = market.make.now

    def ticks(days: int) -> list[str]:
        with transaction(), recording() as events:
            ageing.tick(begun + timedelta(days=days))
        return [event.age for event in events if isinstance(event, CreditAged)]

    assert [ticks(days) for days in (100, 280, 280, 400)] == [[], ["plan"], [], ["settle"]]
    ages = select(Account.id, Account.age).where(Account.age != "fine")
    assert db.session.execute(ages).all() == [(market.two, "settle")]
    market.gives(market.two, market.one, 80_00)
    assert db.session.execute(ages).all() == []
    assert ticks(500) == []


def test_a_statement_tells_what_was_given_and_received_the_latest_first(market) -> None:
    first = market.gives(market.one, market.two, 80_00, reason="shelves")
    market.post({market.one: -30, market.two: 20, market.accounts[2]: 10}, kind="clearing")
    back = market.reverses(first.id)
    found = read(market, market.people[0])
    told = [(line.no, line.kind, line.cents, line.balance_after) for line in found.lines.rows]
    assert told == [
        (3, "reversal", -80_00, -30),
        (2, "clearing", -30, 79_70),
        (1, "settle", 80_00, 80_00),
    ]
    last = found.lines.rows[-1]
    assert (last.with_name, last.reason, last.reversed_by) == ("Firme 1", "shelves", back.id)
    assert [line.with_name for line in found.lines.rows] == ["Firme 1", None, "Firme 1"]
    assert (found.head.length, found.held.state.balance) == (3, -30)


def test_a_statement_is_read_by_the_firm_and_the_managers_of_its_site(market, make) -> None:
    for reader in (market.people[0], market.managers[0], market.boss):
        assert read(market, reader).held.id == market.one
    lone = make.member(make.site("Nantes"), role="manager")
    none = a_firm(make, market.people[0], "Sans compte")
    market.firms.append(none)
    assert (
        codes(
            lambda: read(market, market.people[1]),
            lambda: read(market, lone),
            lambda: read(market, market.boss, firm=3),
        )
        == ["ledger.account"] * 3
    )


def test_a_page_of_a_statement_asks_as_often_for_many_as_for_few(market, count_queries) -> None:
    def asked() -> int:
        with count_queries() as seen:
            read(market, market.people[0], size=10)
        return len(seen)

    market.gives(market.one, market.two, 1)
    few = asked()
    for _ in range(30):
        market.gives(market.one, market.two, 1)
    assert asked() == few
    page = read(market, market.people[0], size=10)
    older = read(market, market.people[0], size=10, after=page.lines.next)
    assert [line.no for line in older.lines.rows] == list(range(21, 11, -1))


def test_the_health_of_a_network_is_told_to_administrators(market) -> None:
    def told():
        return health.health(market.actor(market.boss), now=market.make.now)

    assert (told().months_owed, told().days_to_spend, told().top_share) == (None, None, None)
    market.gives(market.one, market.two, 90_00)
    market.make.now += timedelta(days=10)
    market.gives(market.two, market.one, 60_00)
    figures = told()
    assert (figures.firms, figures.negative_cents, figures.quarter_cents) == (3, -30_00, 150_00)
    assert figures.months_owed == pytest.approx(0.6)
    assert (figures.days_to_spend, figures.top_share) == (0.0, 1.0)
    assert figures.idle_share == pytest.approx(1 / 3)
    assert codes(lambda: health.health(market.actor(market.managers[0]), now=market.make.now)) == [
        "ledger.health"
    ]


def test_the_days_of_credit_of_the_past_year_count(market) -> None:
    market.gives(market.one, market.two, 10_00)
    market.make.now += timedelta(days=7)
    market.gives(market.accounts[2], market.one, 10_00)
    figures = health.health(market.actor(market.boss), now=market.make.now)
    assert figures.days_to_spend == pytest.approx(7)
    market.make.now += timedelta(days=100)
    figures = health.health(market.actor(market.boss), now=market.make.now)
    assert (figures.quarter_cents, figures.idle_share) == (0, 1.0)
