"""What the database itself refuses about invoices and set-offs, tried by plain SQL on both."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from incubator.domain.exchanges.invoices.models import Identity, Invoice, SetoffConsent
from incubator.kernel.db import db
from tests import factories_deals as f
from tests import factories_invoices as i

SETOFF = """
INSERT INTO exchanges_setoff (id, kind, basis, state, deal_id, plan_hash, made_at)
VALUES (900, :kind, '1347', 'draft', :deal, '', '2026-11-12 09:41:00')
"""
SIGN = "UPDATE exchanges_setoff SET state = 'signed' WHERE id = 900"
TAKE = "UPDATE exchanges_setoff SET state = 'effective', effective_on = '2026-11-12' WHERE id = 900"
LINE = """
INSERT INTO exchanges_setoff_line (setoff_id, invoice_id, applied_cents)
VALUES (900, :invoice, :cents)
"""
SERIES = "INSERT INTO exchanges_series (firm_id, year, last_no) VALUES (:firm, 2026, :no)"
NUMBERED = """
UPDATE exchanges_invoice SET series_year = 2026, series_no = :no, number = :number,
  issued_on = '2026-11-12', status = 'issued' WHERE id = :invoice
"""
CLOSED = "INSERT INTO exchanges_books (firm_id, closed_until) VALUES (:firm, :until)"
REMOVALS = (
    "DELETE FROM exchanges_setoff_line",
    "DELETE FROM exchanges_setoff",
    "UPDATE exchanges_setoff_line SET applied_cents = 1",
    "UPDATE exchanges_setoff SET kind = 'deal'",
)
CHANGES = (
    "UPDATE exchanges_invoice SET ttc_cents = 1, ht_cents = 1",
    "UPDATE exchanges_invoice SET number = 'X'",
    "UPDATE exchanges_invoice SET issued_on = '2026-01-01'",
    "UPDATE exchanges_invoice SET mention = 'x'",
)
# Who acted may be another row once two rows turn out to be one person: that alone may change.
AGREED = [each.name for each in SetoffConsent.__table__.columns if each.name != "person_id"]
NAMED = [each.name for each in Identity.__table__.columns if each.name != "by_id"]
KEPT = ("seller", "buyer", "issuer_siren", "recipient_siren", "issuer_id", "recipient_id", "regime")
CHANGE = "UPDATE {table} SET {column} = {column}"
REPLACE = {
    "sqlite": "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
    "postgresql": """
INSERT INTO {table} SELECT * FROM {table}
ON CONFLICT (id) DO UPDATE SET {column} = excluded.{column}
""",
}
AGAIN = """
INSERT INTO exchanges_setoff_consent (setoff_id, firm_id, person_id, plan_hash, at)
SELECT setoff_id, firm_id, person_id, plan_hash, at FROM exchanges_setoff_consent
"""

CREDITS = """
INSERT INTO exchanges_invoice (kind, status, credits_id, number, {same})
SELECT 'credit', 'issued', id, :number, {same} FROM exchanges_invoice WHERE id = :invoice
"""
# What a credit note says as its invoice does.
SAME = ", ".join(
    each.name
    for each in Invoice.__table__.columns
    if each.name not in {"id", "kind", "status", "credits_id", "number"}
)
AGREES = """
INSERT INTO exchanges_setoff_consent (setoff_id, firm_id, person_id, plan_hash, at)
SELECT setoff_id, CAST(:firm AS INTEGER), person_id, CAST(:plan AS VARCHAR(64)), at
FROM exchanges_setoff_consent LIMIT 1
"""


@pytest.fixture
def firms(make):
    """A firm that owes another 100 €, which owes it 60 €."""
    return f.house(make, "Bois"), f.house(make, "Image")


@pytest.fixture
def debts(make, firms):
    """What they owe each other, by the number of the invoice."""
    one, two = firms
    return i.owes(make, one, two, 100_00), i.owes(make, two, one, 60_00)


def run(statement: str, **values: Any) -> None:
    db.session.execute(text(statement), values)


def refuses(statement: str, words: str, **values: Any) -> None:
    with pytest.raises(IntegrityError, match=words):
        run(statement, **values)
    db.session.rollback()


def signed(kind: str = "bilateral") -> None:
    run(SETOFF, kind=kind, deal=None)
    run(SIGN)


def test_no_more_is_set_off_than_is_owed(debts) -> None:
    signed()
    run(LINE, invoice=debts[0].id, cents=100_00)
    assert i.seen(debts[0]).applied_cents == 100_00
    db.session.commit()
    refuses(LINE, "no more is set off", invoice=debts[1].id, cents=60_01)
    refuses(
        "UPDATE exchanges_invoice SET paid_cents = 1 WHERE id = :invoice",
        "applied",
        invoice=debts[0].id,
    )


@pytest.mark.parametrize("status", ["contested", "credited"])
def test_nothing_contested_is_set_off(debts, status) -> None:
    signed()
    run("UPDATE exchanges_invoice SET status = :status", status=status)
    refuses(LINE, "no more is set off", invoice=debts[0].id, cents=1)


def test_each_firm_sets_off_as_much_as_is_set_off_for_it(debts) -> None:
    signed()
    run(LINE, invoice=debts[0].id, cents=60_00)
    run(LINE, invoice=debts[1].id, cents=59_99)
    refuses(TAKE, "as much as is set off for it")


def test_a_set_off_takes_effect_signed_and_with_lines(debts) -> None:
    run(SETOFF, kind="bilateral", deal=None)
    db.session.commit()
    refuses(LINE, "as the set-off takes effect", invoice=debts[0].id, cents=1)
    refuses(TAKE, "once it is signed")
    run(SIGN)
    db.session.commit()
    refuses(TAKE, "by its lines")
    refuses(SETOFF.replace("'draft'", "'signed'").replace("900", "901"), "begins as a draft",
            kind="bilateral", deal=None)  # fmt: skip


def test_a_set_off_in_effect_stays(make, debts) -> None:
    i.set_off(make, {each.id: 60_00 for each in debts}, kind="bilateral", round_id=None)
    refuses(
        "UPDATE exchanges_setoff SET state = 'draft', effective_on = NULL", "stays|takes effect"
    )
    refuses("UPDATE exchanges_setoff SET effective_on = '2027-01-01'", "stays")
    refuses(
        LINE.replace("900", "(SELECT max(id) FROM exchanges_setoff)"),
        "takes effect",
        invoice=debts[0].id,
        cents=1,
    )
    refuses(
        "UPDATE exchanges_invoice SET status = 'contested' WHERE status = 'compensated'",
        "stays settled",
    )
    for statement in REMOVALS:
        refuses(statement, "never")


def test_what_is_applied_is_the_sum_of_its_lines(debts) -> None:
    refuses("UPDATE exchanges_invoice SET applied_cents = 1", "sum of lines")
    refuses("UPDATE exchanges_invoice SET status = 'compensated'", "whole")


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_issued_is_never_changed_nor_removed(debts, change) -> None:
    refuses(change, "never changed")
    refuses("DELETE FROM exchanges_invoice", "never removed")


def test_a_number_follows_the_one_before(make, firms) -> None:
    one, two = firms
    terms = f.swap(one, two)
    legs = [i.fulfilled(make, one, two, terms).legs[0] for _ in range(2)]
    first, second = (
        i.invoiced(make, leg, one, status="draft", number=None, issued_on=None) for leg in legs
    )
    refuses(SERIES, "begins at its beginning", firm=one.firm_id, no=1)
    run(SERIES, firm=one.firm_id, no=0)
    run("UPDATE exchanges_series SET last_no = 1")
    db.session.commit()
    refuses("UPDATE exchanges_series SET last_no = 3", "follows the one before")
    refuses("UPDATE exchanges_series SET last_no = 0", "follows the one before")
    refuses(NUMBERED, "follows the one before", no=2, number="2", invoice=first.id)
    run(NUMBERED, no=1, number="1", invoice=first.id)
    db.session.commit()
    refuses(NUMBERED, "(?i)unique", no=1, number="1-bis", invoice=second.id)
    run("UPDATE exchanges_series SET last_no = 2")
    run("UPDATE exchanges_series SET last_no = 3")
    refuses(NUMBERED, "follows the one before", no=3, number="3", invoice=second.id)


def test_a_closed_period_takes_no_invoice_and_stays_closed(make, firms) -> None:
    one, two = firms
    run(CLOSED, firm=one.firm_id, until=make.now.date().isoformat())
    db.session.commit()
    leg = i.fulfilled(make, one, two).legs[0]
    with pytest.raises(IntegrityError, match="closed"):
        i.invoiced(make, leg, one)
    refuses("UPDATE exchanges_books SET closed_until = NULL", "stays closed")
    refuses("UPDATE exchanges_books SET closed_until = '2026-01-01'", "stays closed")


def test_a_leg_has_one_invoice_and_a_number_is_given_once(make, firms) -> None:
    one, two = firms
    leg, other = i.fulfilled(make, one, two).legs[0], i.fulfilled(make, one, two).legs[0]
    made = i.invoiced(make, leg, one, number="F-1")
    with pytest.raises(IntegrityError):
        i.invoiced(make, other, one, number="F-1")
    run("UPDATE exchanges_deal_leg SET state = 'accepted' WHERE id = :id", id=leg.id)
    db.session.commit()
    with pytest.raises(IntegrityError):
        i.invoiced(make, leg, one, number="F-2")
    run("UPDATE exchanges_invoice SET status = 'credited' WHERE id = :id", id=made.id)
    db.session.commit()
    i.invoiced(make, leg, one, number="F-2")


def test_a_credit_note_takes_back_an_issued_invoice_and_nothing_else(make, firms) -> None:
    one, two = firms
    credits_ = CREDITS.format(same=SAME)
    made = i.invoiced(make, i.fulfilled(make, one, two).legs[0], one)
    run(credits_, invoice=made.id, number="A-1")
    db.session.commit()
    note = db.session.scalars(select(Invoice.id).where(Invoice.credits_id == made.id)).one()
    refuses(credits_, "takes an issued invoice back", invoice=note, number="A-2")
    i.detailed(make, one, two)
    draft = i.prepared(make, i.fulfilled(make, one, two).legs[0], one).id
    begun = credits_.replace("'issued', id, :number", "'draft', id, NULL")
    refuses(begun, "takes an issued invoice back", invoice=draft)
    into = "UPDATE exchanges_invoice SET kind = 'credit', credits_id = :of WHERE id = :invoice"
    refuses(into, "takes an issued invoice back", of=note, invoice=draft)


def changes(table: str, column: str) -> str:
    """A column set to itself: guards look at what is written, not at what it says."""
    return CHANGE.format(table=table, column=column)


def replaces(table: str, column: str) -> str:
    """Each row of a table put in the place of itself, as SQLite or as PostgreSQL says it."""
    dialect = db.session.get_bind().dialect.name
    return REPLACE[dialect].format(table=table, column=column)


def refuses_to_empty(table: str) -> None:
    """There is a way round guards of rows on PostgreSQL alone."""
    if db.session.get_bind().dialect.name == "postgresql":
        refuses(f"TRUNCATE {table} CASCADE", "never emptied")


@pytest.fixture
def agreed(make, firms) -> None:
    """A set-off to which one of its two firms has agreed."""
    deal = i.both_issued(make, *firms)
    assert i.agrees(make, firms[0], deal).state == "draft"


@pytest.mark.usefixtures("agreed")
@pytest.mark.parametrize("column", AGREED)
def test_what_was_agreed_to_is_never_changed(column) -> None:
    refuses(changes("exchanges_setoff_consent", column), "consents are never changed")


@pytest.mark.usefixtures("agreed")
def test_a_consent_is_given_once_and_never_taken_from_the_books() -> None:
    refuses("DELETE FROM exchanges_setoff_consent", "consents are never removed")
    refuses("DELETE FROM exchanges_setoff", "set-offs are never removed")
    refuses(replaces("exchanges_setoff_consent", "plan_hash"), "never replaced|never changed")
    refuses(replaces("exchanges_setoff", "kind"), "never replaced|never changed")
    refuses(AGAIN, "(?i)unique")
    refuses_to_empty("exchanges_setoff_consent")


def test_a_set_off_of_a_deal_takes_effect_by_the_word_of_each_firm(make, firms) -> None:
    deal = i.both_issued(make, *firms)
    made = i.agrees(make, firms[0], deal)
    number, plan = made.id, made.plan_hash
    run("UPDATE exchanges_setoff SET state = 'signed'")
    for invoice in db.session.scalars(select(Invoice.id)).all():
        run(LINE.replace("900", str(number)), invoice=invoice, cents=1)
    db.session.commit()
    refuses(TAKE.replace("900", str(number)), "each of its firms agreed")
    # A word given to another plan is none to this one.
    run(AGREES, firm=firms[1].firm_id, plan="0" * 64)
    db.session.commit()
    refuses(TAKE.replace("900", str(number)), "each of its firms agreed")
    run(AGREES, firm=firms[1].firm_id, plan=plan)
    run(TAKE.replace("900", str(number)))


@pytest.mark.parametrize("column", NAMED)
def test_who_a_firm_said_it_is_is_never_changed(make, firms, column) -> None:
    i.detailed(make, *firms)
    refuses(changes("exchanges_identity", column), "identities are never changed")


def test_who_a_firm_said_it_is_stays_on_record(make, firms) -> None:
    i.detailed(make, *firms)
    refuses("DELETE FROM exchanges_identity", "identities are never removed")
    refuses(replaces("exchanges_identity", "siren"), "never replaced|never changed")
    refuses_to_empty("exchanges_identity")


@pytest.mark.usefixtures("agreed")
@pytest.mark.parametrize("column", KEPT)
def test_an_issued_invoice_keeps_who_the_firms_were(column) -> None:
    refuses(changes("exchanges_invoice", column), "what is issued is never changed")


@pytest.mark.usefixtures("agreed")
def test_no_way_leads_back_to_a_draft_that_could_be_changed() -> None:
    back = "UPDATE exchanges_invoice SET status = 'draft', number = NULL, issued_on = NULL"
    refuses(back, "no draft again|never changed")
    refuses("UPDATE exchanges_invoice SET status = 'draft'", "no draft again")
    refuses(replaces("exchanges_invoice", "seller"), "never replaced|never changed|unsettled")
    refuses_to_empty("exchanges_invoice")
