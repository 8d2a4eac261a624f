"""Many last signatures at one instant against one line, and acceptances beside them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from incubator.domain.exchanges.deals import commands, performing, queries
from incubator.domain.exchanges.deals import terms as deal_terms
from incubator.domain.exchanges.ledger import accounts, verifying
from incubator.kernel.db import transaction
from incubator.kernel.events import unheard_by
from incubator.reactions.bridges import credited_deals
from tests import factories_deals as f
from tests.factories_credit import Market, a_market, apart
from tests.rivals import DONE, Rivals, rested

if TYPE_CHECKING:
    from collections.abc import Callable

    from incubator.domain.exchanges.deals.models import Deal

CROWD = 24
# Each asks 30 €: sixteen fit a line of 500 €.
PRICE = (30_00, 0)


def _houses(market: Market) -> tuple[f.House, f.House]:
    one, other = (
        f.House(firm.id, firm.name, person)
        for firm, person in zip(market.firms, market.people, strict=True)
    )
    rested(one.account, other.account)
    return one, other


def _signed_by(who: f.House, market: Market, one: f.House, other: f.House) -> Deal:
    wish = deal_terms.on_credit(f.swap(one, other, f.gives(one, other, PRICE)))
    deal = f.proposed(market.make, one, other, wish)
    return f.signs(market.make, who, deal)


def _signs(market: Market, who: f.House, deal_id: int, seen: str) -> None:
    with transaction(), unheard_by("incubator.reactions.mail"):
        actor = f.actor_of(market.make, who)
        commands.sign(actor, deal_id, seen_hash=seen, now=market.make.now)


def test_many_last_signatures_at_once_never_pass_the_line(rivals: Rivals) -> None:
    with rivals.inside():
        market = a_market(rivals.make)
        one, other = _houses(market)
        deals = [_signed_by(other, market, one, other) for _ in range(CROWD)]
        told = [(deal.id, deal.terms_hash) for deal in deals]
        apart(market)
    acts: list[Callable[[], None]] = [partial(_signs, market, one, *each) for each in told]
    assert rivals.at_once(acts) == {DONE: 16, "credit.theirs": CROWD - 16}
    with rivals.inside():
        assert verifying.verify() == []
        states = [queries.whole(deal_id).state for deal_id, _ in told]
        assert (states.count("signed"), states.count("proposed")) == (16, CROWD - 16)
        assert market.held(market.two).state.reserved == 480_00


def _accepts(market: Market, who: f.House, deal_id: int, leg_id: int) -> None:
    with transaction(), unheard_by("incubator.reactions.mail"):
        performing.accept(f.actor_of(market.make, who), deal_id, leg_id, now=market.make.now)


def _leaves(market: Market) -> None:
    with transaction():
        accounts.close_account(None, account_id=market.two, now=market.make.now)


def _retries(market: Market, deal_id: int, leg_id: int) -> None:
    with transaction():
        credited_deals.retry(deal_id, leg_id, now=market.make.now)


def _delivered(market: Market, one: f.House, other: f.House) -> tuple[int, int]:
    deal = f.signs(market.make, one, _signed_by(other, market, one, other))
    part = queries.whole(deal.id).legs[0]
    f.delivers(market.make, one, deal, part)
    return deal.id, part.id


def test_signing_accepting_and_leaving_at_once_end_as_in_some_order(rivals: Rivals) -> None:
    with rivals.inside():
        market = a_market(rivals.make)
        one, other = _houses(market)
        legs = [_delivered(market, one, other) for _ in range(6)]
        deals = [_signed_by(other, market, one, other) for _ in range(6)]
        told = [(deal.id, deal.terms_hash) for deal in deals]
        apart(market)
    acts: list[Callable[[], None]] = [partial(_accepts, market, other, *each) for each in legs]
    acts += [partial(_signs, market, one, *each) for each in told]
    acts += [partial(_retries, market, *each) for each in legs]
    ends = rivals.at_once([*acts, partial(_leaves, market)])
    assert ends == {DONE: len(acts), "ledger.balance": 1}
    with rivals.inside():
        assert verifying.verify() == []
        state = market.held(market.two).state
        assert (state.balance, state.reserved) == (-180_00, 180_00)
        assert {queries.whole(deal_id).legs[0].state for deal_id, _ in legs} == {"posted"}
