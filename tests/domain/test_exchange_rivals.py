"""Many at once on one ledger, with real threads and real crashes, on both databases."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from incubator.domain.exchanges.ledger import door, verifying
from incubator.domain.exchanges.ledger.models import Entry, Txn
from incubator.domain.exchanges.ledger.writing import TXN
from incubator.kernel.db import db, transaction
from tests.conftest import NOW
from tests.factories_credit import Market, a_market, apart
from tests.rivals import DONE, Rivals

CROWD = 50
OPEN = {
    "kind": "settle", "idem": "open", "size": 2, "source_type": "", "reason": "", "at": NOW,
    "sealed": 0,
}  # fmt: skip
# Written by a process of its own, which is killed before it could seal or commit.
CRASH = """
import os, signal, sys
from sqlalchemy import create_engine, text
connection = create_engine(sys.argv[1]).connect()
connection.execute(text(
    "INSERT INTO exchanges_txn (id, kind, idem, size, source_type, reason, at, sealed) "
    "VALUES (999, 'settle', 'crash', 2, '', '', '2026-11-12 09:41:00', 0)"))
account, no, after = connection.execute(text(
    "SELECT id, entries + 1, balance + 5 FROM exchanges_account WHERE kind = 'firm'")).first()
connection.execute(text(
    f"INSERT INTO exchanges_entry (txn_id, account_id, amount, no, balance_after) "
    f"VALUES (999, {account}, 5, {no}, {after})"))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def market(rivals: Rivals) -> Market:
    """Three firms, each with a line of 500 €."""
    with rivals.inside():
        return apart(a_market(rivals.make, firms=3))


def stands(rivals: Rivals, market: Market) -> list[int]:
    """The balances, once all proofs hold."""
    with rivals.inside():
        assert verifying.verify() == []
        return market.balances()


def test_fifty_spends_at_once_never_pass_the_line(rivals: Rivals, market: Market) -> None:
    acts = [partial(market.gives, market.one, market.two, 30_00) for _ in range(CROWD)]
    assert rivals.at_once(acts) == {DONE: 16, "ledger.short": CROWD - 16}
    assert stands(rivals, market) == [480_00, -480_00, 0]


def test_fifty_reservations_at_once_never_pass_the_line(rivals: Rivals, market: Market) -> None:
    acts = [partial(market.reserve, market.two, 30_00, f"leg:{n}") for n in range(CROWD)]
    assert rivals.at_once(acts) == {DONE: 16, "ledger.short": CROWD - 16}
    with rivals.inside():
        assert market.held(market.two).state.available == 20_00
    assert stands(rivals, market) == [0, 0, 0]


def test_crossing_trades_never_wait_for_each_other(rivals: Rivals, market: Market) -> None:
    ring = list(zip(market.accounts, market.accounts[1:] + market.accounts[:1], strict=True))
    acts: list[Any] = []
    for number in range(8):
        for giver, receiver in ring:
            acts.append(partial(market.gives, giver, receiver, 10_00))
            acts.append(partial(market.gives, receiver, giver, 10_00))
        acts.append(partial(market.reserve, market.one, 1_00, f"leg:{number}"))
    rivals.all_at_once(acts)
    assert stands(rivals, market) == [0, 0, 0]
    with rivals.inside():
        assert door.head().length == 48


def test_one_key_at_once_moves_once(rivals: Rivals, market: Market) -> None:
    acts = [partial(market.gives, market.one, market.two, 5_00, idem="leg:1")] * 8
    told = rivals.answers(acts)
    assert sorted(one.new for one in told) == [False] * 7 + [True]
    assert len({one.hash for one in told}) == 1
    assert stands(rivals, market) == [5_00, -5_00, 0]


def test_taken_back_by_all_at_once_it_is_taken_back_once(rivals: Rivals, market: Market) -> None:
    with rivals.inside():
        posted = market.gives(market.one, market.two, 5_00)
    acts = [partial(market.reverses, posted.id, by=one) for one in market.managers * 4]
    assert rivals.at_once(acts) == {DONE: 1, "ledger.reversed": 7}
    assert stands(rivals, market) == [0, 0, 0]


def test_a_line_shortened_meanwhile_holds_at_once(rivals: Rivals, market: Market) -> None:
    acts: list[Any] = [partial(market.line, market.two, 100_00)]
    acts += [partial(market.gives, market.one, market.two, 40_00) for _ in range(20)]
    ended = rivals.at_once(acts)
    assert ended[DONE] - 1 <= 12
    with rivals.inside():
        history = verifying.db.session.scalars(
            select(Entry.balance_after).where(Entry.account_id == market.two)
        ).all()
        assert min(history, default=0) >= -500_00
    stands(rivals, market)


def test_what_is_not_sealed_is_never_committed(rivals: Rivals, market: Market) -> None:
    def leaves_it_open() -> None:
        with transaction():
            db.session.connection().execute(insert(TXN).values(OPEN))

    with rivals.inside():
        with pytest.raises(IntegrityError):
            leaves_it_open()
        assert db.session.scalar(select(func.count()).select_from(Txn)) == 0
    assert stands(rivals, market) == [0, 0, 0]


def test_a_crash_leaves_nothing_behind(rivals: Rivals, market: Market) -> None:
    with rivals.inside():
        address = db.engine.url.render_as_string(hide_password=False)
        db.session.remove()
    died = subprocess.run([sys.executable, "-c", CRASH, address], check=False)
    assert died.returncode == -9
    assert stands(rivals, market) == [0, 0, 0]
    with rivals.inside():
        assert db.session.scalar(select(func.count()).select_from(Txn)) == 0
        market.gives(market.one, market.two, 5_00)
