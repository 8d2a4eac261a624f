"""Two processes on PostgreSQL with Redis as the doorbell: one chat, and Redis may die."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import redis
import requests

from tests import factories_chat as chat
from tests.not_run import not_run
from tests.services import installed
from tests.sockets import real

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.postgres]


@contextmanager
def own_redis(folder: Path, port: int) -> Generator[subprocess.Popen[bytes]]:
    """A Redis of this test's own, that it may kill."""
    program = installed(("redis-server",))
    if program is None:
        not_run("the tests that kill a Redis", "install redis-server")
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with subprocess.Popen([program, *options], stdout=subprocess.DEVNULL) as process:
        client = redis.Redis(port=port)

        def answers() -> bool:
            try:
                return bool(client.ping())
            except redis.ConnectionError:
                return False

        try:
            real.until(answers, what="Redis answers")
            client.close()
            yield process
        finally:
            process.kill()


@dataclass
class Pair:
    """Two servers on one database."""

    net: real.Network
    ports: tuple[int, int]
    redis: subprocess.Popen[bytes]
    people: list[int]
    room: int

    def enter(self, which: int) -> real.Raw:
        """The client of one person, on one of the servers."""
        cookie = self.net.cookie(self.people[which])
        client = real.Raw(self.ports[which], cookie, base=self.ports[0]).connect()
        assert client.ask("join", {"room": self.room})
        return client


@pytest.fixture
def pair(tmp_path: Path, postgres_url: str) -> Iterator[Pair]:
    first, second, third = (real.free_port() for _ in range(3))
    bell = f"redis://127.0.0.1:{third}"
    with own_redis(tmp_path, third) as broker, real.network(tmp_path, postgres_url, first) as net:
        with net.inside():
            lyon = net.make.site("Lyon")
            people = [net.make.member(lyon).id for _ in range(2)]
            room = chat.room_of(lyon)
        with (
            real.server(net, first, redis_url=bell),
            real.server(net, second, redis_url=bell, base=first),
        ):
            yield Pair(net, (first, second), broker, people, room)


def say(client: real.Raw, room: int) -> int:
    ack = client.ask("send", {"room": room, "cid": chat.cid(), "md": "Bonjour"})
    assert ack
    assert "seq" in ack, ack
    return int(ack["seq"])


def arrives(client: real.Raw, seq: int) -> None:
    real.until(lambda: [e for e in client.heard("ev") if e["seq"] == seq], what=f"event {seq}")


def test_a_message_crosses_from_process_to_process_even_without_redis(pair: Pair) -> None:
    hers, his = pair.enter(0), pair.enter(1)
    arrives(his, say(hers, pair.room))
    pair.redis.kill()
    pair.redis.wait()
    for _ in range(3):
        arrives(his, say(hers, pair.room))
        arrives(hers, say(his, pair.room))
    seqs = [event["seq"] for event in his.heard("ev")]
    assert seqs == sorted(set(seqs)) == list(range(1, 8))
    hers.close()
    his.close()


def test_a_session_that_ends_is_hung_up_on_by_every_process(pair: Pair) -> None:
    hers, his = pair.enter(0), pair.enter(1)
    cookie = his.cookie
    with pair.net.app.test_request_context():
        path = pair.net.app.url_for("auth.sign_out", _external=False)
    # Signed out at the other process.
    answer = requests.post(
        f"http://127.0.0.1:{pair.ports[0]}{path}",
        data={"csrf_token": real.csrf()},
        headers={"Cookie": cookie},
        allow_redirects=False,
        timeout=real.PATIENCE,
    )
    assert answer.status_code == 303
    real.until(lambda: not his.open, what="the socket closes")
    assert hers.open
    hers.close()
    his.close()
