"""Deals on mutual credit: a line is kept free at the last signature, cents move once accepted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from incubator.blueprints.credit import hourly
from incubator.domain.exchanges.deals import clock, commands, disputes, performing, queries
from incubator.domain.exchanges.deals import rules as deal_rules
from incubator.domain.exchanges.deals import terms as deal_terms
from incubator.domain.exchanges.ledger import accounts, door, statements, verifying
from incubator.kernel.db import transaction
from incubator.kernel.errors import Refusal
from incubator.reactions.bridges import credited_deals
from tests import factories_deals as f
from tests.factories_credit import Market, a_market

if TYPE_CHECKING:
    from incubator.domain.exchanges.deals.models import Deal
    from tests.factories import Make

# 300 € with tax, of a first line of 500 €.
CHAIRS = (250_00, 2000)


@pytest.fixture
def market(make: Make) -> Market:
    """Three firms of a site with a line of 500 € each."""
    return a_market(make, firms=3)


def houses(market: Market) -> list[f.House]:
    pairs = zip(market.firms, market.people, strict=True)
    return [f.House(firm.id, firm.name, person) for firm, person in pairs]


def one_sided(market: Market, priced: tuple[int, int] = CHAIRS, giver: int = 0) -> Deal:
    """The first firm gives the second something, on mutual credit; proposed."""
    sides = houses(market)
    one, other = sides[giver], sides[1 - giver]
    bare = f.swap(one, other, f.gives(one, other, priced))
    return f.proposed(market.make, one, other, deal_terms.on_credit(bare))


def signed(market: Market, deal: Deal) -> Deal:
    """Signed by who receives, then by who gives."""
    for house in reversed(houses(market)[:2]):
        deal = f.signs(market.make, house, deal)
    return deal


def stands(market: Market) -> list[tuple[int, int]]:
    """Balance and reserved of each account, once all proofs of the ledger hold."""
    assert verifying.verify() == []
    states = [market.held(number).state for number in market.accounts]
    return [(state.balance, state.reserved) for state in states]


def delivered(market: Market, deal: Deal, leg: int = 0, giver: int = 0) -> Any:
    part = queries.whole(deal.id).legs[leg]
    f.delivers(market.make, houses(market)[giver], deal, part)
    return part


def verbs(deal: Deal) -> list[str]:
    return [step.verb for step in queries.steps_of(deal.id)]


def refused(code: str, act: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        act()
    assert caught.value.code == code
    return caught.value


def test_a_one_sided_deal_reserves_then_posts_and_tells_it(market: Market) -> None:
    deal = one_sided(market)
    assert deal.kind == "credit"
    assert stands(market)[1] == (0, 0)
    signed(market, deal)
    assert stands(market) == [(0, 0), (0, 300_00), (0, 0)]
    leg = delivered(market, deal)
    assert stands(market)[1] == (0, 300_00)
    f.accepts(market.make, houses(market)[1], deal, leg)
    f.accepts(market.make, houses(market)[1], deal, leg)
    assert stands(market) == [(300_00, 0), (-300_00, 0), (0, 0)]
    after = queries.whole(deal.id)
    assert (after.state, after.legs[0].state) == ("fulfilled", "posted")
    assert verbs(deal)[-6:] == ["bound", "carried", "delivered", "accepted", "posted", "fulfilled"]
    reader = market.make.actor(market.people[1])
    told = statements.period(
        reader,
        firm_id=market.firms[1].id,
        first=market.make.now - timedelta(days=1),
        until=market.make.now + timedelta(days=1),
        today=market.make.now.date(),
    )
    assert [(line.cents, line.source_id) for line in told.lines] == [(-300_00, leg.id)]
    assert (told.opening, told.closing, told.head.length) == (0, -300_00, 1)


def test_the_signature_is_refused_with_what_is_missing_and_nothing_is_half_signed(
    market: Market,
) -> None:
    deal = one_sided(market, (500_00, 2000))
    one, other = houses(market)[:2]
    found = refused("credit.short", lambda: f.signs(market.make, other, deal))
    assert (found.field, found.details["cents"]) == ("agreed", 100_00)
    f_signed = commands.signers(queries.whole(deal.id))
    assert f_signed == set()
    market.line(market.two, 600_00)
    f.signs(market.make, other, deal)
    market.line(market.two, 550_00)
    told = refused("credit.theirs", lambda: f.signs(market.make, one, deal))
    assert "cents" not in told.details
    after = queries.whole(deal.id)
    assert (after.state, commands.signers(after)) == ("proposed", {other.firm_id})
    assert stands(market) == [(0, 0)] * 3


@pytest.mark.parametrize(
    ("hinder", "code"),
    [
        (lambda m: m.freeze(m.two), "credit.frozen"),
        (lambda m: m.closes(m.two), "credit.no_account"),
        (lambda m: m.turn(on=False), "ledger.off"),
    ],
)
def test_frozen_closed_or_off_refuses_the_signature(market: Market, hinder: Any, code: str) -> None:
    deal = one_sided(market)
    f.signs(market.make, houses(market)[1], deal)
    hinder(market)
    refused(code, lambda: f.signs(market.make, houses(market)[0], deal))
    assert queries.whole(deal.id).state == "proposed"
    assert stands(market) == [(0, 0)] * 3


def test_who_gives_stays_below_the_upper_limit_and_may_be_frozen(market: Market) -> None:
    deal = one_sided(market)
    market.freeze(market.one)
    market.line(market.one, 500_00, upper=299_99)
    f.signs(market.make, houses(market)[1], deal)
    found = refused("credit.full", lambda: f.signs(market.make, houses(market)[0], deal))
    assert found.details["cents"] == 1
    market.line(market.one, 500_00, upper=300_00)
    f.signs(market.make, houses(market)[0], deal)
    assert stands(market)[1] == (0, 300_00)


def test_a_swap_is_carried_and_nets_to_nothing(market: Market) -> None:
    one, other = houses(market)[:2]
    deal = f.bound(market.make, one, other)
    assert stands(market) == [(0, 180_00), (0, 180_00), (0, 0)]
    first = delivered(market, deal)
    f.accepts(market.make, other, deal, first)
    assert stands(market) == [(180_00, 180_00), (-180_00, 0), (0, 0)]
    second = delivered(market, deal, leg=1, giver=1)
    f.accepts(market.make, one, deal, second)
    assert stands(market) == [(0, 0)] * 3
    assert queries.whole(deal.id).state == "fulfilled"


def test_a_swap_beyond_the_lines_or_with_a_soulte_is_left_to_itself(market: Market) -> None:
    one, other = houses(market)[:2]
    large = f.swap(one, other, f.gives(one, other, (900_00, 0)), f.gives(other, one, (900_00, 0)))
    f.bound(market.make, one, other, large)
    bare = f.swap(one, other, f.gives(one, other, (90_00, 0)), f.gives(other, one, (70_00, 0)))
    paid = deal_terms.Terms(legs=bare.legs, soulte=deal_terms.covering(bare))
    f.bound(market.make, one, other, paid)
    third = houses(market)[2]
    market.freeze(market.accounts[2])
    deal = f.bound(market.make, one, third)
    assert stands(market) == [(0, 0)] * 3
    leg = delivered(market, deal)
    f.accepts(market.make, third, deal, leg)
    assert queries.whole(deal.id).legs[0].state == "accepted"
    assert stands(market) == [(0, 0)] * 3


def test_a_part_is_posted_and_the_rest_let_go(market: Market) -> None:
    deal = signed(market, one_sided(market))
    leg = delivered(market, deal)
    one, other = houses(market)[:2]
    number = f.contests(market.make, other, deal, leg, 200_00)
    assert stands(market)[1] == (0, 300_00)
    with transaction():
        giver = f.actor_of(market.make, one)
        disputes.agree(giver, deal.id, number, cents=200_00, now=market.make.now)
    assert stands(market)[:2] == [(200_00, 0), (-200_00, 0)]
    after = queries.whole(deal.id)
    assert (after.state, after.legs[0].state) == ("part_settled", "posted")


def test_what_is_called_off_or_refused_is_let_go(market: Market) -> None:
    one, other = houses(market)[:2]
    deal = signed(market, one_sided(market))
    for house in (one, other):
        with transaction():
            performing.call_off(f.actor_of(market.make, house), deal.id, now=market.make.now)
    assert stands(market) == [(0, 0)] * 3
    deal = signed(market, one_sided(market))
    leg = delivered(market, deal)
    number = f.contests(market.make, other, deal, leg, 0)
    with transaction():
        giver = f.actor_of(market.make, one)
        disputes.agree(giver, deal.id, number, cents=0, now=market.make.now)
    assert stands(market) == [(0, 0)] * 3
    assert "posted" not in verbs(deal)


def test_what_never_came_is_let_go_once_a_mediator_decides(market: Market) -> None:
    other = houses(market)[1]
    deal = signed(market, one_sided(market))
    assert stands(market)[1] == (0, 300_00)
    market.make.now += deal_rules.NEVER_CAME_AFTER
    number = f.never_came(market.make, other, deal, deal.legs[0])
    assert stands(market)[1] == (0, 300_00)
    boss = market.make.actor(market.make.member(role="administrator"))
    late = market.make.now + deal_rules.RESOLVE_WITHIN
    with transaction():
        disputes.decide(boss, deal.id, number or 0, words="Rien", cents=0, now=late)
    assert stands(market) == [(0, 0)] * 3
    assert queries.whole(deal.id).state == "cancelled"


def test_silence_accepts_and_posts(market: Market) -> None:
    deal = signed(market, one_sided(market))
    delivered(market, deal)
    later = market.make.now + timedelta(days=4)
    for _twice in range(2):
        with transaction():
            clock.pass_hour(deal.id, now=later)
    assert stands(market)[:2] == [(300_00, 0), (-300_00, 0)]
    assert queries.whole(deal.id).state == "fulfilled"


@pytest.mark.parametrize(
    ("hinder", "help_on"),
    [
        (lambda m: m.freeze(m.two), lambda m: m.freeze(m.two, frozen=False)),
        (lambda m: m.line(m.two, 100_00), lambda m: m.line(m.two, 300_00)),
        (lambda m: m.line(m.one, 0, upper=10_00), lambda m: m.line(m.one, 0, upper=None)),
    ],
)
def test_an_acceptance_passes_and_its_posting_waits(
    market: Market, hinder: Any, help_on: Any
) -> None:
    deal = signed(market, one_sided(market))
    leg = delivered(market, deal)
    hinder(market)
    f.accepts(market.make, houses(market)[1], deal, leg)
    after = queries.whole(deal.id)
    assert (after.state, after.legs[0].state) == ("fulfilled", "accepted")
    assert stands(market)[1] == (0, 300_00)
    assert credited_deals.waiting() == [(deal.id, leg.id)]
    assert not tried(market, deal, leg)
    help_on(market)
    assert tried(market, deal, leg)
    assert not tried(market, deal, leg)
    assert stands(market)[:2] == [(300_00, 0), (-300_00, 0)]
    assert (credited_deals.waiting(), verbs(deal)[-1]) == ([], "posted")


def test_what_waits_is_found_behind_any_number_of_deals_that_are_only_signed(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credited_deals, "AT_ONCE", 1)
    small = (50_00, 2000)
    for _only_signed in range(2):
        signed(market, one_sided(market, small))
    late = [signed(market, one_sided(market, small)) for _ in range(2)]
    legs = [delivered(market, deal) for deal in late]
    market.freeze(market.two)
    for deal, leg in zip(late, legs, strict=True):
        f.accepts(market.make, houses(market)[1], deal, leg)
    assert credited_deals.waiting() == [(late[0].id, legs[0].id)]
    assert credited_deals.waiting(after=legs[0].id) == [(late[1].id, legs[1].id)]
    market.freeze(market.two, frozen=False)
    hourly.pass_hour({})
    assert [queries.whole(deal.id).legs[0].state for deal in late] == ["posted"] * 2
    assert credited_deals.waiting() == []


def tried(market: Market, deal: Deal, leg: Any) -> bool:
    with transaction():
        return credited_deals.retry(deal.id, leg.id, now=market.make.now)


def test_switched_off_meanwhile_it_is_paid_in_euros_and_traps_nobody(market: Market) -> None:
    deal = signed(market, one_sided(market))
    waits = signed(market, one_sided(market, (100_00, 0)))
    frozen_leg = delivered(market, waits)
    market.freeze(market.two)
    f.accepts(market.make, houses(market)[1], waits, frozen_leg)
    leg = delivered(market, deal)
    market.turn(on=False)
    f.accepts(market.make, houses(market)[1], deal, leg)
    assert queries.whole(deal.id).state == "fulfilled"
    assert "in_euros" in verbs(deal)
    assert tried(market, waits, frozen_leg)
    assert stands(market) == [(0, 0)] * 3
    market.closes(market.two)
    market.turn(on=True)
    assert credited_deals.waiting() == []
    assert stands(market) == [(0, 0)] * 3


def test_a_manager_takes_a_posted_leg_back_and_the_deal_tells_why(market: Market) -> None:
    deal = signed(market, one_sided(market))
    leg = delivered(market, deal)
    f.accepts(market.make, houses(market)[1], deal, leg)
    reader = market.make.actor(market.people[0])
    page = statements.period(
        reader,
        firm_id=market.firms[0].id,
        first=market.make.now - timedelta(days=1),
        until=market.make.now + timedelta(days=1),
        today=market.make.now.date(),
    )
    by = market.make.actor(market.managers[0])
    more = {"txn_id": page.lines[0].txn_id, "reason": "Typed twice", "now": market.make.now}
    with transaction():
        credited_deals.take_back(by, **more)
    assert stands(market) == [(0, 0)] * 3
    step = queries.steps_of(deal.id)[-1]
    assert (step.verb, step.data["words"], step.by_id) == ("taken_back", "Typed twice", by.id)
    with pytest.raises(Refusal), transaction():
        credited_deals.take_back(by, **more)
    assert [each for each in verbs(deal) if each == "taken_back"] == ["taken_back"]


def test_a_firm_leaves_only_when_nothing_is_owed_either_way(market: Market) -> None:
    deal = signed(market, one_sided(market))
    refused("ledger.balance", lambda: market.closes(market.two))
    found = refused("credit.awaited", lambda: market.closes(market.one))
    assert found.details["number"] == 1
    leg = delivered(market, deal)
    f.accepts(market.make, houses(market)[1], deal, leg)
    refused("ledger.balance", lambda: market.closes(market.one))
    market.closes(market.accounts[2])


def test_a_firm_without_account_swaps_as_before_and_cannot_be_on_credit(market: Market) -> None:
    one = houses(market)[0]
    other = f.house(market.make, "Sans compte", market.site)
    f.bound(market.make, one, other)
    assert stands(market) == [(0, 0)] * 3
    bare = f.swap(one, other, f.gives(one, other, CHAIRS))
    deal = f.proposed(market.make, one, other, deal_terms.on_credit(bare))
    refused("credit.no_account", lambda: f.signs(market.make, other, deal))


def test_other_terms_may_go_on_credit_and_back(market: Market) -> None:
    one, other = houses(market)[:2]
    bare = f.swap(one, other, f.gives(one, other, (100_00, 0)), f.gives(other, one, (60_00, 0)))
    deal = f.proposed(market.make, one, other, bare)
    refused("deals.unequal", lambda: f.signs(market.make, one, deal))
    with transaction():
        wish = deal_terms.on_credit(bare)
        actor = f.actor_of(market.make, other)
        seen = queries.whole(deal.id).terms_hash
        commands.counter(actor, deal.id, wish=wish, seen_hash=seen, until=None, now=market.make.now)
    signed(market, deal)
    assert stands(market)[:2] == [(0, 60_00), (0, 100_00)]


def test_equal_sides_need_no_credit(market: Market) -> None:
    one, other = houses(market)[:2]
    assert deal_terms.on_credit(f.swap(one, other)).kind == "swap"


def test_an_expired_proposal_reserves_nothing(market: Market) -> None:
    deal = one_sided(market)
    f.signs(market.make, houses(market)[1], deal)
    with transaction():
        clock.pass_hour(deal.id, now=market.make.now + timedelta(days=200))
    assert queries.whole(deal.id).state == "expired"
    assert stands(market) == [(0, 0)] * 3


def test_a_line_is_known_to_its_own_firm_alone(market: Market) -> None:
    deal = one_sided(market, (500_00, 2000))
    legs = queries.whole(deal.id).legs
    found = credited_deals.obstacles(legs, {house.firm_id for house in houses(market)[:2]})
    assert [(each.code, each.cents) for each in found] == [("credit.short", 100_00)]
    with transaction():
        accounts.close_account(None, account_id=market.one, now=market.make.now)
    assert door.account(market.one, locked=False).closed_at is not None
