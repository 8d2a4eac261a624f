"""The barter ledger is proven from the command line."""

from __future__ import annotations

import sqlite3
from contextlib import closing


def test_an_empty_ledger_is_proven_and_has_no_head(installed):
    done = installed("ledger", "verify")
    assert (done.code, done.out.splitlines()) == (
        0,
        ["Mutual credit is off.", "The chain has no link yet.", "Every proof holds."],
    )


def test_a_head_that_other_hands_wrote_is_told_in_a_line(installed):
    with closing(sqlite3.connect(installed.database)) as connection, connection:
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'exchanges_head'"
        ).fetchall()
        for (name,) in names:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE exchanges_head SET length = 9")
    done = installed("ledger", "verify")
    assert done.code == 1
    assert done.out.splitlines()[0] == "invariant 15: the head is not the last link"
    assert "Every proof holds." not in done.out
