"""Lines of the fast transport on a pair of real sockets, and its hooks in pinned packages."""

from __future__ import annotations

import inspect
import re
import socket
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import engineio
import gevent
import pytest
import socketio
from engineio import packet

from incubator.reactions.live.fast import framing
from incubator.reactions.live.fast import line as lines
from incubator.reactions.live.fast.engine import Engine
from incubator.reactions.live.fast.fanout import FanOut
from tests.sockets.test_framing import sent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Owner:
    """Stands for the engine: writes at once when told to, serves when asked."""

    def __init__(self) -> None:
        self.sockets: dict[str, Any] = {}
        self.said: list[tuple[Any, ...]] = []
        self.handlers = {
            "message": lambda *args: self.said.append(("message", *args)),
            "disconnect": lambda *args: self.said.append(("gone", *args)),
        }
        self.reason = engineio.Server.reason
        self.waiting: list[lines.Line] = []
        self.unserved: list[lines.Line] = []

    def dirty(self, line: lines.Line) -> None:
        self.waiting.append(line)

    def ready(self, line: lines.Line) -> None:
        self.unserved.append(line)

    def turn(self) -> None:
        """What the engine does at the end of a turn, and its greenlets after it."""
        waiting, self.waiting = self.waiting, []
        for line in waiting:
            line.flush()
        while self.unserved:
            line = self.unserved.pop()
            while line.serve():
                pass


class Pair:
    """A line and the client at its other end."""

    def __init__(self) -> None:
        self.owner, self.ended = Owner(), 0
        ours, self.client = socket.socketpair()
        ours.setblocking(False)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_096)
        self.client.settimeout(30)
        loop = gevent.get_hub().loop
        self.line = lines.Line(self.owner, "s1", sock=ours, loop=loop, end=self._end)
        self.owner.sockets["s1"] = self.line

    def _end(self) -> None:
        self.ended += 1

    def loop(self, came: Callable[[], object] | None = None) -> None:
        """Let the event loop look at its descriptors until something came, then serve."""
        came = came or (lambda: self.owner.unserved or self.owner.said)
        with gevent.Timeout(30):
            while not came():
                gevent.idle()
        self.owner.turn()

    def heard(self) -> bytes:
        self.owner.turn()
        return self.client.recv(65_536)


@pytest.fixture
def pair() -> Iterator[Pair]:
    made = Pair()
    yield made
    made.line.cut()
    made.client.close()


def message(text: str) -> packet.Packet:
    return packet.Packet(packet.MESSAGE, text)


def test_all_that_is_said_in_a_turn_leaves_together(pair: Pair) -> None:
    for word in "abc":
        pair.line.send(message(word))
    assert pair.owner.waiting == [pair.line]
    assert pair.heard() == b"".join(
        framing.frame(framing.TEXT, b"4" + w) for w in (b"a", b"b", b"c")
    )


def test_messages_are_served_one_at_a_time_and_in_order(pair: Pair) -> None:
    pair.client.sendall(b"".join(sent(framing.TEXT, f"4m{n}".encode()) for n in range(10)))
    pair.loop()
    assert pair.owner.said == [("message", "s1", f"m{n}") for n in range(10)]


def test_who_sends_without_end_is_read_no_further_until_served(pair: Pair) -> None:
    most = lines.MOST_UNREAD
    pair.client.sendall(sent(framing.TEXT, b"4x") * most)
    pair.loop(lambda: not pair.line.listening or pair.owner.said)
    pair.client.sendall(sent(framing.TEXT, b"4late"))
    assert len(pair.owner.said) == most
    pair.loop(lambda: pair.owner.unserved)
    assert pair.owner.said[-1] == ("message", "s1", "late")


def test_what_a_slow_client_leaves_waits_whole_and_in_order(pair: Pair) -> None:
    frames = [framing.frame(framing.TEXT, bytes([65 + n]) * 9_000) for n in range(6)]
    for frame in frames:
        pair.line.write(frame)
    pair.owner.turn()
    assert pair.line.waiting > 0
    pair.line.write(framing.frame(framing.TEXT, b"last"))
    got = b""
    while not got.endswith(b"last"):
        got += pair.client.recv(5_000)
        gevent.idle()
    assert got == b"".join(frames) + framing.frame(framing.TEXT, b"last")
    assert pair.line.waiting == 0


def test_who_never_reads_is_cut_off(pair: Pair) -> None:
    frame = framing.frame(framing.TEXT, b"x" * 60_000)
    for _ in range(lines.MOST_WAITING // len(frame) + 2):
        pair.line.write(frame)
        pair.owner.turn()
    assert pair.line.closed
    assert pair.ended == 1
    assert pair.owner.said == [("gone", "s1", "transport close")]


@pytest.mark.parametrize(
    ("stream", "status"),
    [
        (sent(framing.TEXT, b"4x", masked=False), framing.BROKEN),
        (bytes((0x81, 0xFF)) + (10**9).to_bytes(8, "big"), framing.TOO_BIG),
        (sent(framing.TEXT, b"4\xff"), framing.BAD_TEXT),
    ],
)
def test_who_breaks_the_protocol_is_told_why_and_let_go(
    pair: Pair, stream: bytes, status: int
) -> None:
    pair.client.sendall(stream)
    pair.loop()
    assert pair.client.recv(100) == framing.farewell(status)
    assert pair.client.recv(100) == b""
    assert pair.owner.said == [("gone", "s1", "transport close")]


@pytest.mark.parametrize("junk", [b"9", b"x", b"", b"2probe", b"5"])
def test_what_is_no_packet_of_a_client_ends_the_line(pair: Pair, junk: bytes) -> None:
    pair.client.sendall(sent(framing.TEXT, junk))
    pair.loop()
    assert pair.line.closed
    assert [name for name, *_ in pair.owner.said] == ["gone"]


def test_a_handler_that_fails_ends_its_own_line_only(pair: Pair) -> None:
    def fail(*_args: object) -> None:
        raise ValueError

    pair.owner.handlers["message"] = fail
    pair.client.sendall(sent(framing.TEXT, b"4x"))
    pair.loop()
    assert pair.client.recv(100) == framing.farewell(framing.BROKEN)


def test_a_ping_of_websocket_is_answered_and_a_pong_of_engine_io_noted(pair: Pair) -> None:
    pair.line.ping()
    assert pair.heard() == framing.frame(framing.TEXT, b"2")
    assert pair.line.asked
    pair.client.sendall(sent(framing.PING, b"hi") + sent(framing.TEXT, b"3"))
    pair.loop(lambda: not pair.line.asked)
    assert pair.client.recv(100) == framing.frame(framing.PONG, b"hi")
    assert pair.owner.said == []


def test_a_farewell_says_what_waited_and_tells_the_handlers_once(pair: Pair) -> None:
    pair.line.send(message("bye"))
    pair.line.close(reason="server disconnect")
    pair.line.close(reason="again")
    texts = framing.frame(framing.TEXT, b"4bye") + framing.frame(framing.TEXT, b"1")
    assert pair.client.recv(100) == texts + framing.farewell(framing.NORMAL)
    assert pair.owner.said == [("gone", "s1", "server disconnect")]
    assert pair.owner.sockets == {}
    assert pair.ended == 1


def test_a_line_that_is_gone_swallows_what_is_sent(pair: Pair) -> None:
    pair.line.cut()
    pair.line.send(message("x"))
    assert pair.owner.waiting == []


def fan_of(pairs: list[Pair]) -> FanOut:
    """A manager with the lines of these pairs in one room."""
    fan = FanOut()
    sockets = {f"e{n}": pair.line for n, pair in enumerate(pairs)}
    for eio_sid, line in sockets.items():
        line.sid = eio_sid
    eio = SimpleNamespace(sockets=sockets, generate_id=iter(f"s{n}" for n in range(9)).__next__)
    fan.set_server(SimpleNamespace(eio=eio, packet_class=socketio.packet.Packet))
    for eio_sid in sockets:
        fan.connect(eio_sid, "/chat")
    for n in range(len(pairs)):
        fan.enter_room(f"s{n}", "/chat", "kitchen")
    return fan


def test_a_room_hears_but_who_is_skipped_or_left() -> None:
    pairs = [Pair() for _ in range(3)]
    fan = fan_of(pairs)
    fan.emit("ev", {"n": 1}, "/chat", room="kitchen", skip_sid=["s1"])
    fan.leave_room("s2", "/chat", "kitchen")
    fan.emit("ev", {"n": 2}, "/chat", to="kitchen")
    fan.disconnect("s0", "/chat")
    fan.emit("ev", {"n": 3}, "/chat", room="kitchen")
    heard = [re.findall(rb'"n":(\d)', pair.heard()) for pair in pairs]
    assert heard == [[b"1", b"2"], [b"2", b"3"], [b"1"]]
    for pair in pairs:
        pair.line.cut()
        pair.client.close()


def test_who_disconnects_leaves_nothing_behind() -> None:
    pair = Pair()
    fan = fan_of([pair])
    fan.emit("ev", None, "/chat")
    pair.owner.turn()
    fan.disconnect("s0", "/chat")
    assert fan.rooms == {}
    fan.emit("ev", None, "/chat")
    assert pair.owner.waiting == []
    pair.line.cut()
    pair.client.close()


def test_what_is_not_known_here_goes_the_stock_way() -> None:
    pair = Pair()
    fan = fan_of([pair])
    stock: list[Any] = []
    vars(fan.server)["_send_eio_packet"] = lambda eio_sid, _pkt: stock.append(eio_sid)
    fan.emit("ev", b"\x00", "/chat", room="kitchen")
    fan.emit("ev", {"n": 1}, "/chat", room=["kitchen", "elsewhere"])
    del fan.server.eio.sockets["e0"]
    fan.leave_room("s0", "/chat", "kitchen")
    fan.enter_room("s0", "/chat", "kitchen")
    fan.emit("ev", {"n": 1}, "/chat", room="kitchen")
    assert stock == ["e0"] * 4
    pair.line.cut()
    pair.client.close()


def test_the_hooks_are_where_they_were() -> None:
    """On an upgrade: read the packages again, then change what stands here."""
    names = ["self", "environ", "start_response", "transport", "jsonp_index"]
    for engine in (engineio.Server, Engine):
        handshake = getattr(engine, "_handle_connect")  # noqa: B009 - the hook itself
        assert list(inspect.signature(handshake).parameters) == names
    for name in ("emit", "basic_enter_room", "basic_leave_room", "basic_disconnect"):
        stock = inspect.signature(getattr(socketio.Manager, name)).parameters
        assert list(stock) == list(inspect.signature(getattr(FanOut, name)).parameters)
    socket_methods = ("send", "close")
    assert all(hasattr(engineio.socket.Socket, name) for name in socket_methods)
