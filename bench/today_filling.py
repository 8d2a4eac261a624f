"""A network that has talked for years: messages and visits, written in bulk by SQL.

What one member sees of a day is the same at every size: who is on site, what is unread, hours to
confirm, questions for them. What lies behind it grows.
"""

from __future__ import annotations

import itertools
import random
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bench.bulk import hurry, in_bulk
from bench.filling import FIRST, SYLLABLES, Filled, fill
from incubator.app import create_app
from incubator.kernel.db import db, utcnow
from incubator.kernel.fulltext import number_of, tokens_of
from incubator.kernel.settings import Settings
from incubator.network.accounts.models import Account

BATCH = 20_000
TEXTS = 4_000
WORDS = 12
# One message in five is about invoices.
TOPICS = ("facture", "assurance", "atelier", "vitrine", "livraison")
HERE, UNREAD, TO_CONFIRM = 12, 5, 3
TALKED = ("chat_message", "chat_event", "chat_document", "chat_seat")
DAYS = ("commitments_session", "members_whereabouts", "commitments_contribution")
MESSAGES = """
INSERT INTO chat_message (id, room_id, no, seq, author_id, cid, body_md, body_html, at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
EVENTS = """
INSERT INTO chat_event (room_id, seq, kind, message_id, actor_id, data, at)
VALUES (?, ?, 'msg', ?, ?, '{}', ?)
"""
DOCUMENTS = "INSERT INTO chat_document (id, message_id, tokens) VALUES (?, ?, ?)"
HEADS = """
UPDATE chat_room SET
  seq = coalesce((SELECT max(seq) FROM chat_event AS e WHERE e.room_id = chat_room.id), seq),
  msg_no = coalesce((SELECT max(no) FROM chat_message AS m WHERE m.room_id = chat_room.id), 0)
"""
SEATS = """
INSERT OR IGNORE INTO chat_seat (room_id, member_id, read_no, involvement, joined_at)
SELECT r.id, m.id, r.msg_no, 'all', r.created_at FROM chat_room AS r, members_member AS m
WHERE r.kind = 'network' OR r.site_id = m.home_site_id
"""
VISITS = """
INSERT INTO commitments_session
  (member_id, site_id, kind, day, started_at, ended_at, state, source, end_source, rev, flags)
SELECT m.id, m.home_site_id, 'coworking', :day, :day || ' 08:00:00.000000',
  :day || ' 11:00:00.000000', 'counted', 'web', 'out', 1, ''
FROM members_member AS m WHERE m.home_site_id IS NOT NULL
"""
WHEREABOUTS = """
INSERT OR REPLACE INTO members_whereabouts (member_id, site_id, since, until, usual, awaited)
SELECT id, home_site_id, :since, :until, 0, 1 FROM members_member
WHERE home_site_id = (SELECT home_site_id FROM members_member WHERE id = :reader)
  AND id <> :reader ORDER BY id LIMIT :most
"""
TO_DECIDE = """
INSERT INTO commitments_contribution
  (giver_id, receiver_id, kind, day, minutes, home_site_id, state, note, evidence, flags,
   declared_at, declared_by_id, reason, appeal, once)
SELECT id, :reader, 'mentoring', :day, 60, home_site_id, 'declared', 'Une heure', '', '', :now, id,
  '', '', 'bench-' || id
FROM members_member WHERE id <> :reader ORDER BY id LIMIT :most
"""
OFFERS = """
INSERT OR IGNORE INTO members_member_skill (member_id, skill_id, wanted, level, position)
VALUES (:reader, 7, 0, 2, 0)
"""


@dataclass(frozen=True)
class House:
    """An installation, how many events it holds and how many documents are searched."""

    filled: Filled
    events: int
    documents: int


def fill_house(instance: Path, *, members: int, messages: int) -> House:
    """So many members, a visit each, and so many messages in the rooms of network and sites."""
    filled = fill(instance, members=members)
    app = create_app(Settings.load(instance, {}))
    with app.app_context():
        reader_id = db.session.scalars(select(Account.id)).one()
        database = str(db.engine.url.database)
        db.session.remove()
        db.engine.dispose()
    connection = sqlite3.connect(database)
    hurry(connection)
    # Without a journal nothing is written twice; the server goes back to its own.
    connection.execute("PRAGMA journal_mode=OFF")
    with in_bulk(connection, *TALKED):
        _talk(connection, members=members, messages=messages)
    with in_bulk(connection, *DAYS):
        _day(connection, reader_id)
    connection.commit()
    connection.execute("ANALYZE")
    connection.commit()
    events = _count(connection, "chat_event", "commitments_session", "help_answer", "help_question")
    documents = _count(connection, "chat_document", "members_document")
    connection.close()
    return House(filled, events, documents)


def _count(connection: sqlite3.Connection, *tables: str) -> int:
    return sum(
        int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - ours
        for table in tables
    )


def _texts() -> list[str]:
    """Sentences as people write them: few words often, many words seldom."""
    texts = []
    for number in range(TEXTS):
        dice = random.Random(number)
        said = [int(dice.paretovariate(0.7)) % 20_000 for _ in range(WORDS)]
        texts.append(" ".join([TOPICS[number % len(TOPICS)], *map(_word, said)]))
    return texts


def _word(number: int) -> str:
    digits = [number // len(SYLLABLES) ** place % len(SYLLABLES) for place in range(4)]
    return "".join(SYLLABLES[digit] for digit in digits)


def _talk(connection: sqlite3.Connection, *, members: int, messages: int) -> None:
    rooms = connection.execute("SELECT id, seq, msg_no FROM chat_room ORDER BY id").fetchall()
    texts = _texts()
    tokens = {
        (room_id, number): tokens_of((text,), (f"_c{room_id}",), names=0)
        for room_id, _seq, _no in rooms
        for number, text in enumerate(texts)
    }
    said = _said(rooms, members=members, messages=messages)
    while batch := list(itertools.islice(said, BATCH)):
        connection.executemany(MESSAGES, [_message(line, texts) for line in batch])
        connection.executemany(EVENTS, [(r, seq, n, who, at) for n, r, _no, seq, who, at in batch])
        connection.executemany(
            DOCUMENTS,
            [(number_of(n), n, tokens[room, n % TEXTS]) for n, room, *_rest in batch],
        )
    connection.execute(HEADS)
    connection.execute("DELETE FROM chat_indexed")
    connection.execute("INSERT INTO chat_indexed (room_id, seq) SELECT id, seq FROM chat_room")
    connection.execute(SEATS)


def _said(
    rooms: list[tuple[int, int, int]], *, members: int, messages: int
) -> Iterator[tuple[int, int, int, int, int, str]]:
    """Number, room, number in it, place in its log, author and time of each message."""
    begun = utcnow() - timedelta(days=700)
    step = timedelta(days=699) / messages
    for number in range(messages):
        room_id, seq, no = rooms[number % len(rooms)]
        turn = number // len(rooms) + 1
        at = _stamp(begun + number * step)
        yield number + 1, room_id, no + turn, seq + turn, FIRST + number % members, at


def _message(line: tuple[int, int, int, int, int, str], texts: list[str]) -> tuple[Any, ...]:
    number, room_id, no, seq, author_id, at = line
    text = texts[number % TEXTS]
    return number, room_id, no, seq, author_id, f"bench-{number}", text, f"<p>{text}</p>", at


def _stamp(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M:%S.%f}"


def _day(connection: sqlite3.Connection, reader_id: int) -> None:
    """What the reader sees: the same at every size."""
    now = utcnow()
    values = {
        "reader": reader_id,
        "day": str(now.date()),
        "now": _stamp(now),
        "since": _stamp(now - timedelta(hours=1)),
        "until": _stamp(now + timedelta(hours=9)),
    }
    connection.execute(VISITS, values | {"day": str(now.date() - timedelta(days=3))})
    connection.execute(WHEREABOUTS, values | {"most": HERE})
    connection.execute(TO_DECIDE, values | {"most": TO_CONFIRM})
    connection.execute(OFFERS, values)
    connection.execute(
        "UPDATE chat_seat SET read_no = max(0, read_no - ?) WHERE member_id = ?",
        (UNREAD, reader_id),
    )
