"""Each measured hazard of the stock server, looked for on ours and on the stock one.

Every test holds only if the stock server shows the hazard: else it would watch nothing.
docs/CHAT.md has the table: hazard, guard, test.
"""

from __future__ import annotations

import json
import socket
import struct
import zlib
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests
import websocket

from incubator.reactions.live.fast import framing
from tests import factories_chat as chat
from tests.sockets import real, stock
from tests.sockets.stock_app import COOKIE
from tests.sockets.test_framing import sent

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

pytestmark = pytest.mark.slow

GONE = (OSError, websocket.WebSocketException)
MEGABYTE = 1_000_000
# A page of history that is larger than what a socket takes at once, and less than what may wait.
MESSAGES, CHARACTERS = 45, 3_000


@dataclass
class Side:
    """A server, and how one signs in there."""

    name: str
    server: real.Server
    cookies: Sequence[str]
    room: int
    out: str

    @property
    def stock(self) -> bool:
        return self.name == "stock"

    @property
    def patience(self) -> float:
        """How long an answer is waited for (s): from the stock server none is expected."""
        return 5 if self.stock else real.PATIENCE

    def shake(self, cookie: str | None = None, **more: Any) -> websocket.WebSocket:
        """A raw WebSocket, by default of somebody who is signed in."""
        known = self.cookies[0] if cookie is None else cookie
        return real.Raw(self.server.port, known).handshake(**more)

    @contextmanager
    def joined(self, which: int = 0, **more: Any) -> Generator[websocket.WebSocket]:
        """A line that entered the namespace."""
        line = self.shake(self.cookies[which], **more)
        try:
            assert line.recv().startswith("0{")
            line.send(f"40{real.SPACE}," + json.dumps({"v": 1, "token": real.csrf()}))
            assert line.recv().startswith(f"40{real.SPACE},{{")
            yield line
        finally:
            line.shutdown()

    def grows(self, act: Callable[[], object]) -> int:
        """How many bytes more than before the worker holds at most while something is done."""
        folder = Path(f"/proc/{self.server.workers[0]}")
        # The kernel begins anew to note the most.
        (folder / "clear_refs").write_text("5", "ascii")
        before = self.server.memory()
        act()
        real.until(self.server.answers)
        words = (folder / "status").read_text("ascii").splitlines()
        peak = next(int(one.split()[1]) for one in words if one.startswith("VmHWM"))
        return peak * 1024 - before


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Side]]:
    folder, port, other = tmp_path_factory.mktemp("hazards"), real.free_port(), real.free_port()
    with real.network(folder, f"sqlite:///{folder}/chat.db", port) as net:
        with net.inside():
            lyon = net.make.site("Lyon")
            people = [net.make.member(lyon) for _ in range(7)]
            ids = [each.id for each in people]
            chat.sit(net.make, *people)
            room = chat.room_of(lyon)
            for each in people[:3]:
                for _ in range(MESSAGES // 3):
                    chat.say(net.make, each, room, "<" * CHARACTERS)
        with net.app.test_request_context():
            out = net.app.url_for("auth.sign_out", _external=False)
        former = {"INCUBATOR_FAST_SOCKETS": "false"}
        with real.server(net, port) as fast, real.server(net, other, more=former) as plain:
            ours = {"fast": fast, "plain": plain}
            yield {
                name: Side(name, one, [net.cookie(each) for each in ids], room, out)
                for name, one in ours.items()
            }


def signed_in(port: int) -> str:
    """A cookie of the stock server."""
    answer = requests.get(f"http://127.0.0.1:{port}/in", timeout=real.PATIENCE)
    return f"{COOKIE}={answer.cookies[COOKIE]}"


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Side]:
    with stock.server(tmp_path_factory.mktemp("stock")) as found:
        yield unguarded(found)


def unguarded(server: real.Server) -> Side:
    return Side("stock", server, [signed_in(server.port)] * 7, 1, "/out")


SIDES = ["fast", "plain", "stock"]


@pytest.fixture(params=SIDES)
def side(request: pytest.FixtureRequest) -> Side:
    stock_one = request.param == "stock"
    wanted = request.getfixturevalue("bare" if stock_one else "sides")
    found: Side = wanted if stock_one else wanted[request.param]
    return found


@pytest.fixture(params=SIDES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Side]:
    """Of the stock server a new one: what it freed before would hide what it takes."""
    if request.param == "stock":
        with stock.server(tmp_path) as found:
            yield unguarded(found)
    else:
        yield request.getfixturevalue("sides")[request.param]


def ends(line: websocket.WebSocket, seconds: float) -> bool:
    """Whether the server hangs up within so long; what it says until then is read."""
    line.settimeout(seconds)
    try:
        while line.recv():
            pass
    except websocket.WebSocketTimeoutException:
        return False
    except GONE:
        return True
    return True


def thrown(side: Side, frames: Sequence[bytes], cookie: str | None = None, **more: Any) -> None:
    """Frames on a line of its own, as far as the server takes them."""
    with suppress(*GONE):
        line = side.shake(cookie, **more)
        with suppress(*GONE):
            # What a server that deflates answers is not for this client's reader.
            line.sock.recv(1_000)
            for frame in frames:
                line.sock.sendall(frame)
            line.settimeout(4)
            while line.sock.recv(1_000):
                pass
        line.shutdown()


OFFER = ["Sec-WebSocket-Extensions: permessage-deflate"]


# More than a server takes for itself while it is asked.
MUCH = 18 * MEGABYTE


def test_a_small_deflated_frame_does_not_fill_the_memory(empty: Side) -> None:
    packed = zlib.compressobj(9, wbits=-15)
    body = packed.compress(b"a" * 60 * MEGABYTE) + packed.flush(zlib.Z_SYNC_FLUSH)
    frame = sent(framing.TEXT, body[:-4])
    # The bit that says «deflated».
    bomb = bytes((frame[0] | 0x40,)) + frame[1:]

    def throw() -> None:
        # The stock server takes it of anybody; ours is tried with who is signed in as well.
        for cookie in ("",) if empty.stock else ("", empty.cookies[0]):
            thrown(empty, [bomb], cookie, header=OFFER)

    assert (empty.grows(throw) > MUCH) == empty.stock


@pytest.mark.parametrize("shape", ["whole", "fragments"])
def test_an_endless_message_does_not_fill_the_memory(empty: Side, shape: str) -> None:
    part = b"a" * 50_000
    frames = [sent(framing.TEXT, part, final=False)]
    frames += [sent(framing.CONTINUATION, part, final=False)] * 600
    if shape == "whole":
        header = struct.pack("!BBQ", 0x81, 0x80 | 127, 300 * MEGABYTE) + b"\x00" * 4
        frames = [header, *[part] * 600]
    assert (empty.grows(lambda: thrown(empty, frames)) > MUCH) == empty.stock


def test_attachments_without_end_do_not_fill_the_memory(empty: Side) -> None:
    def announce() -> None:
        with suppress(*GONE), empty.joined() as line:
            line.send(f'459999999-{real.SPACE},["hello",{{"_placeholder":true,"num":0}}]')
            for _ in range(40):
                line.send_binary(b"a" * 900_000)
            ends(line, 4)

    assert (empty.grows(announce) > MUCH) == empty.stock


def ask(line: websocket.WebSocket, number: int, event: str, payload: object) -> None:
    line.send(f"42{real.SPACE},{number}" + json.dumps([event, payload]))


SLOW = {"sockopt": ((socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096),)}


def test_who_reads_slowly_gets_whole_frames_or_none(side: Side) -> None:
    """More than the kernel takes at once: who is too slow may be cut off, in the worst case."""
    asked = 12
    with side.joined(1) as other, side.joined(**SLOW) as line:
        with suppress(*GONE):
            for number in range(asked):
                ask(line, number, "history", {"room": side.room})
                # Answered after it: the answer is on its way, and nobody reads it yet.
                ask(other, number, "leave", {"room": 1})
                other.recv()
        line.settimeout(side.patience)
        assert whole(line, asked) != side.stock


def whole(line: websocket.WebSocket, asked: int) -> bool:
    """Whether all that comes until the end are answers, each whole and in its turn."""
    for number in range(asked):
        try:
            told = str(line.recv()).removeprefix(f"43{real.SPACE},{number}")
            assert json.loads(told)[0]["messages"]
        except (websocket.WebSocketConnectionClosedException, ConnectionError):
            return True
        except (*GONE, ValueError, LookupError, AssertionError):
            return False
    return True


def test_who_never_reads_holds_no_memory(empty: Side) -> None:
    def turn_away() -> None:
        with empty.joined(1) as other, suppress(*GONE), empty.joined(**SLOW) as line:
            for number in range(50):
                ask(line, number, "history", {"room": empty.room})
            # Asked after those, and in turn with them: they were answered when this one is.
            for number in range(50):
                ask(other, number, "leave", {"room": 1})
                other.recv()

    assert (empty.grows(turn_away) > MUCH) == empty.stock


def test_who_signs_out_is_no_longer_who_they_were(side: Side) -> None:
    client = real.Raw(side.server.port, side.cookies[2]).connect()
    assert client.ask("hello")
    answer = requests.post(
        f"http://127.0.0.1:{side.server.port}{side.out}",
        data={"csrf_token": real.csrf()},
        headers={"Cookie": client.cookie},
        allow_redirects=False,
        timeout=real.PATIENCE,
    )
    assert answer.status_code < 400
    told = client.ask("hello")
    assert bool(told and "err" not in told) == side.stock
    if not side.stock:
        real.until(lambda: not client.open, what="the socket closes")
    client.close()


def test_open_sockets_leave_pages_their_threads(side: Side, tmp_path: Path) -> None:
    with crowded(side, tmp_path) as crowd:
        lines = [crowd.shake(cookie) for cookie in crowd.cookies[3:7] for _ in range(6)]
        try:
            requests.get(f"http://127.0.0.1:{crowd.server.port}/health", timeout=side.patience)
            hangs = False
        except requests.RequestException:
            hangs = True
        for line in lines:
            line.shutdown()
    assert hangs == side.stock


@contextmanager
def crowded(side: Side, folder: Path) -> Generator[Side]:
    """Stock, with the worker of threads that its documentation names first."""
    if not side.stock:
        yield side
        return
    with stock.server(folder, "--worker-class=gthread", "--threads=24") as threads:
        yield unguarded(threads)


@pytest.mark.parametrize("who", ["nobody", "somebody"])
def test_who_says_nothing_holds_no_place(side: Side, who: str) -> None:
    try:
        line = side.shake("" if who == "nobody" else side.cookies[1])
    except GONE:
        stays = False
    else:
        stays = not ends(line, 7 if side.stock else 25)
        line.shutdown()
    assert stays == side.stock


@pytest.mark.parametrize(
    "options",
    [
        {"suppress_origin": True},
        {"origin": "http://evil.example", "header": ["X-Forwarded-Host: evil.example"]},
    ],
)
def test_a_page_of_somebody_else_may_not_knock(side: Side, options: dict[str, Any]) -> None:
    if side.stock:
        side.shake(**options).shutdown()
        return
    with pytest.raises(websocket.WebSocketBadStatusException, match="403"):
        side.shake(**options)


def test_who_is_gone_without_a_word_is_missed_within_half_a_minute(side: Side) -> None:
    """That the terms are kept is shown by test_protocol, which waits for it."""
    line = side.shake()
    terms = json.loads(str(line.recv())[1:])
    line.shutdown()
    assert (terms["pingInterval"] + terms["pingTimeout"] > 30_000) == side.stock


def test_polling_does_not_swallow_what_was_said(side: Side) -> None:
    """Stock answers «OK» to more than sixteen packets at once and does none of them."""
    url = f"http://127.0.0.1:{side.server.port}/socket.io/?EIO=4&transport=polling"
    opened = requests.get(url, headers={"Cookie": side.cookies[0]}, timeout=real.PATIENCE)
    assert (opened.status_code == 400) != side.stock
    if side.stock:
        wait = real.PATIENCE
        session = f"{url}&sid={json.loads(opened.text[1:])['sid']}"
        # No cookie: the name of the session alone opens it.
        assert requests.post(session, data=f"40{real.SPACE},", timeout=wait).text == "OK"
        many = "\x1e".join([f'42{real.SPACE},1["leave",{{}}]'] * 17)
        assert requests.post(session, data=many, timeout=wait).text == "OK"
        assert "43/chat,1" not in requests.get(session, timeout=wait).text


def test_what_one_says_at_once_is_done_in_that_order(side: Side) -> None:
    with side.joined(6) as line:
        for number in range(8):
            words = {"room": side.room, "cid": chat.cid(), "md": f"m{number}"}
            ask(line, number, "send", words)
        places: dict[int, int] = {}
        while len(places) < 8:
            told = str(line.recv())
            if told.startswith("43"):
                number, _, answer = told.removeprefix(f"43{real.SPACE},").partition("[")
                places[int(number)] = json.loads(f"[{answer}")[0]["seq"]
    assert (sorted(places, key=places.__getitem__) != list(range(8))) == side.stock


def test_a_handler_that_fails_leaves_no_question_open(tmp_path: Path) -> None:
    """Ours is tried in test_events, where a handler can be made to fail."""
    with stock.server(tmp_path) as server:
        client = real.Raw(server.port, signed_in(server.port)).connect()
        assert client.ask("broken", seconds=2) is None
        assert client.ask("leave")
        client.close()


def test_open_sockets_do_not_hold_up_the_end(tmp_path: Path) -> None:
    """Ours is tried in test_server: everybody is told to come back."""
    with stock.server(tmp_path, *stock.GEVENT[:2], "--graceful-timeout=5") as server:
        line = real.Raw(server.port, signed_in(server.port)).handshake()
        assert server.stop() >= 5
        line.shutdown()
