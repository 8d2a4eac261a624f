"""The log: every event, no secret, and no way back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from incubator.kernel.db import db, transaction, utcnow
from incubator.kernel.events import Event, record
from incubator.kernel.keyset import Cursor
from incubator.reactions.audit.models import AuditEntry
from incubator.reactions.audit.queries import Which, log_for, people_in
from incubator.reactions.audit.reactions import action_of
from tests.factories_accounts import invitation

if TYPE_CHECKING:
    from tests.factories import Make


@dataclass(frozen=True, kw_only=True, slots=True)
class TeaPoured(Event):
    """An event of no feature."""

    member_id: int | None = None
    cups: tuple[int, ...] = ()
    on: date | None = None
    password: str = field(default="hunter2", metadata={"secret": True})


def pour(**more: object) -> None:
    with transaction():
        record(TeaPoured(**({"actor_id": None} | more)))


def entries() -> list[AuditEntry]:
    query = select(AuditEntry).where(AuditEntry.action == "tea_poured").order_by(AuditEntry.id)
    return list(db.session.scalars(query))


def test_an_event_nobody_foresaw_is_logged_without_its_secrets(make: Make) -> None:
    before = utcnow()
    pour(actor_id=7, member_id=8, site_id=9, cups=(1, 2), on=date(2026, 11, 12))
    entry = entries()[0]
    assert (entry.actor_id, entry.member_id, entry.site_id) == (7, 8, 9)
    assert entry.data == {"cups": [1, 2], "on": "2026-11-12"}
    assert entry.at >= before


def test_no_token_and_no_address_enters_the_log(make: Make) -> None:
    issued = invitation(
        make, make.member(role="administrator"), make.site(), email="hugo@example.org"
    )
    rows = db.session.execute(text("SELECT * FROM audit_entry")).all()
    assert issued.token
    assert issued.token not in str(rows)
    assert "hugo@example.org" not in str(rows)


def test_what_is_rolled_back_was_never_logged(make: Make) -> None:
    def spill() -> None:
        with transaction():
            record(TeaPoured(actor_id=None))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        spill()
    assert entries() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor_id = 1",
        "DELETE FROM audit_entry",
        "UPDATE audit_entry SET data = '{}' WHERE id > 0",
    ],
)
def test_the_database_refuses_to_change_the_log(make: Make, statement: str) -> None:
    pour()
    with pytest.raises(DBAPIError, match="only grows"), transaction():
        db.session.execute(text(statement))
    assert len(entries()) == 1


def test_an_action_is_named_after_its_event() -> None:
    assert action_of(TeaPoured) == "tea_poured"


def test_a_manager_reads_what_concerns_their_sites(make: Make) -> None:
    here, there = make.site(), make.site("Nantes")
    manager = make.member(here, role="manager")
    for site_id in (here.id, there.id, None):
        pour(site_id=site_id)
    tea = Which(action="tea_poured")
    assert len(log_for(make.actor(manager), tea, Cursor()).rows) == 1
    assert len(log_for(make.actor(make.member(role="administrator")), tea, Cursor()).rows) == 3
    assert log_for(make.actor(make.member(here)), tea, Cursor()).rows == []


def test_entries_are_chosen_by_member_site_and_period(make: Make) -> None:
    site = make.site()
    boss, elise = make.actor(make.member(role="administrator")), make.member(site)
    pour(actor_id=elise.id, site_id=site.id)
    pour(member_id=elise.id)
    pour(actor_id=boss.id)
    now = utcnow()
    chosen = {
        Which(action="tea_poured", member_ids=frozenset({elise.id})): 2,
        Which(action="tea_poured", member_ids=frozenset()): 0,
        Which(action="tea_poured", site_id=site.id): 1,
        Which(action="tea_poured", since=now + timedelta(hours=1)): 0,
        Which(action="tea_poured", since=now - timedelta(hours=1), until=now): 3,
        Which(action="tea_poured", until=datetime(2020, 1, 1, tzinfo=UTC)): 0,
    }
    assert {which: len(log_for(boss, which, Cursor()).rows) for which in chosen} == chosen


def test_pages_of_the_log_hold_each_entry_once(make: Make) -> None:
    boss = make.actor(make.member(role="administrator"))
    for _ in range(5):
        pour()
    seen, cursor = [], Cursor(size=2)
    while cursor.after or not seen:
        page = log_for(boss, Which(action="tea_poured"), cursor)
        seen += [entry.id for entry in page.rows]
        if page.next is None:
            break
        cursor = Cursor(size=2, after=page.next)
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == 5


def test_the_people_of_entries_are_read_at_once(make: Make) -> None:
    elise = make.member(make.site(), name="Élise")
    pour(actor_id=elise.id, member_id=999_999)
    assert {m.name for m in people_in(entries()).values()} == {"Élise"}
    assert people_in([]) == {}
