"""A swap that the ledger carries counts once: set off where it evens out, else paid by credit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from incubator.domain.exchanges.deals import disputes, performing, queries
from incubator.domain.exchanges.deals.terms import SoulteTerms
from incubator.domain.exchanges.invoices import agreeing, answering, setoffs, settling
from incubator.kernel.db import transaction
from incubator.kernel.errors import Refusal
from incubator.reactions.bridges import credited_deals
from tests import factories_deals as f
from tests import factories_invoices as i
from tests.domain.test_credited_deals import houses, refused, signed, stands, verbs
from tests.domain.test_invoices_reopened import how, txn_of
from tests.factories_credit import Market, a_market

if TYPE_CHECKING:
    from incubator.domain.exchanges.deals.models import Deal
    from incubator.domain.exchanges.invoices.models import Invoice
    from tests.factories import Make

# 300 € with tax on both sides, of first lines of 500 €.
EACH = (250_00, 2000)


@pytest.fixture
def market(make: Make) -> Market:
    """Two firms of a site with a line of 500 € each, who said who they are on invoices."""
    market = a_market(make)
    i.detailed(make, *houses(market))
    return market


def swapped(market: Market) -> Deal:
    """A signed swap of 300 € against 300 € that the ledger carries."""
    one, two = houses(market)
    deal = f.proposed(
        market.make, one, two, f.swap(one, two, f.gives(one, two, EACH), f.gives(two, one, EACH))
    )
    deal = signed(market, deal)
    assert "carried" in verbs(deal)
    return deal


def gives(market: Market, deal: Deal, leg: int) -> None:
    """A leg is delivered and accepted: the first is of the first firm."""
    sides = houses(market)
    part = queries.whole(deal.id).legs[leg]
    f.delivers(market.make, sides[leg], deal, part)
    f.accepts(market.make, sides[1 - leg], deal, part)


def papers(market: Market, deal: Deal, leg: int) -> Invoice:
    """The invoice of a leg, issued and accepted."""
    sides = houses(market)
    invoice = i.issued(market.make, queries.whole(deal.id).legs[leg], sides[leg])
    with transaction():
        by = f.actor_of(market.make, sides[1 - leg])
        answering.receive(by, invoice.id, now=market.make.now)
    return i.seen(invoice)


def calls_off(market: Market, deal: Deal) -> None:
    for one in houses(market):
        with transaction():
            performing.call_off(f.actor_of(market.make, one), deal.id, now=market.make.now)


def taken_back(market: Market, txn_id: int) -> None:
    with transaction():
        by = market.make.actor(market.managers[0])
        credited_deals.take_back(by, txn_id=txn_id, reason="Wrong", now=market.make.now)


def claimed(market: Market) -> dict[int, int]:
    return {c.invoice_id: c.cents for c in setoffs.claims(due_on=market.make.now.date())}


def for_euros(deal: Deal, invoice: Invoice) -> bool:
    return agreeing.is_for_euros(queries.whole(deal.id), i.seen(invoice))


def counted_once(market: Market, deal: Deal) -> None:
    """What stands on each account for a deal is what its invoices say that credit paid."""
    live = settling.live_of(deal.id).values()
    for number, firm in zip(market.accounts, market.firms, strict=True):
        paid = sum(one.credit_cents for one in live if one.issuer_id == firm.id)
        owed = sum(one.credit_cents for one in live if one.recipient_id == firm.id)
        assert market.held(number).state.balance == paid - owed


def test_both_legs_posted_even_out_and_the_invoices_are_set_off(market: Market) -> None:
    deal = swapped(market)
    gives(market, deal, 0)
    first = papers(market, deal, 0)
    assert how(first) == ("received", 0, 0, 300_00)
    assert claimed(market) == {}
    assert not for_euros(deal, first)
    gives(market, deal, 1)
    second = papers(market, deal, 1)
    assert stands(market) == [(0, 0), (0, 0)]
    for one in houses(market):
        i.agrees(market.make, one, deal)
    assert [how(one) for one in (first, second)] == [("compensated", 0, 0, 0)] * 2
    counted_once(market, deal)


@pytest.mark.parametrize("invoiced", ["before", "after"])
def test_the_other_leg_called_off_credit_pays_what_was_given(market: Market, invoiced: str) -> None:
    deal = swapped(market)
    gives(market, deal, 0)
    first = papers(market, deal, 0) if invoiced == "before" else None
    calls_off(market, deal)
    first = first or papers(market, deal, 0)
    assert stands(market) == [(300_00, 0), (-300_00, 0)]
    assert how(first) == ("paid", 300_00, 300_00, 0)
    assert claimed(market) == {}
    counted_once(market, deal)
    taken_back(market, txn_of(deal))
    assert how(first) == ("received", 0, 0, 300_00)
    assert claimed(market) == {first.id: 300_00}
    assert for_euros(deal, first)


def test_a_part_of_the_other_leg_leaves_the_difference_on_credit(market: Market) -> None:
    deal = swapped(market)
    gives(market, deal, 0)
    one, two = houses(market)
    leg = queries.whole(deal.id).legs[1]
    f.delivers(market.make, two, deal, leg)
    dispute = f.contests(market.make, one, deal, leg, 120_00)
    with transaction():
        by = f.actor_of(market.make, two)
        disputes.agree(by, deal.id, dispute, cents=120_00, now=market.make.now)
    assert stands(market) == [(180_00, 0), (-180_00, 0)]
    both = [papers(market, deal, each) for each in (0, 1)]
    assert [how(each)[:3] for each in both] == [
        ("paid", 300_00, 300_00),
        ("paid", 120_00, 120_00),
    ]
    counted_once(market, deal)


def test_switched_off_meanwhile_credit_pays_one_leg_and_euros_the_other(market: Market) -> None:
    deal = swapped(market)
    gives(market, deal, 0)
    market.turn(on=False)
    gives(market, deal, 1)
    first, second = (papers(market, deal, each) for each in (0, 1))
    assert how(first)[0] == "paid"
    assert how(second) == ("received", 0, 0, 300_00)
    assert claimed(market) == {second.id: 300_00}
    assert for_euros(deal, second)
    assert agreeing.plan_of(queries.whole(deal.id)) is None
    counted_once(market, deal)


def test_one_line_taken_back_before_the_set_off_leaves_each_its_own_way(market: Market) -> None:
    deal = swapped(market)
    for leg in (0, 1):
        gives(market, deal, leg)
    first, second = (papers(market, deal, each) for each in (0, 1))
    taken_back(market, txn_of(deal))
    assert how(first) == ("received", 0, 0, 300_00)
    assert how(second) == ("paid", 300_00, 300_00, 0)
    assert for_euros(deal, first)
    counted_once(market, deal)


def test_a_line_whose_invoice_was_set_off_is_not_taken_back(market: Market) -> None:
    deal = swapped(market)
    for leg in (0, 1):
        gives(market, deal, leg)
    for leg in (0, 1):
        papers(market, deal, leg)
    for one in houses(market):
        i.agrees(market.make, one, deal)
    refused("credit.set_off", lambda: taken_back(market, txn_of(deal)))
    assert stands(market) == [(0, 0), (0, 0)]


def test_a_leg_that_waits_for_its_posting_is_neither_set_off_nor_paid(market: Market) -> None:
    deal = swapped(market)
    gives(market, deal, 0)
    market.freeze(market.one)
    gives(market, deal, 1)
    first, second = (papers(market, deal, each) for each in (0, 1))
    assert agreeing.plan_of(queries.whole(deal.id)) is None
    assert [how(each)[0] for each in (first, second)] == ["received", "received"]
    assert claimed(market) == {}
    market.freeze(market.one, frozen=False)
    ((deal_id, leg_id),) = credited_deals.waiting()
    with transaction():
        assert credited_deals.retry(deal_id, leg_id, now=market.make.now)
    assert agreeing.plan_of(queries.whole(deal.id)) is not None
    counted_once(market, deal)


def noted_paid(market: Market, invoice: Invoice) -> None:
    """Its issuer says that it was paid in euros."""
    with transaction():
        by = f.actor_of(market.make, houses(market)[0])
        answering.note_paid(by, invoice.id, now=market.make.now)


def test_what_waits_for_its_posting_is_not_noted_as_paid_in_euros(market: Market) -> None:
    deal = swapped(market)
    market.freeze(market.two)
    gives(market, deal, 0)
    calls_off(market, deal)
    first = papers(market, deal, 0)
    refused("invoices.not_in_euros", lambda: noted_paid(market, first))
    assert how(first) == ("received", 0, 0, 300_00)
    market.freeze(market.two, frozen=False)
    ((deal_id, leg_id),) = credited_deals.waiting()
    with transaction():
        assert credited_deals.retry(deal_id, leg_id, now=market.make.now)
    assert how(first) == ("paid", 300_00, 300_00, 0)
    counted_once(market, deal)


def test_what_a_set_off_may_still_settle_is_not_noted_as_paid_in_euros(make: Make) -> None:
    one, two = f.house(make, "Bois"), f.house(make, "Image")
    deal = i.both_issued(make, one, two)
    first = settling.live_of(deal.id)[deal.legs[0].id]
    with pytest.raises(Refusal, match=r"invoices\.not_in_euros"), transaction():
        answering.note_paid(f.actor_of(make, one), first.id, now=make.now)
    assert i.seen(first).paid_cents == 0


def with_soulte(make: Make) -> tuple[list[f.House], Deal]:
    """200 € against 180 €, and 20 € in euros from the second firm; both invoiced."""
    one, two = f.house(make, "Bois"), f.house(make, "Image")
    legs = (f.gives(one, two, (200_00, 0)), f.gives(two, one, (180_00, 0)))
    soulte = SoulteTerms(two.firm_id, one.firm_id, 20_00)
    return [one, two], i.both_issued(make, one, two, f.swap(one, two, *legs, soulte=soulte))


def test_a_soulte_that_comes_after_the_set_off_settles_the_deal(make: Make) -> None:
    (one, two), deal = with_soulte(make)
    first = settling.live_of(deal.id)[deal.legs[0].id]
    for who in (one, two):
        i.agrees(make, who, deal)
    assert how(first)[3] == 20_00
    assert setoffs.claims(due_on=make.now.date()) == []
    assert not for_euros(deal, first)
    with pytest.raises(Refusal) as caught, transaction():
        answering.note_paid(f.actor_of(make, one), first.id, now=make.now)
    assert caught.value.code == "invoices.soulte"
    for _twice in range(2):
        with transaction():
            performing.note_paid(f.actor_of(make, one), deal.id, ref="", now=make.now)
    now = i.seen(first)
    assert (now.status, now.applied_cents, now.paid_cents) == ("compensated", 180_00, 20_00)
    assert queries.whole(deal.id).state == "settled"


def test_a_deal_with_a_soulte_enters_no_round(make: Make) -> None:
    (one, _two), deal = with_soulte(make)
    with transaction():
        performing.note_paid(f.actor_of(make, one), deal.id, ref="", now=make.now)
    assert setoffs.claims(due_on=make.now.date()) == []


def test_what_nothing_can_set_off_any_more_comes_in_euros(make: Make) -> None:
    one, two = f.house(make, "Bois"), f.house(make, "Image")
    i.detailed(make, one, two)
    deal = f.bound(make, one, two)
    leg = deal.legs[0]
    f.delivers(make, one, deal, leg)
    f.accepts(make, two, deal, leg)
    invoice = i.issued(make, leg, one)
    assert not for_euros(deal, invoice)
    for who in (one, two):
        with transaction():
            performing.call_off(f.actor_of(make, who), deal.id, now=make.now)
    assert for_euros(deal, invoice)
    with transaction():
        answering.note_paid(f.actor_of(make, one), invoice.id, now=make.now)
    assert how(invoice)[0] == "paid"
