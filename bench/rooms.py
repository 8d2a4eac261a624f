"""``make bench-rooms``: saying and reading in rooms of a million messages and of a hundred.

Both rooms lie in one database on a disk, hold the same two people and take turns; the product's
own commands say (one commit each) and read the last page. The ratios are the large room's median
against the small one's.
"""

from __future__ import annotations

import json
import sqlite3
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import NamedTuple

from bench.bulk import hurry, in_bulk
from bench.chat_filling import fill_kitchen
from incubator.app import create_app
from incubator.domain.chat import commands, queries, rooms
from incubator.domain.chat.membership import invite
from incubator.kernel.db import db, transaction
from incubator.kernel.settings import Settings
from incubator.network.accounts.queries import account_of, actor_of
from incubator.network.members.actor import Actor

SMALL, LARGE = 100, 1_000_000
ROUNDS, EACH = 15, 10
NOW = datetime(2026, 11, 12, 9, 41, tzinfo=UTC)
AT = "2026-11-12 09:41:00.000000"
MINUTES = count(1)
SAID = "On se retrouve devant l’atelier à midi, avec les chaises."
MESSAGES = """
INSERT INTO chat_message (id, room_id, no, seq, author_id, cid, body_md, body_html, at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
ENTRIES = """
INSERT INTO chat_event (room_id, seq, kind, message_id, actor_id, data, at)
VALUES (?, ?, 'msg', ?, ?, '{}', ?)
"""


class Place(NamedTuple):
    """A room to fill: how many messages, the head of its log, who says them."""

    room_id: int
    size: int
    head: int
    speaker_id: int

    def number(self, no: int) -> int:
        """The id of a message, apart from those of other rooms."""
        return self.room_id * LARGE * 10 + no


def main() -> None:
    """Fill two rooms, say and read in turns, report."""
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder) / "instance"
        fill_kitchen(instance, 2)
        app = create_app(Settings.load(instance, {}))
        with app.app_context():
            speaker, other = (_actor(number) for number in (1, 2))
            ids = [_room(speaker, other, name) for name in ("Peu", "Beaucoup")]
            db.session.remove()
            with closing(sqlite3.connect(instance / "incubator.db")) as connection:
                _fill(connection, dict(zip(ids, (SMALL, LARGE), strict=True)), speaker.id)
            said = _in_turns(ids, lambda room_id: _say(speaker, room_id))
            read = _in_turns(ids, lambda room_id: _read(other, room_id))
    _report(said, read)


def _actor(number: int) -> Actor:
    account = account_of(number)
    assert account
    return actor_of(account)


def _room(speaker: Actor, other: Actor, name: str) -> int:
    with transaction():
        room = rooms.open_topic(speaker, name=name, once=uuid.uuid4().hex, now=NOW, private=True)
        invite(speaker, room.id, other.id, whole=True, now=NOW)
    return room.id


def _fill(connection: sqlite3.Connection, sizes: dict[int, int], speaker_id: int) -> None:
    """So many messages by room, as plain rows, their log and the heads that count them."""
    hurry(connection)
    heads = dict(connection.execute("SELECT id, seq FROM chat_room").fetchall())
    with in_bulk(connection, "chat_message", "chat_event"):
        for room_id, size in sizes.items():
            place = Place(room_id, size, heads[room_id], speaker_id)
            connection.executemany(MESSAGES, _messages(place))
            connection.executemany(ENTRIES, _entries(place))
            connection.execute(
                "UPDATE chat_room SET seq = seq + ?, msg_no = ? WHERE id = ?",
                (size, size, room_id),
            )
    connection.execute("ANALYZE")
    connection.commit()


def _messages(place: Place) -> Iterator[tuple[object, ...]]:
    for no in range(1, place.size + 1):
        cid = f"{place.room_id:08d}{no:024d}"
        told = (place.speaker_id, cid, SAID, f"<p>{SAID}</p>", AT)
        yield (place.number(no), place.room_id, no, place.head + no, *told)


def _entries(place: Place) -> Iterator[tuple[object, ...]]:
    for no in range(1, place.size + 1):
        yield (place.room_id, place.head + no, place.number(no), place.speaker_id, AT)


def _say(speaker: Actor, room_id: int) -> None:
    with transaction():
        # A minute after the last, so that nobody is asked to slow down.
        at = NOW + timedelta(minutes=next(MINUTES))
        commands.send(speaker, room_id, cid=uuid.uuid4().hex, text=SAID, now=at)


def _read(reader: Actor, room_id: int) -> None:
    found = queries.history(queries.visible_to(reader, room_id))
    assert len(found.messages) == queries.PAGE
    db.session.rollback()


def _in_turns(ids: list[int], act: Callable[[int], None]) -> list[float]:
    """The median seconds of an act in each room."""
    times: dict[int, list[float]] = {room_id: [] for room_id in ids}
    for _round in range(ROUNDS):
        for room_id in ids:
            begun = time.perf_counter()
            for _each in range(EACH):
                act(room_id)
            times[room_id].append((time.perf_counter() - begun) / EACH)
    return [statistics.median(times[room_id]) for room_id in ids]


def _report(said: list[float], read: list[float]) -> None:
    figures = {
        f"say_ms_{SMALL}": said[0],
        f"say_ms_{LARGE}": said[1],
        f"read_ms_{SMALL}": read[0],
        f"read_ms_{LARGE}": read[1],
    }
    for name, seconds in figures.items():
        print(f"{name:<24}{seconds * 1000:>8.2f} ms")
    ratios = {"send_growth": said[1] / said[0], "history_growth": read[1] / read[0]}
    told = {
        "bench": "rooms",
        "ratios": {name: round(value, 3) for name, value in ratios.items()},
        "figures": {name: round(value * 1000, 3) for name, value in figures.items()},
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
