"""Proofs of the ledger find what was written past the guards: any byte changed breaks the chain."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from incubator.domain.exchanges.ledger import guards, verifying
from incubator.domain.exchanges.ledger.models import Entry, Txn
from incubator.kernel.db import db
from tests.factories_credit import a_market

OF_TXN = "UPDATE exchanges_txn SET {} WHERE link = 2"
OF_ENTRY = "UPDATE exchanges_entry SET {} WHERE id = (SELECT min(id) FROM exchanges_entry)"
OF_ACCOUNT = "UPDATE exchanges_account SET {} WHERE kind = 'fund'"
OPEN = "sealed = 0, link = NULL, prev_hash = NULL, hash = NULL"
OF_FIRM = """
UPDATE exchanges_account SET {} WHERE id = (
  SELECT min(id) FROM exchanges_account WHERE kind = 'firm')
"""
# What is changed by other hands, and the numbers of the invariants whose proofs find it.
CHANGES = (
    (OF_TXN.format("reason = 'other'"), {15}),
    (OF_TXN.format("kind = 'opening'"), {15}),
    (OF_TXN.format("idem = 'other'"), {15}),
    (OF_TXN.format("source_id = 9"), {15}),
    (OF_TXN.format("source_type = 'x'"), {15}),
    (OF_TXN.format("at = '2026-11-12 09:41:00.000001'"), {15}),
    (OF_TXN.format("by_id = (SELECT max(id) FROM members_member)"), {15}),
    (OF_TXN.format("size = 3"), {1, 15}),
    (OF_TXN.format("hash = '" + "f" * 64 + "'"), {15}),
    (OF_TXN.format("prev_hash = '" + "f" * 64 + "'"), {15}),
    (OF_TXN.format("link = 9"), {15}),
    (OF_ENTRY.format("amount = amount + 1"), {1, 3, 15}),
    (OF_ENTRY.format("balance_after = balance_after + 1"), {3, 15}),
    (OF_ENTRY.format("no = 9"), {3, 15}),
    (
        OF_ENTRY.format("account_id = (SELECT id FROM exchanges_account WHERE kind = 'fund')"),
        {3, 15},
    ),
    ("DELETE FROM exchanges_entry WHERE no = 2", {1, 3, 9, 15}),
    (OF_ACCOUNT.format("balance = 5"), {2, 3}),
    (OF_ACCOUNT.format("entries = 5"), {3}),
    (OF_ACCOUNT.format("reserved = 5"), {14}),
    (OF_ACCOUNT.format("lower_limit = -9999999"), {6}),
    (OF_ACCOUNT.format("soft_limit = soft_limit + 1"), {6}),
    (OF_ACCOUNT.format("upper_limit = 5"), {6}),
    (OF_FIRM.format("upper_limit = NULL"), {6}),
    (OF_FIRM.format("soft_limit = soft_limit + 1"), {6}),
    (OF_ACCOUNT.format("frozen = true"), {6}),
    (OF_TXN.format(OPEN), {1, 15}),
    ("UPDATE exchanges_head SET length = 9", {15}),
    ("UPDATE exchanges_head SET hash = 'other'", {15}),
    ("UPDATE exchanges_head SET switched_on = false", {6}),
)


@pytest.fixture
def market(make):
    """Three links: a gift and a little one, the second taken back."""
    market = a_market(make)
    market.gives(market.one, market.two, 100_00, reason="shelves", source_type="deal", source_id=1)
    posted = market.gives(market.one, market.two, 5_00)
    market.reverses(posted.id)
    assert verifying.verify() == []
    return market


def unguarded() -> None:
    """Take the guards away, as who owns the database may.

    The key that asks for a sealed transaction waits for the commit; PostgreSQL, told to ask at
    once, would refuse here already.
    """
    if db.session.get_bind().dialect.name != "sqlite":
        db.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        db.session.execute(
            text("ALTER TABLE exchanges_txn DROP CONSTRAINT fk_exchanges_txn_sealed")
        )
        for table in guards.TABLES:
            db.session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        return
    names = db.session.scalars(
        text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'exchanges_%'")
    ).all()
    for name in names:
        db.session.execute(text(f"DROP TRIGGER {name}"))


@pytest.mark.parametrize(("change", "found"), CHANGES, ids=[change for change, _ in CHANGES])
def test_whatever_is_changed_past_the_guards_is_found(market, change, found) -> None:
    unguarded()
    with db.session.begin_nested():
        db.session.execute(text(change))
    assert {fault.invariant for fault in verifying.verify()} == found


def test_each_fault_says_what_is_wrong_and_where(market) -> None:
    unguarded()
    one, two, three = db.session.scalars(select(Txn.id).order_by(Txn.link))
    last = db.session.scalars(select(Entry.id).where(Entry.no == 3).order_by(Entry.id)).all()
    with db.session.begin_nested():
        for change in (
            OF_TXN.format(OPEN),
            "UPDATE exchanges_txn SET size = 3 WHERE link IN (1, 3)",
            OF_ACCOUNT.format("balance = 5, reserved = 7, entries = 1, frozen = true"),
            OF_FIRM.format("entries = 9"),
            "UPDATE exchanges_entry SET balance_after = balance_after + 1 WHERE no = 3",
            "UPDATE exchanges_head SET switched_on = false",
        ):
            db.session.execute(text(change))
    told = [(fault.invariant, fault.words) for fault in verifying.verify()]
    fund = market.fund
    assert [words for number, words in told if number == 15] == [
        f"link 1 is not the hash of transaction {one}",
        "link 3 does not follow link 1",
        f"link 3 is not the hash of transaction {three}",
    ]
    assert [one for one in told if one[0] != 15] == [
        (1, f"transaction {one} has 2 entries of 0 cents, or is open"),
        (1, f"transaction {two} has 2 entries of 0 cents, or is open"),
        (1, f"transaction {three} has 2 entries of 0 cents, or is open"),
        (2, "all balances sum to 5 cents"),
        *((3, f"account {each} is not the sum of its entries") for each in (fund, market.one)),
        *((3, f"entry {each} does not carry its account on") for each in last),
        (14, f"account {fund} reserves another sum than its reservations"),
        (6, f"account {fund} has other limits than its history says"),
        (6, "the switch is not as it was last turned"),
    ]


def test_a_head_that_is_not_the_last_link_says_so(market) -> None:
    unguarded()
    with db.session.begin_nested():
        db.session.execute(text("UPDATE exchanges_head SET hash = 'other'"))
    assert [fault.words for fault in verifying.verify()] == ["the head is not the last link"]


def test_a_reversal_that_takes_back_something_else_is_found(market) -> None:
    unguarded()
    change = "UPDATE exchanges_entry SET amount = -amount WHERE no = 3"
    db.session.execute(text(change))
    assert 9 in {fault.invariant for fault in verifying.verify()}


def test_a_past_that_was_written_anew_is_found_by_the_head_of_a_statement(market) -> None:
    """Whoever writes the whole chain anew has another head than the one that was told."""
    told = verifying.head_until(market.make.now)
    assert told
    assert (told.length, len(told.hash)) == (3, 64)
    market.make.now += timedelta(days=1)
    market.gives(market.two, market.one, 1)
    latest, before = verifying.heads(market.make.now)
    assert (latest.length, before) == (4, told)
    assert latest.day > before.day


def test_the_heads_of_the_latest_days_stand_at_midnight(market) -> None:
    """A market writes three links on 12 November at 09:41 UTC."""
    first = verifying.head_until(market.make.now)
    market.make.now = market.make.now.replace(day=14, hour=0, minute=0, second=1)
    market.gives(market.two, market.one, 1)
    market.make.now = market.make.now.replace(hour=12, minute=30)
    market.gives(market.two, market.one, 1)
    told = verifying.heads(market.make.now, days=2)
    assert [(each.day, each.length) for each in told] == [("2026-11-14", 5), ("2026-11-12", 3)]
    assert told[1] == first
    assert len(verifying.heads(market.make.now, days=1)) == 1
    market.make.now = market.make.now.replace(day=15, hour=0, minute=0, second=0)
    market.gives(market.two, market.one, 1)
    assert [each.length for each in verifying.heads(market.make.now, days=2)] == [6]
    assert [each.length for each in verifying.heads(market.make.now, days=3)] == [6, 3]


def test_an_empty_ledger_has_no_head_and_no_fault(make) -> None:
    assert verifying.verify() == []
    assert verifying.heads(make.now) == []


def test_at_most_twenty_faults_of_a_kind_are_told(make, monkeypatch) -> None:
    monkeypatch.setattr(verifying, "MOST", 2)
    market = a_market(make, firms=4)
    unguarded()
    db.session.execute(text("UPDATE exchanges_account SET entries = 5"))
    assert len(verifying.verify()) == 2
    assert market.accounts
