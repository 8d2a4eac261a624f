"""A crowd of WebSocket clients in one process: they connect, talk and count what they hear."""

from __future__ import annotations

import os
import re
import select
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from incubator.reactions.live.fast.framing import unmask

CHUNK = 256 * 1024
PATIENCE = 60.0
PER_ADDRESS = 190
# From here on a frame tells its length in two more bytes.
SHORT = 126
# Stands once in each message; what follows is the instant of sending (s, monotonic).
MARK = b"bench@"
STAMP = re.compile(rb"bench@(\d+\.\d{6})")
STAMPED = len(MARK) + 20
# Engine.IO asks whether somebody is there.
PING = b"\x81\x012"


@dataclass
class Client:
    """One connection and the end of what it read, which may hold half a mark."""

    sock: socket.socket
    tail: bytes = b""
    got: bytes = b""


@dataclass
class Tongue:
    """How one kind of server is spoken to.

    ``greet`` are the texts to send one after the other, each with what must be heard before the
    next; ``say`` is the text by which client number n says something.
    """

    port: int
    path: str
    say: Callable[[int, str], str]
    greet: Sequence[tuple[str, bytes]] = ()
    first: bytes = b""
    headers: Callable[[int], str] = lambda _number: ""


@dataclass
class Crowd:
    """So many clients of one server."""

    tongue: Tongue
    size: int
    clients: list[Client] = field(default_factory=list)
    heard: int = 0
    _poll: select.epoll = field(default_factory=select.epoll)
    _by_number: dict[int, Client] = field(default_factory=dict)

    def connect(self) -> None:
        """Open every connection, all steps of all of them side by side."""
        for number in range(self.size):
            self._open(number)
        self._await(b"\r\n\r\n")
        if self.tongue.first:
            self._await(self.tongue.first)
        for text, answer in self.tongue.greet:
            for client in self.clients:
                client.sock.sendall(masked(text))
            self._await(answer)
        for client in self.clients:
            client.got = b""
            client.sock.settimeout(0)

    def _open(self, number: int) -> None:
        sock = socket.socket()
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # The product allows an address so many connections: these are all this machine.
        sock.bind((f"127.0.0.{2 + number // PER_ADDRESS}", 0))
        sock.settimeout(PATIENCE)
        sock.connect(("127.0.0.1", self.tongue.port))
        sock.sendall(
            (
                f"GET {self.tongue.path} HTTP/1.1\r\nHost: 127.0.0.1:{self.tongue.port}\r\n"
                "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                f"Origin: http://127.0.0.1:{self.tongue.port}\r\n"
                f"{self.tongue.headers(number)}\r\n"
            ).encode()
        )
        client = Client(sock)
        self.clients.append(client)
        self._by_number[sock.fileno()] = client
        self._poll.register(sock, select.EPOLLIN)

    def _await(self, words: bytes) -> None:
        for client in self.clients:
            while words not in client.got:
                data = client.sock.recv(CHUNK)
                if not data:
                    msg = f"hung up: {client.got[-300:]!r}"
                    raise RuntimeError(msg)
                client.got += data
            client.got = client.got.partition(words)[2]

    def say(self, number: int) -> None:
        """One client says something, with the instant in it."""
        text = f"{MARK.decode()}{time.monotonic():017.6f} " + "Le café est prêt à la cuisine. " * 3
        self.clients[number % self.size].sock.send(masked(self.tongue.say(number, text)))

    def listen(self, seconds: float, waits: list[float] | None = None) -> None:
        """Read what came, waiting so long at most; with ``waits``, note how old each is (s)."""
        for number, _ in self._poll.poll(seconds):
            client = self._by_number[number]
            try:
                data = client.tail + client.sock.recv(CHUNK)
            except BlockingIOError:
                continue
            now = time.monotonic()
            if len(data) == len(client.tail):
                msg = "a server hung up"
                raise RuntimeError(msg)
            if PING in data:
                client.sock.send(masked("3"))
            last = 0
            for found in STAMP.finditer(data):
                last = found.end()
                self.heard += 1
                if waits is not None:
                    waits.append(now - float(found[1]))
            client.tail = data[max(last, len(data) - STAMPED) :]

    def saturate(self, messages: int, window: int) -> float:
        """Say so many things, ``window`` of them under way at a time; seconds until all heard."""
        begun, self.heard, said = time.monotonic(), 0, 0
        while self.heard < messages * self.size:
            while said < messages and said - self.heard // self.size < window:
                self.say(said)
                said += 1
            self.listen(PATIENCE)
            if time.monotonic() - begun > PATIENCE:
                msg = f"{self.heard} of {messages * self.size} heard after {PATIENCE} s"
                raise RuntimeError(msg)
        return time.monotonic() - begun

    def paced(self, messages: int, per_second: float) -> list[float]:
        """Say so many things at a steady pace; how long each took to each client (s), sorted."""
        waits: list[float] = []
        self.heard, begun = 0, time.monotonic()
        for number in range(messages):
            due = begun + number / per_second
            while (left := due - time.monotonic()) > 0:
                self.listen(left, waits)
            self.say(number)
        while self.heard < messages * self.size and time.monotonic() - begun < PATIENCE:
            self.listen(1.0, waits)
        return sorted(waits)

    def close(self) -> None:
        """Cut every connection."""
        for client in self.clients:
            client.sock.close()
        self._poll.close()


def masked(text: str) -> bytes:
    """A frame as a client sends it."""
    body, key = text.encode(), os.urandom(4)
    size = len(body)
    short = size < SHORT
    head = bytes((0x81, 0x80 | size)) if short else b"\x81\xfe" + size.to_bytes(2, "big")
    return head + key + unmask(body, key)
