"""What the database refuses about rounds, whoever asks it."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from incubator.kernel.db import db
from tests.factories_rounds import RING, network

RISES = """UPDATE exchanges_round_notice
SET payables_cleared = payables_cleared + 1, ledger_delta = ledger_delta - 1"""
# Which of several guards speaks first is for the database to choose.
ANY = "goes on in its order|executed by its set-off|each firm agrees first"
AFTER = (
    ("UPDATE exchanges_round SET words = 'x'", "stays as it was done"),
    ("UPDATE exchanges_round SET state = 'consented'", "goes on in its order"),
    ("UPDATE exchanges_round SET seed = seed + 1", "never changed"),
    ("DELETE FROM exchanges_round_line", "never removed"),
    ("UPDATE exchanges_round_line SET cleared_cents = cleared_cents - 1", "never changed"),
    ("UPDATE exchanges_round_revision SET input_sha = ''", "never changed"),
    ("UPDATE exchanges_round_notice SET refused_at = accepted_at", "has ended"),
    ("UPDATE exchanges_netting_switch SET text_read = 'x'", "never changed"),
    ("DELETE FROM exchanges_netting_part", "never removed"),
)
SHOWN = (
    (RISES, "nothing rises"),
    ("UPDATE exchanges_round SET state = 'executed'", ANY),
    ("UPDATE exchanges_round SET state = 'published'", "goes on in its order"),
)


def refused(statement: str, words: str) -> None:
    with pytest.raises(DatabaseError, match=words), db.session.begin_nested():
        db.session.execute(text(statement))


@pytest.mark.parametrize(("statement", "words"), AFTER)
def test_what_is_executed_stays_whoever_asks(make, connection, statement, words) -> None:
    network(make, debts=RING).executed()
    refused(statement, words)


@pytest.mark.parametrize(("statement", "words"), SHOWN)
def test_what_was_shown_only_falls_whoever_asks(make, connection, statement, words) -> None:
    network(make, debts=RING).shown()
    refused(statement, words)


def test_no_round_is_executed_without_its_set_off(make, connection) -> None:
    net = network(make, debts=RING)
    found = net.shown()
    net.accepts(found, 0, 1, 2)
    refused("UPDATE exchanges_round SET state = 'executed'", ANY)


def test_no_round_is_executed_against_a_refusal(make, connection) -> None:
    net = network(make, debts=RING)
    found = net.shown()
    net.accepts(found, 0, 1, 2)
    net.refuses(found, 0)
    refused("UPDATE exchanges_round SET state = 'executed'", ANY)
