"""What firms and managers hear of mutual credit, what the hour does, what is suggested."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from incubator.blueprints.credit import hourly, suggesting
from incubator.domain.exchanges.deals import queries
from incubator.domain.exchanges.deals import terms as deal_terms
from incubator.domain.exchanges.ledger import ageing, departures
from incubator.kernel.db import db, transaction
from incubator.reactions.notifications.models import Notification
from tests import factories_deals as f
from tests.factories_credit import Market, a_market

if TYPE_CHECKING:
    from flask import Flask

    from tests.factories import Make


@pytest.fixture
def market(make: Make) -> Market:
    return a_market(make)


def told(who: Any) -> set[tuple[str, str]]:
    """The areas and the news that somebody has in their list."""
    query = select(Notification.area, Notification.what).where(Notification.member_id == who.id)
    return {(area, what) for area, what in db.session.execute(query)}


def test_a_firm_hears_what_moved_and_of_its_limits(market: Market) -> None:
    one, other = market.people
    market.gives(market.one, market.two, 100_00)
    assert ("credit", "credit_moved") in told(one)
    market.gives(market.one, market.two, 350_00)
    assert told(other) & {("credit", "credit_low"), ("credit", "credit_moved")}
    market.freeze(market.two)
    assert ("credit", "credit_frozen") in told(other)


def test_a_firm_hears_that_its_line_is_shorter_since_a_delivery_was_taken_back(
    market: Market,
) -> None:
    one, other = market.people
    market.reverses(market.gives(market.one, market.two, 250_00).id)
    assert told(one) == {("credit", "credit_shorter")}
    assert told(other) == {("credit", "credit_reversed")}


def test_who_may_agree_hears_of_a_departure_and_of_old_debts(market: Market) -> None:
    market.gives(market.one, market.two, 100_00)
    first, second = market.managers
    with transaction():
        by = market.actor(first)
        departures.ask(by, account_id=market.two, reason="A cessé", now=market.make.now)
    assert ("credit_desk", "credit_departure") in told(second)
    assert ("credit_desk", "credit_departure") not in told(first)
    with transaction():
        ageing.tick(market.make.now + timedelta(days=300))
    assert ("credit_desk", "credit_plan") in told(first)
    assert ("credit", "credit_plan") in told(market.people[1])


def test_the_hour_posts_what_waited(market: Market) -> None:
    pairs = zip(market.firms, market.people, strict=True)
    one, other = (f.House(firm.id, firm.name, person) for firm, person in pairs)
    wish = deal_terms.on_credit(f.swap(one, other, f.gives(one, other, (100_00, 0))))
    deal = f.bound(market.make, one, other, wish)
    leg = deal.legs[0]
    f.delivers(market.make, one, deal, leg)
    market.freeze(market.two)
    f.accepts(market.make, other, deal, queries.whole(deal.id).legs[0])
    hourly.pass_hour({})
    assert market.balances() == [0, 0]
    market.freeze(market.two, frozen=False)
    hourly.pass_hour({})
    assert market.balances() == [100_00, -100_00]


def test_who_is_off_balance_and_silent_is_asked_gently(market: Market, app: Flask) -> None:
    market.gives(market.one, market.two, 100_00)

    def keys() -> list[list[str]]:
        with app.test_request_context():
            readers = [market.actor(who) for who in market.people]
            return [[each.key for each in suggesting.off_balance(who)] for who in readers]

    assert keys() == [["credit_need"], ["credit_offer"]]
    market.turn(on=False)
    assert keys() == [[], []]
