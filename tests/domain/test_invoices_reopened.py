"""What mutual credit paid of an invoice is owed again once its posting is taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from incubator.domain.exchanges.deals import clock, performing, queries
from incubator.domain.exchanges.invoices import answering, crediting, entries, setoffs
from incubator.domain.exchanges.invoices.models import CreditLine, Invoice
from incubator.domain.exchanges.invoices.queries import credited_in
from incubator.domain.exchanges.ledger import adjusting
from incubator.domain.exchanges.ledger.models import Txn
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import Conflict, Refusal
from incubator.reactions.bridges import credited_deals
from incubator.reactions.notifications.models import Notification
from tests import factories_deals as f
from tests import factories_invoices as i
from tests.domain.test_credited_deals import delivered, houses, one_sided, signed, stands, verbs
from tests.factories_credit import Market, a_market

if TYPE_CHECKING:
    from incubator.domain.exchanges.deals.models import Deal
    from tests.factories import Make

LINE = """
INSERT INTO exchanges_credit_line (invoice_id, txn_id, cents, applied_on)
VALUES (:invoice, :txn, :cents, '2026-11-12')
"""
PART = "UPDATE exchanges_invoice SET paid_cents = 1 WHERE id = :invoice"
CHANGES = (
    "UPDATE exchanges_invoice SET paid_cents = 0",
    "UPDATE exchanges_invoice SET credit_cents = 0",
    "UPDATE exchanges_invoice SET status = 'received'",
    "UPDATE exchanges_invoice SET paid_cents = 1, credit_cents = 0, status = 'received'",
)


@pytest.fixture
def market(make: Make) -> Market:
    """Three firms of a site with a line of 500 € each."""
    return a_market(make, firms=3)


def posted(market: Market) -> Deal:
    """A delivery of 300 €, accepted and posted."""
    deal = signed(market, one_sided(market))
    leg = delivered(market, deal)
    f.accepts(market.make, houses(market)[1], deal, leg)
    return queries.whole(deal.id)


def invoiced(market: Market, deal: Deal) -> Invoice:
    return i.invoiced(market.make, queries.whole(deal.id).legs[0], houses(market)[0])


def received(market: Market, invoice: Invoice) -> Invoice:
    with transaction():
        by = f.actor_of(market.make, houses(market)[1])
        answering.receive(by, invoice.id, now=market.make.now)
    return i.seen(invoice)


def txn_of(deal: Deal) -> int:
    key = credited_deals.key_of(queries.whole(deal.id).legs[0].id)
    return db.session.scalars(select(Txn.id).where(Txn.idem == key)).one()


def taken_back(market: Market, deal: Deal) -> int:
    """The number of the reversal."""
    with transaction():
        by = market.make.actor(market.managers[0])
        told = {"txn_id": txn_of(deal), "reason": "Typed twice", "now": market.make.now}
        return credited_deals.take_back(by, **told).id


def left_to_claim(market: Market) -> dict[int, int]:
    return {c.invoice_id: c.cents for c in setoffs.claims(due_on=market.make.now.date())}


def lines() -> list[int]:
    return list(db.session.scalars(select(CreditLine.cents).order_by(CreditLine.id)))


def how(invoice: Invoice) -> tuple[str, int, int, int]:
    now = i.seen(invoice)
    return now.status, now.paid_cents, now.credit_cents, now.left_cents


def test_an_invoice_paid_by_credit_is_open_again_and_both_are_told(market: Market) -> None:
    deal = posted(market)
    invoice = received(market, invoiced(market, deal))
    assert how(invoice) == ("paid", 300_00, 300_00, 0)
    settled = queries.whole(deal.id)
    assert (settled.state, settled.legs[0].state) == ("settled", "compensated")
    assert left_to_claim(market) == {}
    taken_back(market, deal)
    assert stands(market) == [(0, 0)] * 3
    assert how(invoice) == ("received", 0, 0, 300_00)
    assert lines() == [300_00, -300_00]
    after = queries.whole(deal.id)
    assert (after.state, after.legs[0].state) == ("fulfilled", "invoiced")
    assert verbs(deal)[-2:] == ["taken_back", "inv_reopened"]
    assert left_to_claim(market) == {invoice.id: 300_00}
    told = db.session.scalars(select(Notification).where(Notification.what == "deal_inv_reopened"))
    assert {one.member_id for one in told} == {each.id for each in market.people[:2]}


def test_a_reversal_is_refused_twice_and_gives_back_once(market: Market) -> None:
    deal = posted(market)
    invoice = received(market, invoiced(market, deal))
    back = taken_back(market, deal)
    with pytest.raises(Conflict, match=r"ledger\.reversed"):
        taken_back(market, deal)
    with pytest.raises(Refusal) as caught, transaction():
        by = market.make.actor(market.managers[0])
        credited_deals.take_back(by, txn_id=back, reason="Again", now=market.make.now)
    assert caught.value.code == "ledger.not_reversible"
    with transaction():
        crediting.give_back(deal.id, now=market.make.now)
        crediting.pay(deal.id, now=market.make.now)
    assert how(invoice) == ("received", 0, 0, 300_00)
    assert lines() == [300_00, -300_00]


@pytest.mark.parametrize("when", ["unwritten", "issued"])
def test_taken_back_before_the_invoice_is_accepted_credit_pays_nothing(
    market: Market, when: str
) -> None:
    deal = posted(market)
    made = invoiced(market, deal) if when == "issued" else None
    taken_back(market, deal)
    leg = queries.whole(deal.id).legs[0]
    assert leg.state == ("accepted" if made is None else "invoiced")
    invoice = received(market, made or invoiced(market, deal))
    assert how(invoice) == ("received", 0, 0, 300_00)
    assert lines() == []
    assert left_to_claim(market) == {invoice.id: 300_00}


def test_a_part_accepted_goes_back_to_what_it_was(market: Market) -> None:
    deal = posted(market)
    with transaction():
        leg = queries.whole(deal.id).legs[0]
        leg.accepted_cents = 200_00
    taken_back(market, deal)
    assert queries.whole(deal.id).legs[0].state == "part_accepted"


def test_what_came_in_euros_stays_paid(market: Market) -> None:
    deal = posted(market)
    invoice = invoiced(market, deal)
    with transaction():
        i.seen(invoice).paid_cents = 100_00
    received(market, invoice)
    assert how(invoice) == ("paid", 300_00, 200_00, 0)
    taken_back(market, deal)
    assert how(invoice) == ("received", 100_00, 0, 200_00)
    assert left_to_claim(market) == {invoice.id: 200_00}


def test_what_credit_moved_is_paid_in_euros_once_it_was_taken_back_alone(market: Market) -> None:
    deal = posted(market)
    invoice = invoiced(market, deal)
    by = f.actor_of(market.make, houses(market)[0])
    with pytest.raises(Refusal, match=r"invoices\.not_in_euros"), transaction():
        answering.note_paid(by, invoice.id, now=market.make.now)
    taken_back(market, deal)
    with transaction():
        answering.note_paid(by, invoice.id, now=market.make.now)
    assert how(invoice) == ("paid", 300_00, 0, 0)
    assert lines() == []


def test_open_again_it_is_set_off_in_a_round_and_settled_anew(market: Market) -> None:
    deal = posted(market)
    invoice = received(market, invoiced(market, deal))
    taken_back(market, deal)
    i.set_off(market.make, {invoice.id: 120_00})
    assert left_to_claim(market) == {invoice.id: 180_00}
    with pytest.raises(Conflict):
        taken_back(market, deal)
    i.set_off(market.make, {invoice.id: 180_00})
    now = i.seen(invoice)
    assert (now.status, now.applied_cents, now.paid_cents) == ("compensated", 300_00, 0)
    assert queries.whole(deal.id).state == "settled"


def test_it_may_be_taken_back_by_a_credit_note_and_invoiced_anew(market: Market) -> None:
    one = houses(market)[0]
    i.detailed(market.make, *houses(market)[:2])
    deal = posted(market)
    invoice = received(market, i.issued(market.make, deal.legs[0], one))
    by = f.actor_of(market.make, one)
    told: dict[str, Any] = {"words": "Never came", "number": "", "now": market.make.now}
    told["today"] = market.make.now.date()
    with pytest.raises(Refusal), transaction():
        answering.take_back(by, invoice.id, **told)
    taken_back(market, deal)
    with transaction():
        answering.take_back(by, invoice.id, **told)
    assert how(invoice) == ("credited", 0, 0, 300_00)
    anew = received(market, i.issued(market.make, deal.legs[0], one))
    assert how(anew) == ("received", 0, 0, 300_00)


def test_a_closed_deal_opens_and_is_closed_by_both_anew(market: Market) -> None:
    deal = posted(market)
    invoice = received(market, invoiced(market, deal))
    one, other = (f.actor_of(market.make, each) for each in houses(market)[:2])
    for by in (one, other):
        with transaction():
            performing.close(by, deal.id, now=market.make.now)
    assert queries.whole(deal.id).state == "closed"
    taken_back(market, deal)
    assert queries.whole(deal.id).state == "fulfilled"
    with transaction():
        answering.note_paid(one, invoice.id, now=market.make.now)
    assert queries.whole(deal.id).state == "settled"
    with transaction():
        performing.close(one, deal.id, now=market.make.now)
    assert queries.whole(deal.id).state == "settled"
    with transaction():
        clock.pass_hour(deal.id, now=market.make.now + timedelta(days=31))
    assert queries.whole(deal.id).state == "closed"


def test_a_correction_between_firms_touches_no_invoice(market: Market) -> None:
    deal = posted(market)
    invoice = received(market, invoiced(market, deal))
    told = {"giver_id": market.two, "receiver_id": market.one, "cents": 300_00}
    with transaction():
        first = market.make.actor(market.managers[0])
        number = adjusting.ask(first, **told, reason="x", once="x", now=market.make.now)
    with transaction():
        second = market.make.actor(market.managers[1])
        adjusting.agree(second, adjustment_id=number, now=market.make.now)
    assert market.balances()[:2] == [0, 0]
    assert how(invoice) == ("paid", 300_00, 300_00, 0)


def test_the_entries_say_what_credit_paid_and_gave_back(market: Market) -> None:
    make = market.make
    i.detailed(make, *houses(market)[:2])
    deal = posted(market)
    received(market, i.issued(make, deal.legs[0], houses(market)[0]))
    taken_back(market, deal)
    day = make.now.date()
    for firm, account in ((market.firms[0], "411"), (market.firms[1], "401")):
        told = [entries.of_credit(one, firm.id) for one in credited_in(firm.id, day, day)]
        sides = [[(line.account, line.debit - line.credit) for line in one] for one in told]
        paid = -300_00 if account == "411" else 300_00
        assert sides == [
            [(account, paid), ("467", -paid)],
            [(account, -paid), ("467", paid)],
        ]
        assert all("reprise" in line.label for line in told[1])
        assert told[0][0].piece != told[1][0].piece


def refuses(statement: str, words: str, **values: Any) -> None:
    with pytest.raises(IntegrityError, match=words):
        db.session.execute(text(statement), values)
    db.session.rollback()


def test_the_database_pays_by_postings_that_stand_and_gives_back_by_reversals(
    market: Market,
) -> None:
    deal = posted(market)
    invoice, txn = invoiced(market, deal), txn_of(deal)
    other = market.gives(market.one, market.accounts[2], 10_00).id
    refuses(LINE, "what was posted", invoice=invoice.id, txn=other, cents=10_00)
    refuses(LINE, "posted|owed", invoice=invoice.id, txn=txn, cents=300_01)
    db.session.execute(text(PART), {"invoice": invoice.id})
    db.session.commit()
    refuses(LINE, "than is owed", invoice=invoice.id, txn=txn, cents=300_00)
    refuses(LINE, "what its opposite paid", invoice=invoice.id, txn=txn, cents=-1)
    received(market, invoice)
    for change in CHANGES:
        refuses(change, "stays|sum of lines")
    back = taken_back(market, deal)
    refuses(LINE, "what was posted", invoice=invoice.id, txn=txn, cents=1)
    refuses(LINE, "what its opposite paid", invoice=invoice.id, txn=back, cents=-298_99)
    refuses("UPDATE exchanges_credit_line SET cents = 1", "never changed")
    refuses("DELETE FROM exchanges_credit_line", "never removed")
    assert how(invoice) == ("received", 1, 0, 299_99)
