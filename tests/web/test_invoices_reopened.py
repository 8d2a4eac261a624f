"""The page of an invoice of which the credit went back: it says so, and what may follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests import factories_invoices as i
from tests.domain.test_credited_deals import houses
from tests.domain.test_invoices_reopened import posted, received, txn_of
from tests.factories_credit import a_market

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.factories import Make


def test_its_page_tells_both_firms_and_lets_it_be_paid(
    make: Make, sign_in: Callable[..., Any]
) -> None:
    market = a_market(make, firms=3)
    i.detailed(make, *houses(market)[:2])
    deal = posted(market)
    invoice = received(market, i.issued(make, deal.legs[0], houses(market)[0]))
    page = f"/factures/{invoice.id}"
    giver, receiver = (sign_in(one.account) for one in houses(market)[:2])
    assert "payés par le crédit mutuel" in receiver.get(page).text
    assert "Le paiement est arrivé" not in giver.get(page).text
    desk = f"/credit-mutuel/gestion/{market.firms[0].id}/reprise/{txn_of(deal)}"
    manager = sign_in(market.managers[0])
    assert manager.post(desk, data={"reason": "Tapé deux fois"}).status_code == 303
    for browser in (giver, receiver):
        text = browser.get(page).text
        assert "repris sur le crédit mutuel" in text
        assert "Tapé deux fois" in text
        assert "de nouveau ouverte" in text
        assert "de nouveau ouverte" in browser.get(f"/accords/{deal.id}").text
    assert giver.post(f"{page}/payee").status_code == 303
    assert "de nouveau ouverte" not in giver.get(page).text
