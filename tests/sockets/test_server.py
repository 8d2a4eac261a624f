"""The production server itself: what the test client of Flask-SocketIO cannot show."""

from __future__ import annotations

import json
import socket as sockets
import struct
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import requests
import websocket
from sqlalchemy import func, select

from incubator import serve
from incubator.domain.chat.models import Message
from incubator.kernel.db import db
from incubator.reactions.live.fast import framing
from tests import factories_chat as chat
from tests.sockets import real
from tests.sockets.test_framing import sent

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow


@dataclass
class House:
    """One site with people and its room, on one server.

    ``fresh`` are people who act in one test alone: they have all their sockets and all their pace.
    """

    net: real.Network
    server: real.Server
    fatou: int
    hugo: int
    room: int
    crowd: list[int]
    fresh: Iterator[int]

    def enter(self, member_id: int) -> real.Raw:
        """A client that follows the room."""
        client = real.Raw(self.server.port, self.net.cookie(member_id)).connect()
        answer = client.ask("join", {"room": self.room})
        assert answer
        assert "seq" in answer
        return client

    def stored(self) -> int:
        with self.net.inside():
            return db.session.scalar(select(func.count(Message.id))) or 0


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder, port = tmp_path_factory.mktemp("house"), real.free_port()
    with real.network(folder, f"sqlite:///{folder}/chat.db", port) as net:
        with net.inside():
            lyon = net.make.site("Lyon")
            people = [net.make.member(lyon, name=name).id for name in ("Fatou", "Hugo")]
            crowd, fresh = ([net.make.member(lyon).id for _ in range(8)] for _ in range(2))
            room = chat.room_of(lyon)
        with real.server(net, port) as server:
            yield House(net, server, *people, room, crowd, iter(fresh))


def test_an_acknowledged_message_is_stored_and_live_elsewhere(house: House) -> None:
    hers, his = house.enter(next(house.fresh)), house.enter(next(house.fresh))
    before, key = house.stored(), chat.cid()
    ack = hers.ask("send", {"room": house.room, "cid": key, "md": "Mafé ce midi"})
    assert ack
    assert "seq" in ack
    assert house.stored() == before + 1
    real.until(lambda: [e for e in his.heard("ev") if e["seq"] == ack["seq"]])
    again = hers.ask("send", {"room": house.room, "cid": key, "md": "Mafé ce midi"})
    assert again
    assert (again["dup"], again["seq"]) == (True, ack["seq"])
    assert house.stored() == before + 1
    hers.close()
    his.close()


def test_who_comes_back_gets_what_was_missed(house: House) -> None:
    hers, reader = house.enter(next(house.fresh)), next(house.fresh)
    his = house.enter(reader)
    joined = his.ask("join", {"room": house.room})
    assert joined
    his.close()
    for n in range(3):
        ack = hers.ask("send", {"room": house.room, "cid": chat.cid(), "md": f"Message {n}"})
        assert ack
        assert "seq" in ack
    his = house.enter(reader)
    answer = his.ask("sync", {"rooms": {str(house.room): joined["seq"]}})
    assert answer
    missed = answer["rooms"][str(house.room)]["events"]
    assert [event["seq"] for event in missed] == [joined["seq"] + n for n in (1, 2, 3)]
    hers.close()
    his.close()


def test_signing_out_closes_the_socket_within_two_seconds(house: House) -> None:
    cookie = house.net.cookie(house.fatou)
    client = real.Raw(house.server.port, cookie).connect()
    assert client.ask("hello")
    with house.net.app.test_request_context():
        path = house.net.app.url_for("auth.sign_out", _external=False)
    answer = requests.post(
        f"http://127.0.0.1:{house.server.port}{path}",
        data={"csrf_token": real.csrf()},
        headers={"Cookie": cookie},
        allow_redirects=False,
        timeout=real.PATIENCE,
    )
    assert answer.status_code == 303
    real.until(lambda: not client.open, what="the socket closes")
    assert [bye["why"] for bye in client.heard("bye")] == ["revoked"]
    with pytest.raises(websocket.WebSocketBadStatusException, match="401"):
        client.handshake()
    client.close()


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://127.0.0.1"}, 403),
        ({"origin": "http://evil.example", "header": ["X-Forwarded-Host: evil.example"]}, 403),
        ({"suppress_origin": True}, 403),
        ({"cookie": ""}, 401),
        ({"cookie": "incubator=forged"}, 401),
    ],
)
def test_nobody_upgrades_without_origin_and_session(
    house: House, options: dict[str, object], status: int
) -> None:
    client = real.Raw(house.server.port, house.net.cookie(house.fatou))
    with pytest.raises(websocket.WebSocketBadStatusException, match=str(status)):
        client.handshake(**options)


def test_a_page_opened_by_another_name_of_the_server_is_live(house: House) -> None:
    other = f"localhost:{house.server.port}"
    client = real.Raw(house.server.port, house.net.cookie(house.fatou))
    line = client.handshake(host=other, origin=f"http://{other}")
    assert line.recv().startswith("0{")
    line.shutdown()


def test_polling_is_closed(house: House) -> None:
    url = f"http://127.0.0.1:{house.server.port}/socket.io/?EIO=4&transport=polling"
    assert requests.get(url, timeout=real.PATIENCE).status_code == 400


def test_a_socket_without_the_token_of_a_page_is_refused(house: House) -> None:
    client = real.Raw(house.server.port, house.net.cookie(house.fatou), token="forged").connect()
    assert "bad_token" in client.refused


def test_compression_is_never_agreed_to(house: House) -> None:
    offer = ["Sec-WebSocket-Extensions: permessage-deflate"]
    line = real.Raw(house.server.port, house.net.cookie(house.fatou)).handshake(header=offer)
    assert "sec-websocket-extensions" not in line.getheaders()
    line.shutdown()


def flood(line: websocket.WebSocket, first: bytes, megabytes: int) -> bool:
    """Whether the server cut the line while a message came in."""
    chunk = b"\x00" * 65_536
    try:
        line.sock.sendall(first)
        for _ in range(megabytes * 16):
            line.sock.sendall(chunk)
        return line.sock.recv(1) == b""
    except OSError:
        return True


def test_an_oversize_message_is_refused_while_it_comes_in(house: House) -> None:
    before = house.server.memory()
    for _ in range(3):
        line = real.Raw(house.server.port, house.net.cookie(house.fatou)).handshake()
        line.recv()
        header = struct.pack("!BBQ", 0x81, 0x80 | 127, 300_000_000) + b"\x00" * 4
        cut = flood(line, header, 30)
        line.shutdown()
        assert cut
    assert house.server.memory() - before < 8_000_000


@pytest.mark.parametrize(
    "frame",
    [
        sent(framing.TEXT, b"4" + b"a" * 10_000_000),
        sent(framing.BINARY, b"\x04" * 10_000_000),
        sent(framing.TEXT, b'42/chat,1["hello",{"\xff":1}]'),
        sent(framing.TEXT, b"4\xed\xa0\x80"),
    ],
    ids=["ten megabytes", "ten megabytes of bytes", "no UTF-8", "half a character"],
)
def test_what_is_no_text_of_ours_ends_the_socket_and_nothing_else(
    house: House, frame: bytes
) -> None:
    other, line = house.enter(house.hugo), house.enter(house.fatou)
    with suppress(OSError):
        line.throw(frame)
    real.until(lambda: not line.open, what="the socket ends")
    assert other.ask("hello")
    for each in (other, line):
        each.close()


def test_a_thousand_messages_at_once_hold_up_nobody(house: House) -> None:
    loud, other = house.enter(house.fatou), house.enter(house.hugo)
    before = house.stored()
    for n in range(1_000):
        words = json.dumps({"room": house.room, "cid": chat.cid(), "md": f"{n}"})
        loud.throw(sent(framing.TEXT, f'42/chat,["send",{words}]'.encode()))
    words = {"room": house.room, "cid": chat.cid(), "md": "Et moi ?"}
    told = other.ask("send", words, seconds=real.PATIENCE)
    assert told
    assert "seq" in told
    # Answered after all that it said before; it is told to be slower, and stays.
    last = real.until(lambda: loud.ask("leave", {"room": 1}, real.PATIENCE))
    assert last in ({"ok": True}, {"err": "rate_limited", "retry": True, "retry_after": 1})
    # Twenty at once and then one a second, whatever it sends.
    assert house.stored() - before - 1 <= 20 + 30
    for each in (other, loud):
        each.close()


def test_a_crowd_that_comes_at_once_is_let_in(house: House) -> None:
    cookies = [house.net.cookie(member) for member in house.crowd for _ in range(6)]
    clients = [real.Raw(house.server.port, cookie) for cookie in cookies]
    with ThreadPoolExecutor(len(clients)) as together:
        list(together.map(lambda client: client.connect(), clients))
        told = list(together.map(lambda c: c.ask("join", {"room": house.room}, 30), clients))
    assert all(answer and "seq" in answer for answer in told)
    for client in clients:
        client.close()


@pytest.mark.parametrize("junk", ["x", "9", "4", "42", "4" + "[" * 60_000, "44/chat,{}"])
def test_junk_ends_the_socket_and_nothing_else(house: House, junk: str) -> None:
    line = real.Raw(house.server.port, house.net.cookie(house.fatou)).handshake()
    line.recv()
    line.send(junk)
    line.shutdown()
    assert house.server.answers()


def test_an_account_has_at_most_six_sockets(house: House) -> None:
    member = next(house.fresh)
    clients = [real.Raw(house.server.port, house.net.cookie(member)) for _ in range(7)]
    lines = [client.handshake() for client in clients[:6]]
    with pytest.raises(websocket.WebSocketBadStatusException, match="429"):
        clients[6].handshake()
    for line in lines:
        line.shutdown()


def test_a_socket_that_says_nothing_is_cut(house: House) -> None:
    began = time.monotonic()
    line = real.Raw(house.server.port, house.net.cookie(house.fatou)).handshake()
    line.recv()
    line.settimeout(120)
    with pytest.raises((OSError, websocket.WebSocketException)):
        line.recv()
    # After five seconds; whether one that may stay is there would be asked: that is no error.
    assert time.monotonic() - began > 4
    line.shutdown()


def test_the_server_stops_at_once_with_open_sockets(house: House) -> None:
    port = real.free_port()
    with real.server(house.net, port) as server:
        clients = [
            real.Raw(port, house.net.cookie(by)).connect() for by in (house.fatou, house.hugo) * 3
        ]
        assert all(client.ask("hello") for client in clients)
        assert server.stop() < real.PATIENCE
        real.until(lambda: not any(client.open for client in clients))
        assert {bye["why"] for client in clients for bye in client.heard("bye")} == {"restart"}
        for client in clients:
            client.close()


def test_a_port_in_use_is_said_in_one_sentence(house: House) -> None:
    with sockets.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = house.net.settings.__class__(
            instance_dir=house.net.settings.instance_dir,
            secret_key=real.SECRET,
            listen_port=other.getsockname()[1],
        )
        with pytest.raises(serve.PortInUse, match="Something already answers on"):
            serve.serve(taken)
