"""Engine.IO 4 and Socket.IO 5 as their protocols say, by hand over a WebSocket.

The cases that the projects' own suites try and that can be met here; docs/CHAT.md lists the rest.
Both transports must behave alike: the fast one, and the stock one that a setting brings back.
"""

from __future__ import annotations

import json
import re
import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import requests
import websocket

from tests import factories_chat as chat
from tests.sockets import real

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

TRANSPORTS = {"fast": "true", "stock": "false"}
GONE = (OSError, websocket.WebSocketException)


@dataclass
class Door:
    """A server, and somebody who may come in."""

    net: real.Network
    server: real.Server
    member: int
    room: int
    fast: bool

    def url(self, query: str) -> str:
        return f"127.0.0.1:{self.server.port}/socket.io/?{query}"

    def get(self, query: str, method: str = "GET") -> int:
        """The status of a plain request."""
        headers = {"Cookie": self.net.cookie(self.member)}
        return requests.request(
            method, f"http://{self.url(query)}", headers=headers, timeout=real.PATIENCE
        ).status_code

    def shake(self, query: str = "EIO=4&transport=websocket") -> websocket.WebSocket:
        """A WebSocket, before anything is heard on it."""
        return websocket.create_connection(
            f"ws://{self.url(query)}",
            origin=f"http://127.0.0.1:{self.server.port}",
            cookie=self.net.cookie(self.member),
            timeout=real.PATIENCE,
        )

    @contextmanager
    def line(self) -> Iterator[websocket.WebSocket]:
        """Engine.IO is open."""
        line = self.shake()
        try:
            assert hear(line).startswith("0{")
            yield line
        finally:
            line.shutdown()

    @contextmanager
    def joined(self) -> Iterator[websocket.WebSocket]:
        """Socket.IO is connected to our namespace."""
        with self.line() as line:
            line.send(connect())
            assert hear(line).startswith("40/chat,{")
            yield line


@pytest.fixture(scope="module", params=TRANSPORTS)
def door(request: pytest.FixtureRequest, tmp_path_factory: Any) -> Iterator[Door]:
    folder, port = tmp_path_factory.mktemp("protocol"), real.free_port()
    with real.network(folder, f"sqlite:///{folder}/chat.db", port) as net:
        with net.inside():
            lyon = net.make.site("Lyon")
            member, room = net.make.member(lyon).id, chat.room_of(lyon)
        more = {"INCUBATOR_FAST_SOCKETS": TRANSPORTS[request.param]}
        with real.server(net, port, more=more) as server:
            yield Door(net, server, member, room, fast=request.param == "fast")


def connect(space: str = "/chat", **auth: object) -> str:
    """The packet that connects to a namespace."""
    return f"40{space}," + json.dumps({"v": 1, "token": real.csrf(), **auth})


def hear(line: websocket.WebSocket) -> str:
    """What comes next; nothing at the end."""
    return str(line.recv())


def ends(line: websocket.WebSocket) -> bool:
    """Whether the server hangs up: what it still says is read to its end."""
    try:
        while hear(line):
            pass
    except websocket.WebSocketTimeoutException:
        return False
    except GONE:
        return True
    return True


def unheard(line: websocket.WebSocket) -> bool:
    """Whether nothing answers what was said: the line ends, or what is asked next is answered."""
    try:
        line.send('42/chat,8["leave",{"room":1}]')
        told = hear(line)
    except GONE:
        return True
    return not told or told.startswith("43/chat,8[")


def refused(door: Door, line: websocket.WebSocket) -> bool:
    """Whether what was said ended the line; the stock transport goes on, as if nothing were."""
    return ends(line) if door.fast else unheard(line)


# Engine.IO


def test_the_handshake_tells_the_terms_and_offers_no_upgrade(door: Door) -> None:
    line = door.shake()
    opened = hear(line)
    line.shutdown()
    assert opened[0] == "0"
    terms = json.loads(opened[1:])
    assert set(terms) == {"sid", "upgrades", "pingInterval", "pingTimeout", "maxPayload"}
    assert re.fullmatch(r"[\w-]{20,}", terms["sid"])
    assert terms["upgrades"] == []
    assert (terms["pingInterval"], terms["pingTimeout"]) == (15_000, 10_000)
    assert terms["maxPayload"] == 65_536


def test_each_connection_has_a_name_of_its_own(door: Door) -> None:
    names = set()
    for _ in range(3):
        line = door.shake()
        names.add(json.loads(hear(line)[1:])["sid"])
        line.shutdown()
    assert len(names) == 3


@pytest.mark.parametrize(
    "query", ["EIO=4&transport=polling", "EIO=4", "EIO=4&transport=abc", "transport=websocket", ""]
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_what_is_no_websocket_is_refused(door: Door, query: str, method: str) -> None:
    assert door.get(query, method) == 400


@pytest.mark.parametrize(
    "query", ["EIO=3&transport=websocket", "EIO=abc&transport=websocket", "transport=websocket"]
)
def test_another_version_is_not_spoken(door: Door, query: str) -> None:
    refuses(door, query)


@pytest.mark.parametrize("query", ["EIO=4&transport=abc", "EIO=4&transport=polling", "EIO=4"])
def test_another_transport_is_not_spoken_by_websocket(door: Door, query: str) -> None:
    refuses(door, query)


def test_an_unknown_session_is_not_taken_up(door: Door) -> None:
    refuses(door, f"EIO=4&transport=websocket&sid={secrets.token_urlsafe(15)}")


def refuses(door: Door, query: str) -> None:
    """No handshake, or one that opens nothing."""
    try:
        line = door.shake(query)
    except GONE:
        return
    said = ""
    try:
        said = hear(line)
    except GONE:
        pass
    finally:
        line.shutdown()
    assert not said.startswith("0")


def test_a_second_handshake_for_a_living_session_leaves_it_alone(door: Door) -> None:
    line = door.shake()
    sid = json.loads(hear(line)[1:])["sid"]
    refuses(door, f"EIO=4&transport=websocket&sid={sid}")
    line.send(connect())
    assert hear(line).startswith("40/chat,{")
    line.shutdown()


def test_the_server_asks_and_who_answers_stays_while_who_is_silent_goes(door: Door) -> None:
    with door.joined() as patient, door.joined() as silent:
        assert hear(patient) == "2"
        patient.send("3")
        assert hear(silent) == "2"
        assert ends(silent)
        patient.send('42/chat,1["hello",{}]')
        assert hear(patient).startswith(("43/chat,1[", "2"))


def test_a_noop_changes_nothing(door: Door) -> None:
    with door.joined() as line:
        line.send("6")
        line.send('42/chat,7["leave",{"room":1}]')
        assert hear(line) == '43/chat,7[{"ok":true}]'


def test_a_close_packet_ends_the_connection(door: Door) -> None:
    with door.line() as line:
        line.send("1")
        assert ends(line)


def test_a_websocket_that_closes_is_answered_and_forgotten(door: Door) -> None:
    for _ in range(8):
        line = door.shake()
        hear(line)
        line.close()
    # Six at once an account: the earlier ones gave their places back.
    with door.line():
        pass


@pytest.mark.parametrize("junk", ["abc", "x", "9", "", "7payload", "2probe", "5"])
def test_what_is_no_packet_of_engine_io_ends_the_connection(door: Door, junk: str) -> None:
    with door.line() as line:
        line.send(junk)
        assert ends(line)


def test_a_binary_message_ends_the_connection(door: Door) -> None:
    with door.joined() as line:
        line.send_binary(b"\x01\x02\x03")
        assert ends(line)


# Socket.IO


def test_a_namespace_is_entered_with_a_name_of_its_own(door: Door) -> None:
    with door.line() as line:
        line.send(connect())
        told = hear(line)
        assert told.startswith("40/chat,")
        assert set(json.loads(told[len("40/chat,") :])) == {"sid"}


@pytest.mark.parametrize("space", ["", "/other,"])
def test_other_namespaces_are_refused_by_a_connect_error(door: Door, space: str) -> None:
    with door.line() as line:
        line.send(f"40{space}")
        assert hear(line).startswith(f"44{space}")


@pytest.mark.parametrize("brought", ["", "{}", '{"v":1,"token":"forged"}', '{"v":2}', "[1]", "5"])
def test_who_brings_no_good_token_is_refused_by_a_connect_error(door: Door, brought: str) -> None:
    with door.line() as line:
        line.send(f"40/chat,{brought}")
        try:
            told = hear(line)
        except GONE:
            return
        assert told.startswith("44/chat,") or not told


def test_a_second_connect_is_refused_and_changes_nothing(door: Door) -> None:
    with door.joined() as line:
        line.send(connect())
        assert hear(line).startswith("44/chat,")
        line.send('42/chat,7["leave",{"room":1}]')
        assert hear(line) == '43/chat,7[{"ok":true}]'


def test_who_disconnects_is_heard_no_more_and_does_not_come_back_on_the_line(door: Door) -> None:
    with door.joined() as line:
        line.send("41/chat,")
        line.send('42/chat,1["hello",{}]')
        line.send(connect())
        # Nobody answered the event; a new connection would have new limits.
        assert hear(line).startswith("44/chat,")


def test_nothing_is_asked_before_the_namespace_is_entered(door: Door) -> None:
    with door.line() as line:
        line.send('42/chat,1["hello",{}]')
        line.send('42["hello",{}]')
        line.send(connect())
        assert hear(line).startswith("40/chat,")


def test_an_event_with_a_number_is_answered_with_that_number(door: Door) -> None:
    with door.joined() as line:
        line.send('42/chat,456["hello",{}]')
        assert json.loads(hear(line).removeprefix("43/chat,456"))[0]["user"] == door.member
        line.send('42/chat,0["leave",{"room":1}]')
        assert hear(line) == '43/chat,0[{"ok":true}]'


def test_an_event_without_a_number_is_done_and_not_answered(door: Door) -> None:
    with door.joined() as line:
        line.send(f'42/chat,["join",{{"room":{door.room}}}]')
        line.send('42/chat,3["hello",{}]')
        told = hear(line)
        assert told.startswith("43/chat,3[")
        key = secrets.token_hex(8)
        line.send(f'42/chat,["send",{{"room":{door.room},"cid":"{key}","md":"Bonjour"}}]')
        heard = hear(line)
        while not heard.startswith('42/chat,["ev"'):
            heard = hear(line)
        assert json.loads(heard.removeprefix("42/chat,"))[1]["cid"] == key


@pytest.mark.parametrize(
    "payload", ['["nobody",{}]', '["hello"]', '["hello",1,2]', '["join",{"room":[]}]', '["join",5]']
)
def test_an_event_that_asks_nothing_we_know_is_answered_with_an_error(
    door: Door, payload: str
) -> None:
    with door.joined() as line:
        line.send(f"42/chat,9{payload}")
        answer = json.loads(hear(line).removeprefix("43/chat,9"))[0]
        assert answer["retry"] is False
        assert answer["err"]


@pytest.mark.parametrize(
    "packet",
    [
        "4abc",
        "4",
        "47/chat,",
        "48/chat,",
        "44/chat,{}",
        "42",
        "42/chat,",
        "42/chat,[",
        "42/chat,{}",
        '42/chat,"hello"',
        "42/chat,[]",
        "42/chat,[5]",
        "42/chat,[{}]",
        '42/chat,abc["hello",{}]',
        "42/chat," + "9" * 101 + '["hello",{}]',
        '42/chat,1["connect",{}]',
        '42/chat,1["disconnect"]',
        "42/chat,1" + "[" * 5_000,
        '451-/chat,["send",{"_placeholder":true,"num":0}]',
        '459999999-/chat,["send",{"_placeholder":true,"num":0}]',
        "461-/chat,1[]",
    ],
)
def test_what_is_no_packet_of_socket_io_ends_the_connection_and_harms_nobody(
    door: Door, packet: str
) -> None:
    with door.joined() as other, door.joined() as line:
        line.send(packet)
        assert refused(door, line)
        other.send('42/chat,1["leave",{"room":1}]')
        assert hear(other) == '43/chat,1[{"ok":true}]'


def test_an_answer_that_nobody_asked_for_is_passed_over(door: Door) -> None:
    with door.joined() as line:
        line.send("43/chat,77[1]")
        assert unheard(line)
