"""Redis as a queue of messages, the stock way: what it loses, and what it holds up."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests import factories_chat as chat
from tests.sockets import real, stock
from tests.sockets.test_hazards import signed_in
from tests.sockets.test_processes import own_redis

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from contextlib import AbstractContextManager
    from pathlib import Path

    Side = Callable[[Path, str], AbstractContextManager[tuple[real.Raw, int]]]

pytestmark = pytest.mark.slow


@contextmanager
def ours(folder: Path, bell: str) -> Generator[tuple[real.Raw, int]]:
    """A client of our server, whose bell is this Redis, and its room."""
    port = real.free_port()
    with real.network(folder, f"sqlite:///{folder}/chat.db", port) as net:
        with net.inside():
            lyon = net.make.site("Lyon")
            member, room = net.make.member(lyon).id, chat.room_of(lyon)
        with real.server(net, port, redis_url=bell):
            yield real.Raw(port, net.cookie(member)), room


@contextmanager
def theirs(folder: Path, bell: str) -> Generator[tuple[real.Raw, int]]:
    """The same of the stock server, whose queue it is."""
    with stock.server(folder, bell=bell) as server:
        yield real.Raw(server.port, signed_in(server.port)), 1


@pytest.mark.parametrize("side", [ours, theirs])
def test_a_frozen_redis_does_not_keep_back_the_answer(tmp_path: Path, side: Side) -> None:
    port = real.free_port()
    with own_redis(tmp_path, port) as redis, side(tmp_path, f"redis://127.0.0.1:{port}") as at:
        client, room = at
        client.connect()
        words = {"room": room, "cid": chat.cid(), "md": "Avant"}
        assert client.ask("send", words)
        redis.send_signal(signal.SIGSTOP)
        # Of theirs none is expected.
        patience = 4 if side is theirs else real.PATIENCE
        told = client.ask("send", {**words, "cid": chat.cid(), "md": "Pendant"}, patience)
        redis.send_signal(signal.SIGCONT)
        assert (told is None) == (side is theirs)
        client.close()


def test_the_stock_queue_loses_what_was_acknowledged_while_redis_was_away(tmp_path: Path) -> None:
    """Ours is tried in test_processes: every message crosses without Redis."""
    port = real.free_port()
    bell = f"redis://127.0.0.1:{port}"
    with (
        own_redis(tmp_path, port) as redis,
        stock.server(tmp_path, bell=bell) as one,
        stock.server(tmp_path, bell=bell) as two,
    ):
        hers, his = (real.Raw(each.port, signed_in(each.port)).connect() for each in (one, two))

        def say(md: str) -> None:
            assert hers.ask("send", {"md": md}, real.PATIENCE)

        def heard() -> list[str]:
            return [event["md"] for event in his.heard("ev")]

        say("avant")
        real.until(lambda: heard() == ["avant"])
        redis.kill()
        redis.wait()
        say("pendant")
        with own_redis(tmp_path, port):

            def again() -> bool:
                say("après")
                return "après" in heard()

            real.until(again, 90, "they hear each other again")
            assert "pendant" not in heard()
        hers.close()
        his.close()
