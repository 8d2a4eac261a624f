"""What the ledger tells of each act, to the last word, and what goes on while it is off."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from incubator.domain.exchanges.ledger import accounts, ageing, departures, switch
from incubator.domain.exchanges.ledger.models import Departure
from incubator.domain.exchanges.ledger.rules import Policy
from incubator.domain.exchanges.ledger.writing import Excess, Shortfall
from incubator.kernel import db as db_module
from incubator.kernel.db import db, transaction
from tests.factories_credit import READ, Market, a_market

if TYPE_CHECKING:
    from collections.abc import Callable

    from incubator.kernel.events import Event
    from tests.factories import Make

    Told = Callable[[Callable[[], object]], list[tuple[str, dict[str, Any]]]]


@pytest.fixture
def market(make: Make) -> Market:
    return a_market(make, firms=3)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """The ledger’s events of an act, once it is committed: their names, and what they say."""
    announced: list[Event] = []
    monkeypatch.setattr(db_module, "announce", announced.extend)

    def hear(act: Callable[[], object]) -> list[tuple[str, dict[str, Any]]]:
        announced.clear()
        act()
        told = [(type(event).__name__, asdict(event)) for event in announced]
        return [each for each in told if each[0].startswith("Credit")]

    return hear


def test_a_settlement_names_its_firms_its_site_and_its_sum(market: Market, told: Told) -> None:
    (name, said), *more = told(
        lambda: market.gives(market.one, market.two, 80_00, by=market.people[1], reason="shelves")
    )
    assert (name, more) == ("CreditMoved", [])
    assert said == {
        "actor_id": market.people[1].id,
        "site_id": market.site.id,
        "txn_id": said["txn_id"],
        "kind": "settle",
        "cents": 80_00,
        "firm_ids": (market.firms[0].id, market.firms[1].id),
        "reason": "shelves",
    }


def test_between_two_sites_it_is_of_none(make: Make, market: Market, told: Told) -> None:
    other = a_market(make, opened=False)
    account = market.opens(other.firms[0])
    ((_name, said),) = told(lambda: market.gives(market.one, account, 5))
    assert said["site_id"] is None


def test_a_reversal_names_what_it_takes_back_and_who_let_it(market: Market, told: Told) -> None:
    first = market.gives(market.one, market.two, 80_00)
    ((name, said),) = told(lambda: market.reverses(first.id, reason="typed twice"))
    assert name == "CreditReversed"
    assert (said["reverses_id"], said["over_limit"], said["kind"]) == (first.id, False, "reversal")
    assert (said["actor_id"], said["reason"]) == (market.managers[0].id, "typed twice")


def test_passing_the_soft_limit_says_what_is_left(market: Market, told: Told) -> None:
    events = told(lambda: market.gives(market.one, market.two, 400_01, by=market.people[1]))
    (soft,) = [said for name, said in events if name == "CreditSoftLimitPassed"]
    assert soft == {
        "actor_id": market.people[1].id,
        "site_id": market.site.id,
        "firm_id": market.firms[1].id,
        "available_cents": 99_99,
    }


def test_a_longer_line_by_what_was_given_is_nobodys_decision(market: Market, told: Told) -> None:
    events = told(lambda: market.gives(market.one, market.two, 250_00, by=market.people[1]))
    (grown,) = [said for name, said in events if name == "CreditLimitsChanged"]
    assert grown == {
        "actor_id": None,
        "site_id": market.site.id,
        "firm_id": market.firms[0].id,
        "cause": "growth",
        "line_cents": 550_00,
        "frozen": False,
        "comment": "",
    }


def test_a_shorter_line_by_what_was_taken_back_is_told_once_it_is(
    market: Market, told: Told
) -> None:
    posted = market.gives(market.one, market.two, 250_00, by=market.people[1])
    events = told(lambda: market.reverses(posted.id))
    assert [name for name, _ in events] == ["CreditReversed", "CreditLimitsChanged"]
    assert events[-1][1] == {
        "actor_id": None,
        "site_id": market.site.id,
        "firm_id": market.firms[0].id,
        "cause": "reversal",
        "line_cents": 500_00,
        "frozen": False,
        "comment": "",
    }
    # Where no line becomes shorter nothing is told of limits.
    posted = market.gives(market.one, market.two, 10_00, by=market.people[1])
    assert [name for name, _ in told(lambda: market.reverses(posted.id))] == ["CreditReversed"]


def test_a_decision_says_who_and_why(market: Market, told: Told) -> None:
    decided = {
        "actor_id": market.managers[0].id,
        "site_id": market.site.id,
        "firm_id": market.firms[0].id,
        "cause": "decision",
        "comment": "as agreed",
    }
    assert told(lambda: market.line(market.one, 700_00)) == [
        ("CreditLimitsChanged", decided | {"line_cents": 700_00, "frozen": False})
    ]
    assert told(lambda: market.freeze(market.one)) == [
        ("CreditLimitsChanged", decided | {"line_cents": 700_00, "frozen": True})
    ]


def test_coming_and_leaving_are_told_once_each(market: Market, told: Told) -> None:
    ours = {"actor_id": market.people[0].id, "site_id": market.site.id}
    firm = market.firms[0]
    left = ("CreditAccountClosed", ours | {"firm_id": firm.id})
    back = ("CreditAccountOpened", ours | {"firm_id": firm.id, "line_cents": 500_00})
    for _twice in range(2):
        events = told(lambda: market.closes(market.one, by=market.people[0]))
        assert events == ([left] if not _twice else [])
    for _twice in range(2):
        events = told(lambda: market.opens(firm, by=market.people[0]))
        assert events == ([back] if not _twice else [])


def test_the_switch_tells_the_fingerprint_of_what_was_read(market: Market, told: Told) -> None:
    ((name, said),) = told(lambda: market.turn(on=False))
    assert (name, said["turned_on"], said["actor_id"]) == (
        "CreditSwitched",
        False,
        market.boss.id,
    )
    assert told(lambda: market.turn(on=False)) == []
    ((_name, said),) = told(lambda: market.turn(on=True))
    assert said["turned_on"]
    assert len(said["text_sha256"]) == 64
    (on, off, first) = switch.history()
    assert [row.turned_on for row in (first, off, on)] == [True, False, True]
    assert (on.text_read, on.by_id) == (READ, market.boss.id)


def asks(market: Market) -> int:
    with transaction():
        return departures.ask(
            market.actor(market.managers[0]),
            account_id=market.two,
            reason="closes down",
            now=market.make.now,
        )


def asked_last() -> int:
    return db.session.scalars(select(func.max(Departure.id))).one() or 0


def test_a_departure_is_told_when_asked_and_when_decided(market: Market, told: Told) -> None:
    market.gives(market.one, market.two, 80_00)
    ((name, said),) = told(lambda: asks(market))
    ours = {"site_id": market.site.id, "firm_id": market.firms[1].id}
    by_first = ours | {"actor_id": market.managers[0].id}
    assert name == "CreditDepartureAsked"
    assert said == by_first | {"balance_cents": -80_00, "reason": "closes down"}
    second = market.actor(market.managers[1])

    def withdraws() -> None:
        with transaction():
            departures.withdraw(second, departure_id=asked_last(), now=market.make.now)

    by_second = ours | {"actor_id": second.id}
    assert told(withdraws) == [("CreditDepartureDecided", by_second | {"agreed": False})]
    number = asks(market)

    def agrees() -> None:
        with transaction():
            departures.agree(second, departure_id=number, now=market.make.now)

    events = dict(told(agrees))
    assert events["CreditDepartureDecided"] == by_second | {"agreed": True}
    assert events["CreditAccountClosed"] == by_second
    assert events["CreditMoved"]["kind"] == "guarantee"


def test_ages_are_told_the_oldest_first_with_firm_and_site(market: Market, told: Told) -> None:
    begun = market.make.now
    third = market.accounts[2]
    market.gives(market.one, third, 50_00)
    market.make.now = begun + timedelta(days=1)
    market.gives(market.one, market.two, 50_00)
    market.make.now = begun + timedelta(days=300)

    def ticks() -> None:
        with transaction():
            ageing.tick(market.make.now)

    site = {"actor_id": None, "site_id": market.site.id, "age": "plan"}
    assert told(ticks) == [
        ("CreditAged", site | {"firm_id": market.firms[2].id}),
        ("CreditAged", site | {"firm_id": market.firms[1].id}),
    ]


def test_switched_off_it_still_ages_releases_and_lets_firms_go(market: Market) -> None:
    market.gives(market.one, market.two, 80_00)
    market.reserve(market.accounts[2], 5)
    market.turn(on=False)
    number = asks(market)
    with transaction():
        departures.withdraw(
            market.actor(market.managers[1]), departure_id=number, now=market.make.now
        )
    with transaction():
        assert ageing.tick(market.make.now + timedelta(days=300)) == 1
    assert market.release() == 5
    market.closes(market.accounts[2], by=market.people[2])


def test_what_is_missing_is_said_with_its_account(market: Market) -> None:
    with pytest.raises(Shortfall) as short:
        market.gives(market.one, market.two, 500_01)
    assert short.value.details == {
        "cents": 1,
        "wanted": 500_01,
        "available": 500_00,
        "account_id": market.two,
    }
    market.line(market.one, 500_00, upper=10)
    with pytest.raises(Excess) as full:
        market.gives(market.one, market.two, 12)
    assert full.value.details == {"cents": 2, "account_id": market.one}


def test_the_policy_of_a_site_is_kept_as_it_was_chosen(market: Market) -> None:
    chosen = Policy(start_cents=250_00, growth_pct=50, cap_cents=400_00, upper_cents=1_000_00)
    with transaction():
        accounts.set_site_policy(
            market.actor(market.managers[0]), site_id=market.site.id, chosen=chosen
        )
    assert market.held(market.one).policy == chosen
