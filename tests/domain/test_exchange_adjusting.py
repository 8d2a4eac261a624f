"""A correction between two firms: who may propose it, who agrees, and what it refuses."""

from __future__ import annotations

from datetime import timedelta

import pytest

from incubator.domain.exchanges.ledger import adjusting, desk
from incubator.domain.exchanges.ledger.accounts import MOST_REASON
from incubator.domain.exchanges.ledger.events import (
    CreditAdjustmentAsked,
    CreditAdjustmentWithdrawn,
)
from incubator.domain.exchanges.ledger.models import Adjustment
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import Event, recording
from tests.factories_credit import Market, a_market
from tests.factories_members import a_firm


@pytest.fixture
def market(make) -> Market:
    return a_market(make, firms=3)


def asks(market: Market, *, by=None, heard: list[Event] | None = None, **more) -> int:
    told = {
        "giver_id": market.one,
        "receiver_id": market.two,
        "cents": 12_50,
        "reason": "Typed into the wrong deal",
        "once": "form:1",
    }
    with transaction(), recording() as events:
        actor = market.actor(by or market.managers[0])
        number = adjusting.ask(actor, now=market.make.now, **told | more)
    if heard is not None:
        heard += events
    return number


def agrees(market: Market, number: int, *, by=None):
    with transaction():
        actor = market.actor(by or market.managers[1])
        return adjusting.agree(actor, adjustment_id=number, now=market.make.now)


def withdraws(market: Market, number: int, *, by=None) -> None:
    with transaction():
        actor = market.actor(by or market.managers[1])
        adjusting.withdraw(actor, adjustment_id=number, now=market.make.now)


def refused(kind: type[Exception], act, *arguments, **more) -> tuple[str, str | None]:
    with pytest.raises(kind) as caught:
        act(*arguments, **more)
    db.session.rollback()
    return caught.value.code, caught.value.field


def row(number: int) -> Adjustment:
    found = db.session.get(Adjustment, number, populate_existing=True)
    assert found
    return found


def test_what_two_managers_agree_on_is_posted_in_their_names(market) -> None:
    number = asks(market)
    assert market.balances() == [0, 0, 0]
    market.make.now += timedelta(hours=1)
    posted = agrees(market, number)
    assert market.balances() == [12_50, -12_50, 0]
    told = row(number)
    assert (told.state, told.txn_id, told.decided_at) == ("agreed", posted.id, market.make.now)
    assert (told.asked_by_id, told.decided_by_id) == tuple(each.id for each in market.managers)


def test_a_proposal_is_told_with_its_firms_its_cents_and_its_words(market) -> None:
    heard: list[Event] = []
    number = asks(market, reason="  Typed\0 twice ", heard=heard)
    asks(market, reason="Typed twice", heard=heard)
    (told,) = (each for each in heard if isinstance(each, CreditAdjustmentAsked))
    one, two, _three = market.firms
    assert (told.actor_id, told.firm_id) == (market.managers[0].id, one.id)
    assert (told.receiver_firm_id, told.cents, told.reason) == (two.id, 12_50, "Typed twice")
    assert row(number).reason == "Typed twice"


def test_a_form_sent_twice_is_one_proposal_and_another_form_another(market) -> None:
    first = asks(market)
    assert asks(market) == first
    second = asks(market, once="form:2")
    assert [each.id for each in adjusting.waiting_of(market.two)] == [first, second]
    assert adjusting.waiting_of(market.accounts[2]) == []
    # The same words on another's form are theirs.
    assert asks(market, by=market.managers[1]) not in {first, second}


def test_words_and_cents_are_asked_for_beside_their_fields(market) -> None:
    assert refused(Refusal, asks, market, reason=" \0 ") == ("ledger.reason", "reason")
    long = "x" * (MOST_REASON + 1)
    assert refused(Refusal, asks, market, reason=long) == ("ledger.reason", "reason")
    assert asks(market, reason="x" * MOST_REASON, cents=1)
    for cents in (0, -1):
        assert refused(Refusal, asks, market, cents=cents) == ("ledger.cents", "cents")
    same = refused(Refusal, asks, market, receiver_id=market.one)
    assert same == ("ledger.same", "other")


def test_the_fund_is_corrected_by_departures_alone(market) -> None:
    for side in ("giver_id", "receiver_id"):
        told = refused(NotFound, asks, market, **{side: market.fund})
        assert told == ("ledger.account", None)


def test_who_is_of_a_party_or_of_neither_site_proposes_nothing(market, make) -> None:
    far = make.member(make.site("Dakar"), role="manager")
    for nobody in (market.people[0], far):
        assert refused(NotAllowed, asks, market, by=nobody) == ("ledger.decide", None)
    a_firm(make, market.managers[0], "Sienne")
    assert asks(market)


def test_a_manager_of_either_site_may_propose_and_agree(market, make) -> None:
    dakar = make.site("Dakar")
    far = make.member(dakar, role="manager")
    there = market.opens(a_firm(make, make.member(dakar), "Loin"))
    number = asks(market, by=far, receiver_id=there)
    assert [each[0] for each in desk.waiting_accounts(market.actor(market.managers[0]))] == [
        market.firms[0].id
    ]
    agrees(market, number, by=market.managers[0])
    assert market.held(there).state.balance == -12_50


def test_nobody_agrees_with_themselves_nor_twice(market) -> None:
    number = asks(market)
    mine = refused(NotAllowed, agrees, market, number, by=market.managers[0])
    assert mine == ("ledger.second", None)
    agrees(market, number)
    gone = ("ledger.adjustment_gone", None)
    assert refused(NotFound, agrees, market, number) == gone
    assert refused(NotFound, withdraws, market, number) == gone
    assert refused(NotFound, agrees, market, number + 1) == gone
    assert market.balances() == [12_50, -12_50, 0]


def test_a_proposal_falls_and_that_is_told(market) -> None:
    number = asks(market)
    assert refused(NotAllowed, withdraws, market, number, by=market.people[0]) == (
        "ledger.decide",
        None,
    )
    market.turn(on=False)
    with transaction(), recording() as heard:
        actor = market.actor(market.managers[1])
        adjusting.withdraw(actor, adjustment_id=number, now=market.make.now)
    (told,) = heard
    assert isinstance(told, CreditAdjustmentWithdrawn)
    one, two, _three = market.firms
    assert (told.firm_id, told.receiver_firm_id) == (one.id, two.id)
    fallen = row(number)
    assert (fallen.state, fallen.decided_by_id) == ("withdrawn", market.managers[1].id)
    assert fallen.decided_at == market.make.now
    assert adjusting.waiting_of(market.one) == []


def test_nothing_is_proposed_or_agreed_while_credit_is_off(market) -> None:
    number = asks(market)
    market.turn(on=False)
    assert refused(Refusal, asks, market, once="form:2") == ("ledger.off", None)
    assert refused(Refusal, agrees, market, number) == ("ledger.off", None)
