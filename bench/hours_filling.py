"""Years of hours for an installation, written by SQL: sessions, lines, obligations, standings.

Every member is there eight times a month; the month before this one has ended and waits to be
closed. With two months it is the same house, only young.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import func, select

from bench.filling import Filled, fill
from incubator.app import create_app
from incubator.domain.commitments import verifying
from incubator.domain.commitments.periods import rule_on
from incubator.kernel.db import db, transaction, utcnow
from incubator.kernel.settings import Settings
from incubator.network.accounts.models import Account, Grant
from incubator.network.members.models import Member
from incubator.network.sites.models import Site

VISITS = 8
DUE = 720
SESSIONS = """
INSERT INTO commitments_session
  (member_id, site_id, kind, day, started_at, ended_at, state, source, end_source, rev, flags)
SELECT m.id, m.home_site_id, 'coworking', v.day, v.day || ' 08:00:00.000000',
  v.day || printf(' %02d:%02d:00.000000', 8 + (30 + (m.id + v.n) % 8 * 15) / 60,
    (30 + (m.id + v.n) % 8 * 15) % 60),
  'counted', 'web', 'out', 1, ''
FROM visits AS v CROSS JOIN members_member AS m WHERE m.home_site_id IS NOT NULL
"""
DONE = """
INSERT INTO commitments_ledger
  (member_id, period_id, kind, minutes, day, site_id, source_type, source_rev, key, reason,
   recorded_at)
SELECT m.id, v.period_id, 'DONE', 30 + (m.id + v.n) % 8 * 15, v.day, m.home_site_id, 'presence',
  1, 'done:' || m.id || ':' || v.day || ':' || m.home_site_id || ':1', '', v.day
FROM visits AS v CROSS JOIN members_member AS m WHERE m.home_site_id IS NOT NULL
"""
OWED = """
INSERT INTO commitments_obligation (member_id, period_id, rev, minutes, explanation, made_at)
SELECT m.id, p.id, 1, :due, '{}', p.starts_on
FROM commitments_period AS p CROSS JOIN members_member AS m WHERE m.home_site_id IS NOT NULL
"""
LINES = """
INSERT INTO commitments_ledger
  (member_id, period_id, kind, minutes, site_id, source_type, source_id, source_rev, key, reason,
   recorded_at)
SELECT m.id, p.id, :kind, {minutes}, NULL, :source, p.id - :back, 1,
  :source || ':' || (p.id - :back) || ':' || m.id || ':' || :kind, '', p.starts_on
FROM commitments_period AS p CROSS JOIN members_member AS m
WHERE m.home_site_id IS NOT NULL AND {where}
"""
CARRIED = "((m.id * 37 + p.id * 11) % 1441 - 720)"
BALANCE = """
INSERT INTO commitments_ledger
  (member_id, period_id, kind, minutes, source_type, source_id, source_rev, key, reason,
   recorded_at)
SELECT member_id, period_id, 'CARRY_OUT', -sum(minutes), 'close', period_id, 1,
  'close:' || period_id || ':' || member_id || ':CARRY_OUT', '', '2000-01-01 00:00:00.000000'
FROM commitments_ledger WHERE period_id IN
  (SELECT id FROM commitments_period WHERE ends_on < :last) GROUP BY member_id, period_id
"""


@dataclass(frozen=True)
class Hours:
    """An installation with hours: who may look at what, and the month that waits to be closed."""

    filled: Filled
    database: Path
    site_slug: str
    closing_id: int


def fill_hours(instance: Path, *, members: int, months: int) -> Hours:
    """So many members with so many months of hours before this one."""
    filled = fill(instance, members=members)
    app = create_app(Settings.load(instance, {}))
    with app.app_context():
        slug = _reader_manages()
        rule_id = rule_on(utcnow().date()).id
        db.session.remove()
        database = Path(str(db.engine.url.database))
        db.engine.dispose()
    starts = _months(months + 1)
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA synchronous=OFF")
    closing = _write(connection, starts, rule_id)
    connection.close()
    with app.app_context():
        with transaction():
            verifying.rebuild(utcnow())
        assert db.session.scalar(select(func.count()).select_from(Member))
        db.session.remove()
        db.engine.dispose()
    connection = sqlite3.connect(database)
    connection.execute("ANALYZE")
    connection.close()
    return Hours(filled, database, slug, closing)


def _reader_manages() -> str:
    """Let the reader run their home site, so that they may look at its board."""
    with transaction():
        reader = db.session.scalars(
            select(Account).where(Account.email == "reader@example.org")
        ).one()
        member = db.session.get_one(Member, reader.id)
        db.session.add(
            Grant(
                account_id=reader.id,
                role="manager",
                site_id=member.home_site_id,
                granted_at=utcnow(),
            )
        )
    return db.session.scalars(select(Site.slug).where(Site.id == member.home_site_id)).one()


def _months(count: int) -> list[date]:
    """The first days of the last months, this one last."""
    first = utcnow().date().replace(day=1)
    starts = [first]
    while len(starts) < count:
        starts.append((starts[-1] - timedelta(days=1)).replace(day=1))
    return sorted(starts)


def _write(connection: sqlite3.Connection, starts: list[date], rule_id: int) -> int:
    ends = [*starts[1:], (starts[-1] + timedelta(days=32)).replace(day=1)]
    today = utcnow().date()
    connection.execute("DELETE FROM commitments_period")
    connection.executemany(
        "INSERT INTO commitments_period (id, starts_on, ends_on, label, state, rule_id) "
        "VALUES (?, ?, ?, ?, 'open', ?)",
        [
            (number, str(start), str(end), f"{start:%Y-%m}", rule_id)
            for number, (start, end) in enumerate(zip(starts, ends, strict=True), 1)
        ],
    )
    connection.execute("CREATE TEMP TABLE visits (period_id INTEGER, day TEXT, n INTEGER)")
    visits = [
        (number, str(start + timedelta(days=n * 3)), n)
        for number, start in enumerate(starts, 1)
        for n in range(VISITS)
        if start + timedelta(days=n * 3) < today
    ]
    connection.executemany("INSERT INTO visits VALUES (?, ?, ?)", visits)
    last = str(starts[-1])
    for statement, values in (
        (SESSIONS, {}),
        (DONE, {}),
        (OWED, {"due": DUE}),
        (LINES.format(minutes=-DUE, where="true"), {"kind": "DUE", "source": "pledge", "back": 0}),
        (
            LINES.format(minutes=CARRIED, where=f"p.starts_on < '{last}'"),
            {"kind": "CARRY_IN", "source": "close", "back": 1},
        ),
        (BALANCE, {"last": last}),
    ):
        connection.execute(statement, values)
    closing = len(starts) - 1
    connection.execute(
        "UPDATE commitments_period SET state = 'closing', closing_at = ? WHERE id = ?",
        (f"{last} 00:00:00.000000", closing),
    )
    connection.execute(
        "UPDATE commitments_period SET state = 'closed', closed_at = ? WHERE id < ?",
        (f"{last} 00:00:00.000000", closing),
    )
    connection.commit()
    return closing
