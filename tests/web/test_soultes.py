"""What the pages say of a soulte that came: what it paid, what is left, what goes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from incubator.domain.exchanges.deals import performing
from incubator.domain.exchanges.deals.terms import SoulteTerms
from incubator.kernel.db import transaction
from tests import factories_deals as f
from tests import factories_invoices as i

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.exchanges.deals.models import Deal
    from tests.factories import Make

SignIn = Any


@pytest.fixture
def one(make: Make, frozen: datetime) -> f.House:
    del frozen
    return f.house(make, "Bois")


@pytest.fixture
def other(make: Make) -> f.House:
    return f.house(make, "Image")


def came(make: Make, one: f.House, other: f.House) -> Deal:
    """One gives 1,300 € against 1,000 € and a soulte of 300 €, which came."""
    i.detailed(make, one, other)
    legs = (f.gives(one, other, (1300_00, 0)), f.gives(other, one, (1000_00, 0)))
    soulte = SoulteTerms(other.firm_id, one.firm_id, 300_00)
    deal = f.bound(make, one, other, f.swap(one, other, *legs, soulte=soulte))
    with transaction():
        performing.note_paid(f.actor_of(make, one), deal.id, ref="", now=make.now)
    return f.looked_at(deal)


def called_off(make: Make, one: f.House, other: f.House, deal: Deal) -> None:
    for each in (one, other):
        with transaction():
            performing.call_off(f.actor_of(make, each), deal.id, now=make.now)


def test_both_firms_read_what_of_a_soulte_is_to_be_given_back(
    make: Make, sign_in: SignIn, one: f.House, other: f.House
) -> None:
    deal = came(make, one, other)
    browsers = [sign_in(each.account) for each in (one, other)]
    words = "c’est plus que ce qui est dû pour ce qui a été accepté"
    for browser in browsers:
        assert words not in browser.get(f"/accords/{deal.id}").text
    called_off(make, one, other, deal)
    for browser in browsers:
        page = browser.get(f"/accords/{deal.id}").text
        assert words in page
        assert f"{one.name} doit rendre 300,00\u00a0€ à {other.name}" in page


def test_an_invoice_says_what_came_by_the_soulte_and_what_is_left(
    make: Make, sign_in: SignIn, one: f.House, other: f.House
) -> None:
    deal = came(make, one, other)
    f.delivers(make, one, deal, deal.legs[0])
    f.accepts(make, other, deal, deal.legs[0])
    called_off(make, one, other, deal)
    invoice = i.issued(make, f.looked_at(deal).legs[0], one)
    mine, theirs = sign_in(one.account), sign_in(other.account)
    for browser in (mine, theirs):
        page = browser.get(f"/factures/{invoice.id}").text
        assert "300,00\u00a0€ en sont arrivés par la soulte" in page
        assert "Reste à payer en euros" in page
        assert "1\u202f000,00\u00a0€" in page
        assert "doit rendre" not in browser.get(f"/accords/{deal.id}").text
        assert "reste 1\u202f000,00\u00a0€ à payer" in browser.get(f"/accords/{deal.id}").text
    assert f"/factures/{invoice.id}/contester" in theirs.get(f"/factures/{invoice.id}").text
    assert f"/factures/{invoice.id}/avoir" in mine.get(f"/factures/{invoice.id}").text


def test_what_a_set_off_will_still_take_is_not_asked_for_in_euros(
    make: Make, sign_in: SignIn, one: f.House, other: f.House
) -> None:
    deal = came(make, one, other)
    for leg, giver, receiver in zip(deal.legs, (one, other), (other, one), strict=True):
        f.delivers(make, giver, deal, leg)
        f.accepts(make, receiver, deal, leg)
    invoice = i.issued(make, f.looked_at(deal).legs[0], one)
    mine = sign_in(one.account)
    assert "Reste à régler" in mine.get(f"/factures/{invoice.id}").text
    assert "reste 1\u202f000,00\u00a0€ à régler" in mine.get(f"/accords/{deal.id}").text


def test_an_invoice_that_the_soulte_paid_whole_says_what_it_waits_for(
    make: Make, sign_in: SignIn, one: f.House, other: f.House
) -> None:
    i.detailed(make, one, other)
    soulte = SoulteTerms(other.firm_id, one.firm_id, 300_00)
    legs = (f.gives(one, other, (300_00, 0)),)
    deal = f.bound(make, one, other, f.swap(one, other, *legs, soulte=soulte))
    with transaction():
        performing.note_paid(f.actor_of(make, one), deal.id, ref="", now=make.now)
    leg = f.looked_at(deal).legs[0]
    f.delivers(make, one, deal, leg)
    f.accepts(make, other, deal, leg)
    invoice = i.issued(make, f.looked_at(deal).legs[0], one)
    mine, theirs = sign_in(one.account), sign_in(other.account)
    words = f"quand {other.name} aura dit que la facture est juste"
    assert words in mine.get(f"/factures/{invoice.id}").text
    theirs.post(f"/factures/{invoice.id}/recevoir")
    page = mine.get(f"/factures/{invoice.id}").text
    assert "payée" in page
    assert words not in page
