"""``make bench-exchanges``: what moving mutual credit costs, and reading a long account.

Posts by the product's own code (rights, refusals, log of acts, one commit each) against the same
rows written by plain SQL under the same triggers, in turns on one database; and a statement of a
firm with 100,000 entries against one with 1,000, page by page and for a period (CSV and PDF).
Then all rings of trade of ``bench/rings.py``, the netting of ``bench/netting.py``, and a whole
round of ``bench/rounds.py``.
"""

from __future__ import annotations

import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from sqlalchemy import insert

from bench import netting, rings, rounds
from incubator.app import create_app
from incubator.domain.exchanges.ledger import accounts, posting, statements, switch, verifying
from incubator.domain.exchanges.ledger.limits import change_limits
from incubator.domain.exchanges.ledger.rules import Part, limits_of, link_hash
from incubator.domain.exchanges.ledger.writing import Draft
from incubator.kernel import schema
from incubator.kernel.db import db, transaction
from incubator.kernel.keyset import Cursor
from incubator.kernel.settings import Settings
from incubator.network.accounts import commands as people
from incubator.network.accounts.queries import account_of, actor_of
from incubator.network.members.actor import Actor
from incubator.network.members.firm_models import Firm, FirmRole

FIRMS = 200
SHORT, LONG = 1_000, 100_000
POSTS, ROUNDS, READS, PAGE = 100, 9, 30, 50
LINE = 9_000_000_00
NOW = datetime(2026, 11, 12, 9, 41, tzinfo=UTC)
AT = "2026-11-12 09:41:00.000000"
KEYS = count(1)
MEMORY = Path("/dev/shm")  # noqa: S108 - we make a folder of our own
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-20000")
OPEN = """
INSERT INTO exchanges_txn (kind, idem, size, source_type, reason, at, sealed)
VALUES ('settle', ?, 2, '', '', ?, 0)
"""
ENTRY = """
INSERT INTO exchanges_entry (txn_id, account_id, amount, no, balance_after) VALUES (?, ?, ?, ?, ?)
"""
SEAL = "UPDATE exchanges_txn SET sealed = 1, link = ?, prev_hash = ?, hash = ? WHERE id = ?"


@dataclass
class House:
    """A network whose firms trade: their accounts, and an administrator who works in each."""

    database: Path
    actor: Actor
    firms: list[int]
    accounts: list[int]


def main() -> None:
    """Post in turns, on a disk and in memory; fill, read in turns, prove the chain, report."""
    with tempfile.TemporaryDirectory() as folder, _house(Path(folder)) as house:
        ours, floor = _posts(house)
        with _plain(house.database) as connection:
            _fill(connection, house)
        short, long = _reads(house)
        brief, full = _periods(house)
        begun = time.perf_counter()
        assert verifying.verify() == []
        proven = time.perf_counter() - begun
    times = {
        "post": ours,
        "post_plain_sql": floor,
        f"statement_{SHORT}": short,
        f"statement_{LONG}": long,
        f"period_{SHORT}": brief,
        f"period_{LONG}": full,
    }
    if MEMORY.is_dir():
        # Without the disk, whose wait is the same for both.
        with tempfile.TemporaryDirectory(dir=MEMORY) as folder, _house(Path(folder)) as house:
            times["post_in_memory"], times["plain_in_memory"] = _posts(house)
    _report({name: statistics.median(one) for name, one in times.items()}, proven)


@contextmanager
def _house(folder: Path) -> Iterator[House]:
    """An application on a new database, with firms that trade."""
    app = create_app(Settings.load(folder, {}))
    with app.app_context():
        schema.upgrade(db.engine)
        house = _furnished(folder / "incubator.db")
        db.session.remove()
        yield house
        db.session.remove()
        db.engine.dispose()


def _furnished(database: Path) -> House:
    newcomer = people.Newcomer(
        name="Camille Roy",
        email="camille@example.org",
        roles=[("administrator", None)],
        password=None,
        time_zone="Europe/Paris",
    )
    with transaction():
        member_id = people.admit(None, newcomer, now=NOW).id
    account = account_of(member_id)
    assert account
    actor = actor_of(account)
    with transaction():
        switch.switch(actor, turned_on=True, text_read="Read.", now=NOW)
        firms = [
            db.session.scalars(
                insert(Firm).values(slug=f"f{n}", name=f"F{n}").returning(Firm.id)
            ).one()
            for n in range(FIRMS)
        ]
        role = {"member_id": member_id, "since_on": NOW.date(), "title": ""}
        db.session.execute(insert(FirmRole), [role | {"firm_id": one} for one in firms])
        made = [accounts.open_account(None, firm_id=one, now=NOW) for one in firms]
    with transaction():
        for one in made:
            change_limits(one, limits_of(LINE, upper=None), cause="growth", by_id=None, now=NOW)
    return House(database, actor, firms, made)


@contextmanager
def _plain(database: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        yield connection


def _posts(house: House) -> tuple[list[float], list[float]]:
    """Seconds a post takes: the product's, and plain SQL's; in turns, after a warm-up."""
    ours, floor = [], []
    for number in range(ROUNDS + 1):
        took = _timed(lambda: [_product(house, n) for n in range(POSTS)])
        db.session.remove()
        with _plain(house.database) as connection:
            bare = _timed(lambda c=connection: [_bare(c, house, n) for n in range(POSTS)])
        if number:
            ours.append(took / POSTS)
            floor.append(bare / POSTS)
    return ours, floor


def _timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _pair(house: House, number: int) -> tuple[int, int]:
    return house.accounts[2 + number % (FIRMS - 3)], house.accounts[3 + number % (FIRMS - 3)]


def _product(house: House, number: int) -> None:
    giver, receiver = _pair(house, number)
    with transaction():
        posting.post(
            house.actor,
            Draft(
                kind="settle",
                amounts={giver: 12_34, receiver: -12_34},
                idem=f"bench:{next(KEYS)}",
            ),
            now=NOW,
        )


def _bare(connection: sqlite3.Connection, house: House, number: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    _moves(connection, *_pair(house, number))
    connection.execute("COMMIT")


def _moves(connection: sqlite3.Connection, giver: int, receiver: int) -> None:
    """The floor: the same rows and the same link, under the same triggers, and nothing else."""
    key = f"bench:{next(KEYS)}"
    length, before = connection.execute("SELECT length, hash FROM exchanges_head").fetchone()
    txn = connection.execute(OPEN, (key, AT)).lastrowid
    parts = []
    for one, cents in ((giver, 12_34), (receiver, -12_34)):
        entries, balance = connection.execute(
            "SELECT entries, balance FROM exchanges_account WHERE id = ?", (one,)
        ).fetchone()
        parts.append(Part(one, cents, entries + 1, balance + cents))
        connection.execute(ENTRY, (txn, one, cents, entries + 1, balance + cents))
    said = {
        "id": txn, "kind": "settle", "idem": key, "size": 2, "reverses_id": None,
        "source_type": "", "source_id": None, "reason": "", "by_id": None, "second_by_id": None,
        "over_limit_by_id": None, "at": NOW, "link": length + 1,
    }  # fmt: skip
    connection.execute(SEAL, (length + 1, before, link_hash(before, said, parts), txn))


def _fill(connection: sqlite3.Connection, house: House) -> None:
    """A thousand entries for the first firm and a hundred thousand for the second."""
    connection.execute("BEGIN IMMEDIATE")
    for who, entries in ((0, SHORT), (1, LONG)):
        for number in range(entries):
            _moves(connection, house.accounts[who], house.accounts[2 + number % (FIRMS - 2)])
    connection.execute("COMMIT")
    connection.execute("PRAGMA optimize")


def _reads(house: House) -> tuple[list[float], list[float]]:
    """Seconds that three pages take, of the short account and of the long one; in turns."""
    short: list[float] = []
    long: list[float] = []
    for number in range(ROUNDS + 1):
        for firm_id, times in ((house.firms[0], short), (house.firms[1], long)):
            took = _timed(lambda f=firm_id: [_three_pages(house, f) for _ in range(READS)])
            if number:
                times.append(took / READS)
    return short, long


def _periods(house: House) -> tuple[list[float], list[float]]:
    """Seconds that the statement of a day takes, as ``_reads`` those of the pages."""
    short: list[float] = []
    long: list[float] = []
    for number in range(ROUNDS + 1):
        for firm_id, times in ((house.firms[0], short), (house.firms[1], long)):
            took = _timed(lambda f=firm_id: [_a_day(house, f) for _ in range(READS)])
            if number:
                times.append(took / READS)
    return short, long


def _a_day(house: House, firm_id: int) -> None:
    """A day after all entries: what it costs is what its opening balance costs."""
    day = timedelta(days=1)
    found = statements.period(
        house.actor, firm_id=firm_id, first=NOW + day, until=NOW + 2 * day, today=NOW.date()
    )
    assert found.opening == found.closing
    db.session.rollback()


def _three_pages(house: House, firm_id: int) -> None:
    after = None
    for _ in range(3):
        found = statements.statement(
            house.actor, firm_id=firm_id, cursor=Cursor(after=after, size=PAGE), today=NOW.date()
        )
        assert len(found.lines.rows) == PAGE
        after = found.lines.next
    db.session.rollback()


def _netting() -> float:
    """The share of 100,000 debts that the best solver here clears; all figures, told."""
    found = _told(netting.measure())
    return found.get("optimum_share", found["circles_share"])


def _round() -> float:
    """Seconds that a whole round of these debts takes; each step, told."""
    return _told(rounds.measure())["round_end_to_end_s"]


def _told(figures: dict[str, float]) -> dict[str, float]:
    for name, figure in figures.items():
        print(f"{name:<28}{figure:>10.3f}")
    return figures


def _rings() -> float:
    """Seconds that all rings among 10,000 firms take, the middle of three; what they are, told."""
    found = sorted((rings.measure() for _ in range(3)), key=lambda each: each.all_s)[1]
    rings.report(found)
    return found.all_s


def _report(middle: dict[str, float], proven: float) -> None:
    """Times and ratios; the last line is JSON."""
    for name, seconds in middle.items():
        print(f"{name:<24}{seconds * 1000:>10.3f} ms{1 / seconds:>10.0f}/s")
    links = LONG + SHORT + 2 * POSTS * (ROUNDS + 1)
    print(f"{'verify':<24}{proven:>10.2f} s for {links} links")
    ratios = {
        "posts_vs_sql_floor": middle["post"] / middle["post_plain_sql"],
        "statement_growth": middle[f"statement_{LONG}"] / middle[f"statement_{SHORT}"],
        "period_growth": middle[f"period_{LONG}"] / middle[f"period_{SHORT}"],
    }
    if "post_in_memory" in middle:
        ratios["posts_vs_sql_floor_in_memory"] = (
            middle["post_in_memory"] / middle["plain_in_memory"]
        )
    for name, ratio in ratios.items():
        print(f"{name:<40}{ratio:>8.2f}")
    print(
        json.dumps(
            {
                "bench": "exchanges",
                "ratios": {name: round(ratio, 3) for name, ratio in ratios.items()},
                "rings_10000_firms_s": round(_rings(), 3),
                "netting_share": round(_netting(), 4),
                "round_end_to_end_s": round(_round(), 1),
                "figures": {name: round(one * 1000, 3) for name, one in middle.items()},
            }
        )
    )


if __name__ == "__main__":
    main()
