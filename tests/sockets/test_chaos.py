"""Workers die at any moment: nothing acknowledged is lost, doubled or out of order."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from incubator.domain.chat.models import Entry, Message
from incubator.kernel.db import db
from tests import factories_chat as chat
from tests.sockets import real

if TYPE_CHECKING:
    from pathlib import Path

KILLS = 3
TALK = 8
CLIENTS = 6


@dataclass
class Person:
    """A client as the page's scripts behave: one message in flight, the same cid until told."""

    raw: real.Raw
    room: int
    last: int = 0
    shown: dict[int, int] = field(default_factory=dict)
    acked: set[str] = field(default_factory=set)
    done: threading.Event = field(default_factory=threading.Event)
    read: int = 0

    def run(self, over: threading.Event) -> None:
        key, count = chat.cid(), 0
        while not over.is_set():
            if not self.raw.open and not self.come_back():
                continue
            answer = self.raw.ask("send", {"room": self.room, "cid": key, "md": f"n {count}"}, 2)
            self.apply()
            if answer and "seq" in answer:
                self.acked.add(key)
                key, count = chat.cid(), count + 1
            self.done.wait((answer or {}).get("retry_after", 0.1 + secrets.randbelow(300) / 1000))

    def come_back(self) -> bool:
        """Connect, join, then ask what was missed."""
        try:
            self.raw.connect()
        except (OSError, real.websocket.WebSocketException, AssertionError):
            self.done.wait(0.2)
            return False
        return bool(self.raw.ask("join", {"room": self.room}, 2)) and self.catch_up()

    def catch_up(self) -> bool:
        more = True
        while more:
            answer = self.raw.ask("sync", {"rooms": {str(self.room): self.last}}, 3)
            if not answer or "rooms" not in answer:
                return False
            told = answer["rooms"][str(self.room)]
            for event in told["events"]:
                self.take(event)
            more = told["more"]
        return True

    def apply(self) -> None:
        events = self.raw.events[self.read :]
        self.read += len(events)
        for name, event in events:
            if name == "ev":
                self.take(event)

    def take(self, event: dict[str, Any]) -> None:
        """Next in the row, or known, or a gap to be asked for."""
        if event["seq"] == self.last + 1:
            self.last += 1
            self.shown[self.last] = event["id"]
        elif event["seq"] > self.last + 1:
            self.catch_up()


@pytest.mark.slow
def test_killed_workers_lose_and_double_nothing(tmp_path: Path) -> None:
    port = real.free_port()
    with real.network(tmp_path, f"sqlite:///{tmp_path}/chat.db", port) as net:
        with net.inside():
            lyon = net.make.site("Lyon")
            members = [net.make.member(lyon).id for _ in range(CLIENTS)]
            room = chat.room_of(lyon)
        with real.server(net, port) as server:
            people = [Person(real.Raw(port, net.cookie(one)), room) for one in members]
            torment(server, people)
            real.until(server.answers)
            for person in people:
                person.raw.close()
                real.until(person.come_back, what="everybody comes back")
                person.raw.close()
        judge(net, people, room)


def torment(server: real.Server, people: list[Person]) -> None:
    """Everybody talks; each time they got a word in, the worker is killed."""
    over = threading.Event()
    threads = [threading.Thread(target=person.run, args=(over,)) for person in people]
    for thread in threads:
        thread.start()
    try:
        for _ in range(KILLS):
            talk(people)
            server.kill_worker()
        talk(people)
    finally:
        over.set()
        for thread in threads:
            thread.join(real.PATIENCE)


def talk(people: list[Person]) -> None:
    """Wait until some more messages were acknowledged."""
    enough = sum(len(person.acked) for person in people) + TALK
    real.until(lambda: sum(len(person.acked) for person in people) >= enough, 90, "people talk")


def judge(net: real.Network, people: list[Person], room: int) -> None:
    with net.inside():
        log = db.session.execute(
            select(Entry.seq, Entry.message_id).where(Entry.room_id == room).order_by(Entry.seq)
        ).all()
        stored = list(db.session.scalars(select(Message.cid)))
    acked = [key for person in people for key in person.acked]
    assert len(acked) >= TALK * (KILLS + 1)
    assert [seq for seq, _ in log] == list(range(1, len(log) + 1))
    assert len(stored) == len(set(stored))
    assert set(acked) <= set(stored)
    for person in people:
        assert list(person.shown.items()) == [(seq, message) for seq, message in log]
