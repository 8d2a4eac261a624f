"""mail-bounce takes what a mail server hands over, and no message makes it fail."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from tests.reactions.test_mail_bounces import LETTER, report

if TYPE_CHECKING:
    from tests.cli.conftest import Installation

SENT = """
INSERT INTO mail_copy (id, email, kind, subject, state, at, message)
VALUES (?, 'elise@example.org', 'told', 'x', 'sent', '2026-11-12 09:41:00.000000', 'x')
"""


def test_a_bounce_is_noted_and_other_messages_change_nothing(installed: Installation) -> None:
    with sqlite3.connect(installed.database) as connection:
        connection.execute(SENT, (LETTER,))
    for typed, words in (
        ("", "No letter of ours failed."),
        ("From: a@example.org\n\nBonjour", "No letter of ours failed."),
        (report().decode(), "Nothing goes to that address any more."),
    ):
        done = installed("mail-bounce", typed=typed)
        assert (done.code, done.out.strip()) == (0, words)
    with sqlite3.connect(installed.database) as connection:
        found = connection.execute("SELECT email, code FROM letters_refused").fetchall()
    assert found == [("elise@example.org", 550)]
