"""``make bench-hours``: what two years of hours cost, and closing a month for 5,000 members.

The page of a member and the board of a site with 24 months of history against the same with one;
closing a month by the product's own code against the same lines and sums written by plain SQL, on
copies of one database, in turn.
"""

from __future__ import annotations

import shutil
import sqlite3
import statistics
import tempfile
import time
from contextlib import ExitStack
from contextlib import closing as closed_after
from pathlib import Path

from bench.directory import RUN, environment
from bench.harness import Subject, free_port, measure, report, server
from bench.hours_filling import Hours, fill_hours
from incubator.app import create_app
from incubator.domain.commitments import closing
from incubator.kernel.db import db, utcnow
from incubator.kernel.settings import Settings

MEMBERS = 5_000
MONTHS = (1, 24)
ROUNDS = 5
# The same lines as the product's, for a rule without expiry whose surplus goes to the pool.
FLOOR_LINES = """
WITH sums AS (
  SELECT member_id, balance, max(-720, min(720, balance)) AS out
  FROM commitments_standing WHERE period_id = :period AND balance <> 0)
INSERT INTO commitments_ledger
  (member_id, period_id, kind, minutes, source_type, source_id, source_rev, key, group_id, reason,
   recorded_at)
SELECT member_id, :period, 'CARRY_OUT', -out, 'close', :period, 1,
  'close:' || :period || ':' || member_id || ':CARRY_OUT', NULL, '', :now FROM sums WHERE out <> 0
UNION ALL SELECT member_id, :period + 1, 'CARRY_IN', out, 'close', :period, 1,
  'close:' || :period || ':' || member_id || ':CARRY_IN', NULL, '', :now FROM sums WHERE out <> 0
UNION ALL SELECT member_id, :period, 'SURPLUS', out - balance, 'close', :period, 1,
  'close:' || :period || ':' || member_id || ':SURPLUS', :grouped, '', :now
  FROM sums WHERE balance > out
UNION ALL SELECT member_id, :period, 'WAIVED_DEBT', out - balance, 'close', :period, 1,
  'close:' || :period || ':' || member_id || ':WAIVED_DEBT', NULL, '', :now
  FROM sums WHERE balance < out
UNION ALL SELECT NULL, :period, 'POOL', sum(balance - out), 'close', :period, 1,
  'pool:close:' || :period, :grouped, '', :now FROM sums WHERE balance > out GROUP BY 2
"""
FLOOR_SUMS = """
INSERT INTO commitments_standing
  (member_id, period_id, home_site_id, carry_in, due, done, help, corrections, balance,
   computed_at)
SELECT line.member_id, line.period_id, member.home_site_id,
  sum(CASE line.kind WHEN 'CARRY_IN' THEN line.minutes ELSE 0 END), 0, 0, 0,
  sum(CASE line.kind WHEN 'CARRY_IN' THEN 0 ELSE line.minutes END), sum(line.minutes), :now
FROM commitments_ledger AS line INDEXED BY ix_commitments_ledger_source
JOIN members_member AS member ON member.id = line.member_id
WHERE line.source_type = 'close' AND line.source_id = :period
GROUP BY line.member_id, line.period_id
ON CONFLICT (member_id, period_id) DO UPDATE SET
  carry_in = carry_in + excluded.carry_in, corrections = corrections + excluded.corrections,
  balance = balance + excluded.balance, computed_at = excluded.computed_at
"""


def main() -> None:
    """Fill two houses, measure their pages, close a month in turns, report."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        houses = {
            months: fill_hours(Path(folder) / str(months), members=MEMBERS, months=months)
            for months in MONTHS
        }
        ours, floor = _closings(houses[MONTHS[-1]], Path(folder))
        subjects = {}
        for months, house in houses.items():
            port = free_port()
            stack.enter_context(server(RUN, port, environment(house.filled, port)))
            cookie = {"Cookie": house.filled.cookie}
            board = f"/heures/site/{house.site_slug}"
            pages = {"member": "/heures", "board": board, "today": f"{board}/aujourd-hui"}
            for name, path in pages.items():
                key = f"{name}_{months}"
                subjects[key] = Subject(key, port, path, cookie)
        measure(list(subjects.values()), rounds=9, requests=8)
        _tell(ours, floor)
        young, old = MONTHS
        growth = {
            f"{name}_growth": subjects[f"{name}_{old}"].cost / subjects[f"{name}_{young}"].cost
            for name in ("member", "board", "today")
        }
        ratio = statistics.median(ours) / statistics.median(floor)
        report("hours", list(subjects.values()), {**growth, "close_vs_sql_floor": ratio})


def _tell(ours: list[float], floor: list[float]) -> None:
    print(f"{'closing a month':<24}{'s':>12}{'us/member':>12}")
    for name, times in (("product", ours), ("plain SQL", floor)):
        middle = statistics.median(times)
        print(f"{name:<24}{middle:>12.3f}{middle / MEMBERS * 1e6:>12.1f}")


def _closings(house: Hours, folder: Path) -> tuple[list[float], list[float]]:
    """Seconds that a closing takes: the product's, and plain SQL's; a fresh copy each time."""
    ours, floor = [], []
    with closed_after(sqlite3.connect(house.database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for number in range(ROUNDS):
        copies = [folder / f"{number}-{way}" for way in ("ours", "floor")]
        for copy in copies:
            shutil.copytree(house.filled.instance, copy)
        ours.append(_product(copies[0], house.closing_id))
        floor.append(_plain(copies[1] / house.database.name, house.closing_id))
        told = [_count(copy / house.database.name) for copy in copies]
        assert told[0] == told[1], "both must write the same lines"
        for copy in copies:
            shutil.rmtree(copy)
    return ours, floor


def _product(instance: Path, period_id: int) -> float:
    app = create_app(Settings.load(instance, {}))
    with app.app_context():
        begun = time.perf_counter()
        closing.close(period_id, now=utcnow())
        took = time.perf_counter() - begun
        db.session.remove()
        db.engine.dispose()
    return took


def _count(database: Path) -> list[tuple[str, int, int]]:
    """How many lines of each kind, and their sums: what both ways of closing must agree on."""
    with closed_after(sqlite3.connect(database)) as connection:
        return connection.execute(
            "SELECT kind, sum(minutes), CASE kind WHEN 'POOL' THEN 0 ELSE count(*) END "
            "FROM commitments_ledger GROUP BY kind ORDER BY kind"
        ).fetchall()


def _plain(database: Path, period_id: int) -> float:
    """The floor: the same rows in one transaction of two statements, under the same guards."""
    connection = sqlite3.connect(database, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-20000"):
        connection.execute(f"PRAGMA {pragma}")
    values = {"period": period_id, "now": f"{utcnow():%Y-%m-%d %H:%M:%S.%f}", "grouped": 1}
    begun = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(
        "INSERT INTO commitments_group (id, kind, key, balance, reason, made_at) "
        "VALUES (1, 'pool', 'floor', 0, '', ?)",
        (values["now"],),
    )
    connection.execute(FLOOR_LINES, values)
    connection.execute(FLOOR_SUMS, values)
    connection.execute(
        "UPDATE commitments_period SET state = 'closed', closed_at = ? WHERE id = ?",
        (values["now"], period_id),
    )
    connection.execute("COMMIT")
    took = time.perf_counter() - begun
    connection.close()
    return took


if __name__ == "__main__":
    main()
