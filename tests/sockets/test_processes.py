"""Two processes on PostgreSQL with Redis as the doorbell: one chat, and Redis may die."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import redis
import requests

from incubator.network.accounts.queries import account_of
from tests import factories_chat as chat
from tests import factories_rooms as fr
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


def told(client: real.Raw, what: str) -> list[dict[str, Any]]:
    """What was told in passing, of one kind."""
    return [payload[what] for payload in client.heard("eph") if what in payload]


def test_who_writes_and_who_is_there_cross_from_process_to_process(pair: Pair) -> None:
    hers, his = pair.enter(0), pair.enter(1)
    me, him = pair.people
    assert his.ask("see", {"people": [me]}) == {"people": {}}
    hers.ask("presence", {"state": "active"})
    hers.ask("typing", {"room": pair.room, "on": True})
    (note,) = real.until(lambda: told(his, "typing"), what="who writes")
    assert (note["by"], note["room"], note["on"]) == (me, pair.room, True)
    # Two batches of ten seconds: of the process that has the heartbeat, of the one that shows it.
    real.until(lambda: {str(me): "online"} in told(his, "people"), what="who is there")
    hers.ask("presence", {"state": "idle"})
    real.until(lambda: {str(me): "away"} in told(his, "people"), what="who is idle")
    # Redis is a bell: without it the chat goes on, and what is told in passing stays at home.
    pair.redis.kill()
    pair.redis.wait()
    assert hers.ask("typing", {"room": pair.room, "on": False}) == {"ok": True}
    arrives(his, say(hers, pair.room))
    assert told(hers, "typing") == []
    assert his.ask("see", {"people": [him]}) == {"people": {}}
    hers.close()
    his.close()


def remove_and_listen(pair: Pair, room: int, hers: real.Raw, his: real.Raw) -> None:
    """He is taken out of a room and hears nothing of it; then he is let in again."""
    with pair.net.inside():
        one, other = (account_of(each) for each in pair.people)
        assert one
        assert other
        fr.remove(pair.net.make, one, room, other)
    gone = {"room": room, "seated": False}
    arrives(hers, say(hers, room))
    real.until(lambda: gone in his.heard("me"), what="he is told")
    last = max(event["seq"] for event in his.heard("ev"))
    answer = his.ask("send", {"room": room, "cid": chat.cid(), "md": "Encore"})
    assert answer
    assert answer["err"] == "gone"
    arrives(hers, say(hers, room))
    assert max(event["seq"] for event in his.heard("ev")) == last
    his.events.clear()
    with pair.net.inside():
        fr.invite(pair.net.make, one, room, other)
    assert "seq" in (his.ask("join", {"room": room}) or {})
    arrives(his, say(hers, room))


def test_who_is_taken_out_of_a_room_hears_nothing_more_in_any_process(pair: Pair) -> None:
    with pair.net.inside():
        one, other = (account_of(each) for each in pair.people)
        assert one
        assert other
        pair.room = room = fr.private(pair.net.make, one, other).id
    hers, his = pair.enter(0), pair.enter(1)
    arrives(his, say(hers, room))
    remove_and_listen(pair, room, hers, his)
    # Without its bell the other process learns it from the log of the room itself.
    pair.redis.kill()
    pair.redis.wait()
    remove_and_listen(pair, room, hers, his)
    hers.close()
    his.close()
