"""Closed days stay as they were for every firm of a paper; papers are of the day of its zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from incubator.domain.exchanges.invoices import answering, exporting, numbering, registering
from incubator.domain.exchanges.invoices.models import CreditLine, Setoff
from incubator.domain.exchanges.ledger.models import Txn
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import Refusal
from incubator.reactions.bridges import credited_deals
from tests import factories_deals as f
from tests import factories_invoices as i
from tests.domain.test_credited_deals import delivered, houses, one_sided, signed
from tests.factories_credit import a_market
from tests.factories_rounds import RING, network

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.domain.exchanges.invoices.entries import Line
    from tests.factories_credit import Market

DAY = timedelta(days=1)
SETOFF = """
INSERT INTO exchanges_setoff (id, kind, basis, state, plan_hash, made_at)
VALUES (900, 'bilateral', '1347', 'draft', '', '2026-11-12 09:41:00')
"""
SIGN = "UPDATE exchanges_setoff SET state = 'signed' WHERE id = 900"
LINE = """
INSERT INTO exchanges_setoff_line (setoff_id, invoice_id, applied_cents)
VALUES (900, :invoice, 10)
"""
TAKE = "UPDATE exchanges_setoff SET state = 'effective', effective_on = :day WHERE id = 900"
PAID = """
INSERT INTO exchanges_credit_line (invoice_id, txn_id, cents, applied_on)
VALUES (:invoice, :txn, 100, :day)
"""
# Half past midnight on 1 January in Paris.
MIDNIGHT = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)


@pytest.fixture
def firms(make):
    return f.house(make, "Bois"), f.house(make, "Image")


def closes(make, one, until: date) -> None:
    with transaction():
        later = {"until": until, "today": until + DAY, "now": make.now}
        numbering.close(f.actor_of(make, one), one.firm_id, **later)


def entries_of(make, one, since: date, until: date) -> Sequence[Line]:
    with transaction():
        period = {"since": since, "until": until, "what": "entries", "now": make.now}
        return exporting.take(f.actor_of(make, one), one.firm_id, **period).lines


def entries(make, one, since: date, until: date) -> list[tuple[date, str, int]]:
    found = entries_of(make, one, since, until)
    return [(line.day, line.account, line.debit - line.credit) for line in found]


def registers(make, leg, by, day: date):
    said = {"ht": leg.ht_cents, "vat": leg.vat_cents, "ttc": leg.ttc_cents}
    paper = registering.Paper(
        number=f"F-{leg.id}", issued_on=day, supplied_on=day, operation="services", **said
    )
    with transaction():
        return registering.register(
            f.actor_of(make, by),
            leg.deal_id,
            leg.id,
            paper=paper,
            today=make.now.date(),
            now=make.now,
        )


def test_what_comes_late_takes_the_first_open_day_of_who_receives_it(make, firms) -> None:
    seller, buyer = firms
    i.detailed(make, seller, buyer)
    leg = i.fulfilled(make, seller, buyer).legs[0]
    end = make.now.date() - 2 * DAY
    closes(make, buyer, end)
    dated = end - 10 * DAY
    made = registers(make, leg, seller, dated)
    assert made.issued_on == dated
    assert entries(make, buyer, dated - DAY, end) == []
    assert entries(make, buyer, end + DAY, end + DAY) == [
        (end + DAY, "604", 150_00),
        (end + DAY, "44566", 30_00),
        (end + DAY, "401", -180_00),
    ]
    assert [day for day, *_ in entries(make, seller, dated, dated)] == [dated] * 3
    late = entries_of(make, buyer, end + DAY, end + DAY)[0]
    assert late.label == f"De {seller.name}, facture du {dated:%d/%m/%Y}"
    # It is booked once for all: closing on moves nothing.
    closes(make, buyer, end + DAY)
    assert len(entries(make, buyer, end + DAY, end + DAY)) == 3


def test_what_is_in_time_is_booked_on_its_own_day_and_the_issuer_is_refused(make, firms) -> None:
    seller, buyer = firms
    i.detailed(make, seller, buyer)
    one, other = (i.fulfilled(make, seller, buyer).legs[0] for _ in range(2))
    today = make.now.date()
    closes(make, buyer, today - 3 * DAY)
    made = registers(make, one, seller, today - 2 * DAY)
    assert made.booked_on is None
    assert {day for day, *_ in entries(make, buyer, today - 2 * DAY, today)} == {today - 2 * DAY}
    closes(make, seller, today - DAY)
    with pytest.raises(Refusal, match=r"invoices\.closed"):
        registers(make, other, seller, today - DAY)


def test_an_invoice_and_its_credit_note_are_booked_where_the_buyer_is_open(make, firms) -> None:
    """The buyer lives east of the seller: its day is over, and closed, where the seller's runs."""
    seller, buyer = firms
    i.detailed(make, seller, buyer)
    leg = i.fulfilled(make, seller, buyer).legs[0]
    today = make.now.date()
    closes(make, buyer, today)
    made = i.issued(make, leg, seller)
    assert (made.issued_on, made.booked_on) == (today, today + DAY)
    with transaction():
        told = {"words": "Deux fois", "number": "", "today": today, "now": make.now}
        note = answering.take_back(f.actor_of(make, seller), made.id, **told)
    assert (note.issued_on, note.booked_on) == (today, today + DAY)
    assert entries(make, buyer, today, today) == []
    assert sum(cents for _, _, cents in entries(make, buyer, today + DAY, today + DAY)) == 0


def test_a_set_off_takes_effect_on_the_first_day_that_is_open_for_all(make, firms) -> None:
    one, two = firms
    deal = i.both_issued(make, one, two)
    today = make.now.date()
    closes(make, two, today)
    for who in firms:
        made = i.agrees(make, who, deal)
    assert (made.state, made.effective_on) == ("effective", today + DAY)
    assert [line for line in entries(make, two, today, today) if line[1] == "411"] == [
        (today, "411", 180_00)
    ]
    with pytest.raises(Refusal, match=r"invoices\.closed_later"):
        closes(make, two, today - DAY)


def test_a_round_takes_effect_on_the_first_day_that_is_open_for_all(make, connection) -> None:
    net = network(make, debts=RING)
    found = net.shown()
    net.accepts(found, 0, 1, 2)
    today = make.now.date()
    closes(make, net[1], today)
    done = net.executes(found)
    assert db.session.get_one(Setoff, done.setoff_id).effective_on == today + DAY


def owed_on_credit(market: Market):
    """An invoice of a delivery that was posted, and the number of its transaction."""
    deal = signed(market, one_sided(market, (100_00, 2000)))
    f.accepts(market.make, houses(market)[1], deal, delivered(market, deal))
    leg = i.deal_of(deal.id).legs[0]
    posted = select(Txn.id).where(Txn.idem == credited_deals.key_of(leg.id))
    return i.invoiced(market.make, leg, houses(market)[0]), db.session.scalars(posted).one()


def paid_on(market: Market, invoice) -> date:
    """The day on which mutual credit paid an invoice, once it was accepted."""
    with transaction():
        buyer = f.actor_of(market.make, houses(market)[1])
        answering.receive(buyer, invoice.id, now=market.make.now)
    query = select(CreditLine.applied_on).where(CreditLine.invoice_id == invoice.id)
    return db.session.scalars(query).one()


def test_what_credit_pays_is_dated_on_the_first_day_that_is_open_for_both(make) -> None:
    market, today = a_market(make), make.now.date()
    first, second = owed_on_credit(market)[0], owed_on_credit(market)[0]
    closes(make, houses(market)[0], today - DAY)
    assert paid_on(market, first) == today
    closes(make, houses(market)[0], today)
    assert paid_on(market, second) == today + DAY


def test_what_credit_pays_after_midnight_in_paris_is_of_that_day(make) -> None:
    make.now = MIDNIGHT
    market = a_market(make)
    assert paid_on(market, owed_on_credit(market)[0]) == date(2027, 1, 1)


def test_a_round_executed_after_midnight_in_paris_is_of_that_day(make, connection) -> None:
    make.now = MIDNIGHT
    net = network(make, debts=RING)
    found = net.shown()
    net.accepts(found, 0, 1, 2)
    done = net.executes(found)
    assert db.session.get_one(Setoff, done.setoff_id).effective_on == date(2027, 1, 1)


def refuses(statement: str, **values: object) -> None:
    with pytest.raises(IntegrityError, match="closed"):
        db.session.execute(text(statement), values)
    db.session.rollback()


def test_the_database_books_nothing_in_days_that_a_firm_has_closed(make, firms) -> None:
    seller, buyer = firms
    today = make.now.date()
    debts = i.owes(make, seller, buyer, 10_00), i.owes(make, buyer, seller, 10_00)
    leg = i.fulfilled(make, seller, buyer).legs[0]
    closes(make, buyer, today)
    with pytest.raises(IntegrityError, match="closed"):
        i.invoiced(make, leg, seller)
    db.session.rollback()
    made = i.invoiced(make, leg, seller, booked_on=today + DAY)
    assert i.seen(made).booked_on == today + DAY
    for begun in (SETOFF, SIGN):
        db.session.execute(text(begun))
    for each in debts:
        db.session.execute(text(LINE), {"invoice": each.id})
    db.session.commit()
    refuses(TAKE, day=today.isoformat())
    db.session.execute(text(TAKE), {"day": (today + DAY).isoformat()})


def test_the_database_pays_by_credit_on_no_closed_day(make) -> None:
    market = a_market(make)
    made, txn_id = owed_on_credit(market)
    today = make.now.date()
    closes(make, houses(market)[0], today)
    values = {"invoice": made.id, "txn": txn_id}
    refuses(PAID, **values, day=today.isoformat())
    db.session.execute(text(PAID), values | {"day": (today + DAY).isoformat()})
