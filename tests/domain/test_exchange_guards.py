"""What the database itself refuses about the barter ledger, tried by plain SQL on both."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from incubator.domain.exchanges.ledger import verifying
from incubator.kernel.db import db
from tests.factories_credit import a_market
from tests.factories_members import a_firm

TXN = """
INSERT INTO exchanges_txn (id, kind, idem, size, source_type, reason, by_id, second_by_id,
  over_limit_by_id, reverses_id, at, sealed)
VALUES (:id, :kind, :idem, :size, '', :reason, :by, :second, :over, :reverses,
  '2026-11-12 09:41:00', :sealed)
"""
ENTRY = """
INSERT INTO exchanges_entry (txn_id, account_id, amount, no, balance_after)
VALUES (:txn, :account, :amount, :no, :after)
"""
SEAL = """
UPDATE exchanges_txn SET sealed = 1, link = :link, prev_hash = :before, hash = :hash WHERE id = :id
"""
BORN_SEALED = """
INSERT INTO exchanges_txn (id, kind, idem, size, source_type, reason, at, sealed, link, prev_hash,
  hash) VALUES (900, 'settle', 'x', 2, '', '', '2026-11-12 09:41:00', 1, 2, :hash, :hash)
"""
KEEP = """
INSERT INTO exchanges_reservation (account_id, key, first_cents, cents, at)
VALUES (:account, 'x', :first, :cents, '2026-11-12')
"""
HASH = "f" * 64
REMOVALS = (
    "DELETE FROM exchanges_entry",
    "DELETE FROM exchanges_txn",
    "DELETE FROM exchanges_limit_change",
    "DELETE FROM exchanges_switch",
    "DELETE FROM exchanges_reservation",
    "DELETE FROM exchanges_account",
    "DELETE FROM exchanges_head",
)
POSTGRESQL_ONLY = ("TRUNCATE exchanges_entry CASCADE", "TRUNCATE exchanges_head")
SQLITE_ONLY = (
    "INSERT OR REPLACE INTO exchanges_entry SELECT * FROM exchanges_entry WHERE no = 1",
    "INSERT OR REPLACE INTO exchanges_txn SELECT * FROM exchanges_txn",
    "INSERT OR REPLACE INTO exchanges_account SELECT * FROM exchanges_account",
    "INSERT OR REPLACE INTO exchanges_head SELECT 1, 0, '', 1",
    "INSERT OR REPLACE INTO exchanges_limit_change SELECT * FROM exchanges_limit_change",
    "INSERT OR REPLACE INTO exchanges_switch SELECT * FROM exchanges_switch",
    "INSERT OR REPLACE INTO exchanges_reservation SELECT * FROM exchanges_reservation",
    """
INSERT INTO exchanges_account (kind, opened_at, balance, entries, given, reserved, lower_limit,
  soft_limit, age) VALUES ('fund', '2026-11-12', 0, 0, 0, 0, 0, 0, 'fine')
""",
)


@pytest.fixture
def market(make):
    """A market with one transaction of 100 € from the first firm to the second, and 50 € kept."""
    market = a_market(make, firms=3)
    market.gives(market.one, market.two, 100_00)
    market.reserve(market.two, 50_00)
    return market


def run(statement: str, **values: Any) -> None:
    db.session.execute(text(statement), values)


def value(statement: str) -> Any:
    return db.session.execute(text(statement)).scalar()


def refuses(*statements: str, words: str, **values: Any) -> None:
    """None of these is let in, for the reason that is named; what was stays."""
    for statement in statements:
        with pytest.raises(IntegrityError, match=words), db.session.begin_nested():
            run(statement, **values)


class Raw:
    """A transaction written past the product: opened, its entries, sealed."""

    def __init__(self, market: Any, kind: str = "settle", **more: Any) -> None:
        self.market, self.id = market, 900 + next(market.numbers)
        self.values = {
            "id": self.id,
            "kind": kind,
            "idem": f"raw:{self.id}",
            "size": 2,
            "reason": "",
            "by": None,
            "second": None,
            "over": None,
            "reverses": None,
            "sealed": 0,
        } | more

    def opened(self) -> Raw:
        run(TXN, **self.values)
        return self

    def entry(self, account: int, amount: int, *, no: int = 0, after: int = 0) -> Raw:
        held = self.market.held(account)
        due = {"no": no or held.entries + 1, "after": after or held.state.balance + amount}
        run(ENTRY, txn=self.id, account=account, amount=amount, **due)
        return self

    def sealed(self, *, link: int = 0, before: str = "") -> None:
        link = link or value("SELECT length + 1 FROM exchanges_head")
        before = before or value("SELECT hash FROM exchanges_head")
        run(SEAL, id=self.id, link=link, before=before, hash=HASH)

    def moves(self, amounts: dict[int, int]) -> None:
        self.opened()
        for account, amount in amounts.items():
            self.entry(account, amount)
        self.sealed()


def seal_refused(market: Any, amounts: dict[int, int], words: str, **more: Any) -> None:
    with pytest.raises(IntegrityError, match=words), db.session.begin_nested():
        Raw(market, **more).moves(amounts)


def test_what_is_right_may_be_written_by_plain_sql_as_well(market) -> None:
    Raw(market).moves({market.one: -100_00, market.two: 100_00})
    assert market.balances() == [0, 0, 0]
    assert value("SELECT length FROM exchanges_head") == 2
    (fault,) = verifying.verify()
    assert fault.words.startswith("link 2 is not the hash")


def test_entries_and_transactions_stay(market) -> None:
    refuses(
        "UPDATE exchanges_entry SET amount = amount + 1",
        "UPDATE exchanges_entry SET no = 7 WHERE no = 1",
        "UPDATE exchanges_txn SET reason = 'x'",
        "UPDATE exchanges_txn SET kind = 'opening'",
        "UPDATE exchanges_limit_change SET lower_limit = -1",
        "UPDATE exchanges_switch SET text_read = 'x'",
        "UPDATE exchanges_reservation SET key = 'x'",
        "UPDATE exchanges_account SET firm_id = NULL, kind = 'fund'",
        "UPDATE exchanges_head SET id = 2",
        words="never changed",
    )
    refuses(*REMOVALS, words="never removed")


def test_a_seal_is_final(market) -> None:
    refuses(
        "UPDATE exchanges_txn SET sealed = 0, link = NULL, prev_hash = NULL, hash = NULL",
        "UPDATE exchanges_txn SET hash = :hash",
        words="stays sealed",
        hash=HASH,
    )
    txn = value("SELECT id FROM exchanges_txn")
    refuses(
        ENTRY, words="takes no entry", txn=txn, account=market.accounts[2], amount=5, no=1, after=5
    )


def test_a_transaction_begins_open_and_sums_to_zero(market) -> None:
    refuses(BORN_SEALED, words="begins open", hash=HASH)
    seal_refused(market, {market.one: 5, market.two: -4}, "sums to zero")
    three = {market.one: 5, market.two: -4, market.accounts[2]: -1}
    seal_refused(market, three, "has its entries")
    seal_refused(market, {market.one: 5, market.two: -5}, "has its entries", size=3)


def test_an_entry_continues_its_account(market) -> None:
    for wrong in ({"no": 1}, {"no": 3}, {"after": 1}):
        raw = Raw(market).opened()
        with (
            pytest.raises(IntegrityError, match="continues its account"),
            db.session.begin_nested(),
        ):
            raw.entry(market.one, 5, **wrong)


def test_balances_change_by_entries_alone(market) -> None:
    refuses(
        "UPDATE exchanges_account SET balance = balance + 1",
        "UPDATE exchanges_account SET entries = entries + 1",
        "UPDATE exchanges_account SET given = given + 100",
        "UPDATE exchanges_account SET negative_since = NULL, balance = 0 WHERE balance < 0",
        words="by entries alone",
    )


def test_limits_and_freezing_change_by_their_history_alone(market) -> None:
    refuses(
        "UPDATE exchanges_account SET lower_limit = -100000000",
        "UPDATE exchanges_account SET soft_limit = 0",
        "UPDATE exchanges_account SET upper_limit = 1",
        "UPDATE exchanges_account SET upper_limit = NULL WHERE kind = 'firm'",
        "UPDATE exchanges_account SET frozen = true",
        words="by their history alone",
    )


def test_an_account_begins_at_nothing(market, make) -> None:
    firm = a_firm(make, market.people[0], "Sans compte").id
    begin = (
        "INSERT INTO exchanges_account (kind, firm_id, opened_at, balance, entries, given, "
        "reserved, lower_limit, soft_limit, age) VALUES ('firm', "
        ":firm, '2026-11-12', :balance, :entries, 0, 0, :lower, 0, 'fine')"
    )
    for wrong in ({"balance": 5}, {"entries": 1}, {"lower": -5}):
        refuses(
            begin,
            words="begins at nothing",
            **{"firm": firm, "balance": 0, "entries": 0, "lower": 0} | wrong,
        )


def test_who_receives_stays_above_the_line_less_what_is_reserved(market) -> None:
    left = 350_00
    seal_refused(market, {market.one: left + 1, market.two: -left - 1}, "below its line")
    Raw(market).moves({market.one: left, market.two: -left})


def test_a_line_is_passed_only_by_a_reversal_that_says_who_let_it(market) -> None:
    boss = market.boss.id
    seal_refused(
        market, {market.one: 400_00, market.two: -400_00}, "ck_exchanges_txn_over", over=boss
    )
    txn = value("SELECT id FROM exchanges_txn")
    market.line(market.one, 0)
    market.gives(market.accounts[2], market.one, 100_00)
    told = {"kind": "reversal", "reverses": txn, "reason": "x", "by": boss}
    back = {market.one: -100_00, market.two: 100_00}
    seal_refused(market, back, "below its line", **told)
    raw = Raw(market, **told, over=boss).opened().entry(market.one, -100_00)
    raw.entry(market.two, 100_00).sealed()


def test_who_gives_stays_below_the_upper_limit(market) -> None:
    market.line(market.one, 0, upper=100_00)
    seal_refused(market, {market.one: 1, market.two: -1}, "above its limit")


def test_a_frozen_account_never_falls_whoever_lets_it(market) -> None:
    txn, boss = value("SELECT id FROM exchanges_txn"), market.boss.id
    market.freeze(market.one)
    seal_refused(market, {market.one: -1, market.two: 1}, "frozen account")
    told = {"kind": "reversal", "reverses": txn, "reason": "x", "by": boss, "over": boss}
    seal_refused(market, {market.one: -100_00, market.two: 100_00}, "frozen account", **told)
    Raw(market).moves({market.one: 1, market.two: -1})


def test_a_reversal_is_an_opposite_of_a_sealed_transaction_once(market) -> None:
    txn, boss = value("SELECT id FROM exchanges_txn"), market.boss.id
    told = {"kind": "reversal", "reverses": txn, "reason": "x", "by": boss}
    third = market.accounts[2]
    for other in ({market.one: -99_99, market.two: 99_99}, {third: -100_00, market.two: 100_00}):
        seal_refused(market, other, "opposite of what it reverses", **told)
    seal_refused(market, {}, "ck_exchanges_txn_author", **told | {"reason": ""})
    market.reverses(txn)
    seal_refused(market, {}, r"reverses_id|never replaced", **told)
    back = value("SELECT max(id) FROM exchanges_txn")
    seal_refused(market, {}, "only what is sealed", **told | {"reverses": back})
    cleared = market.post({market.one: 10, market.two: -10}, kind="clearing").id
    seal_refused(market, {}, "only what is sealed", **told | {"reverses": cleared})


def test_the_fund_takes_part_in_fees_and_guarantees_alone(market) -> None:
    fund, one, two = market.fund, market.one, market.two
    seal_refused(market, {fund: 5, one: -5}, "takes part in no deal")
    seal_refused(market, {fund: 5, one: -5}, "beside its cause", kind="fee")
    seal_refused(market, {two: 5, one: -5}, "beside its cause", kind="fee")
    both = {"kind": "guarantee", "reason": "x", "by": market.boss.id}
    both["second"] = market.managers[0].id
    seal_refused(market, {fund: 5, one: -5}, "whole balance", **both)
    seal_refused(market, {one: -100_00, two: 100_00}, "whole balance", **both)
    seal_refused(market, {}, "ck_exchanges_txn_two", **both | {"second": both["by"]})
    Raw(market, **both).moves({fund: 100_00, one: -100_00})


def test_a_transaction_is_the_next_link_of_the_chain(market) -> None:
    for wrong in ({"link": 3}, {"link": 1}, {"before": "0" * 64}):
        with pytest.raises(IntegrityError, match="next link"), db.session.begin_nested():
            raw = Raw(market).opened().entry(market.one, 5).entry(market.two, -5)
            raw.sealed(**wrong)
    refuses(
        "UPDATE exchanges_head SET length = length + 1",
        "UPDATE exchanges_head SET length = 0, hash = :hash",
        words="its last link",
        hash="0" * 64,
    )


def test_the_switch_is_turned_by_its_history_and_off_means_off(market) -> None:
    refuses("UPDATE exchanges_head SET switched_on = false", words="by its history alone")
    market.turn(on=False)
    refuses("UPDATE exchanges_head SET switched_on = true", words="by its history alone")
    seal_refused(market, {market.one: 5, market.two: -5}, "credit is off")
    kept = {"account": market.two, "first": 5, "cents": 5}
    refuses(KEEP, words="credit is off", **kept)


def test_what_is_reserved_is_the_sum_of_reservations_within_the_line(market) -> None:
    refuses("UPDATE exchanges_account SET reserved = 0", words="sum of the reservations")
    run("UPDATE exchanges_reservation SET cents = cents - 5")
    assert market.held(market.two).state.reserved == 49_95
    refuses("UPDATE exchanges_reservation SET cents = cents + 1", words="only falls")
    run("UPDATE exchanges_reservation SET cents = 0")
    market.reserve(market.two, 50_00, "leg:2")
    refuses(KEEP, words="begins whole", account=market.two, first=10, cents=5)
    refuses(KEEP, words="more is reserved", account=market.two, first=350_01, cents=350_01)
    market.freeze(market.one)
    refuses(KEEP, words="more is reserved", account=market.one, first=5, cents=5)


def test_nobody_leaves_with_a_balance_and_who_left_moves_nothing(market) -> None:
    leave = "UPDATE exchanges_account SET closed_at = '2026-11-12' WHERE id = :id"
    refuses(leave, words="ck_exchanges_account_closed", id=market.one)
    run(leave, id=market.accounts[2])
    gone = {market.accounts[2]: 5, market.one: -5}
    seal_refused(market, gone, "ck_exchanges_account_closed")


def test_no_dialect_has_a_way_round(market) -> None:
    sqlite = db.session.get_bind().dialect.name == "sqlite"
    words = "never replaced|one fund|takes no entry|continues|begins|off" if sqlite else "emptied"
    refuses(*(SQLITE_ONLY if sqlite else POSTGRESQL_ONLY), words=words)
    if sqlite:
        with pytest.raises(IntegrityError, match="whole cents"), db.session.begin_nested():
            run(
                ENTRY.replace(":amount", "5.5"),
                txn=Raw(market).opened().id,
                account=market.one,
                no=2,
                after=5,
            )
