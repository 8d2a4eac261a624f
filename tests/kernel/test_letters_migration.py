"""Migration 0026: what was switched off of letters moves to one place, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, create_engine

import incubator.features  # noqa: F401 - every table
from incubator.kernel import schema
from incubator.kernel.engines import prepare
from tests import services
from tests.kernel.test_firms_migration import MEMBER, SITE
from tests.kernel.test_hours_migration import OTHER, do, read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BEFORE, AFTER = "0027", "0026"
FILLED = (
    "INSERT INTO help_letters (member_id, mentions, comments) VALUES (1, false, true)",
    "INSERT INTO help_letters (member_id, mentions, comments) VALUES (2, true, true)",
    "INSERT INTO help_asking (member_id, weekly_cap, paused, letters) VALUES (2, 5, true, false)",
    "INSERT INTO commitments_choice (member_id, gives_surplus, reminder_days) VALUES (1, true, 0)",
    "INSERT INTO commitments_choice (member_id, gives_surplus, reminder_days) VALUES (2, false, 7)",
)
CHOICES = "SELECT member_id, kind, channel, wanted FROM letters_choice"
LETTERS = "SELECT member_id, mentions, comments FROM help_letters"
ASKING = "SELECT member_id, weekly_cap, paused, letters FROM help_asking"
HOURS = "SELECT member_id, gives_surplus, reminder_days FROM commitments_choice"
MOVED = {
    (1, "help_mentions", "mail", False),
    (1, "slot_reminder", "mail", False),
    (2, "help_asked", "mail", False),
}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of each kind at the revision before, with what two members chose."""
    if request.param == "sqlite":
        yield from filled(f"sqlite:///{tmp_path / 'x.db'}")
        return
    server = services.postgres()
    assert server
    with services.database_on(server, "incubator_test_letters") as url:
        yield from filled(url)


def filled(url: str) -> Iterator[Engine]:
    made = create_engine(url)
    prepare(made)
    # Members came before other columns of theirs did.
    schema.upgrade(made, "0009")
    for statement in (SITE, MEMBER, OTHER):
        do(made, statement)
    schema.upgrade(made, BEFORE)
    for statement in FILLED:
        do(made, statement)
    yield made
    made.dispose()


def test_what_was_switched_off_stays_so_up_down_and_up(engine: Engine) -> None:
    schema.upgrade(engine, AFTER)
    assert set(read(engine, CHOICES)) == MOVED
    assert read(engine, HOURS) == [(1, True, None), (2, False, 7)]
    schema.downgrade(engine, BEFORE)
    assert read(engine, LETTERS) == [(1, False, True)]
    assert read(engine, ASKING) == [(2, 5, True, False)]
    assert read(engine, HOURS) == [(1, True, 0), (2, False, 7)]
    schema.upgrade(engine, AFTER)
    assert set(read(engine, CHOICES)) == MOVED


def test_who_chose_nothing_before_finds_their_new_choices_on_the_way_back(engine: Engine) -> None:
    schema.upgrade(engine, AFTER)
    wish = "INSERT INTO letters_choice (member_id, kind, channel, wanted) VALUES "
    do(engine, wish + "(1, 'help_asked', 'mail', false), (2, 'help_comments', 'mail', false)")
    do(engine, "DELETE FROM commitments_choice")
    do(engine, "INSERT INTO letters_quiet VALUES (1, true, 1200, 480, true)")
    schema.downgrade(engine, BEFORE)
    assert read(engine, LETTERS) == [(1, False, True), (2, True, False)]
    assert read(engine, ASKING) == [(1, 3, False, False), (2, 5, True, False)]
    assert read(engine, HOURS) == [(1, False, 0)]
