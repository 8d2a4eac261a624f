"""The WebSocket under Socket.IO, with the holes of the stock one closed.

Frames leave whole and one at a time (the stock one loses bytes of slow clients under gevent),
an oversize message is refused while it comes in, compression is never agreed to (see the
gate), and what is no Engine.IO packet ends the connection.
"""

from __future__ import annotations

import contextlib
import importlib.util
import logging
import socket
import threading
from typing import TYPE_CHECKING, Any

import simple_websocket
from gevent import monkey

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)

MAX_MESSAGE = 64 * 1024
PING_SECONDS = 15
PONG_SECONDS = 10
SILENCE_SECONDS = PING_SECONDS + PONG_SECONDS + 5
KNOCK = "incubator.knock"
SOCKETS = ("gunicorn.socket", "werkzeug.socket")
PACKETS = frozenset("123456")
FORBIDDEN = ("eventlet", "geventwebsocket")


def check_environment() -> None:
    """Raise RuntimeError when a package is installed whose mere presence changes the transport."""
    found = [name for name in FORBIDDEN if importlib.util.find_spec(name)]
    if found:
        msg = f"uninstall {' and '.join(found)}: the chat's sockets are not safe with it"
        raise RuntimeError(msg)


def async_mode() -> str:
    """«gevent» under a patched interpreter (the production server), «threading» otherwise."""
    return "gevent" if monkey.is_module_patched("socket") else "threading"


class LockedSocket:
    """A socket whose ``send`` sends everything, one caller at a time."""

    def __init__(self, raw: socket.socket) -> None:
        self._raw = raw
        self._turn = threading.Lock()
        raw.settimeout(SILENCE_SECONDS)
        with contextlib.suppress(OSError):
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, data: bytes) -> int:
        """Send all of ``data``; raise OSError when the peer takes nothing for too long."""
        with self._turn:
            self._raw.sendall(data)
        return len(data)

    def recv(self, size: int) -> bytes:
        """Bytes as they come."""
        return self._raw.recv(size)

    def close(self) -> None:
        """Close it."""
        self._raw.close()

    def abort(self) -> None:
        """Cut the connection now, whatever anybody is doing with it."""
        with contextlib.suppress(OSError):
            self._raw.shutdown(socket.SHUT_RDWR)


class Upgrade:
    """What Engine.IO calls with a request to upgrade; ``handler`` speaks to the client."""

    def __init__(self, handler: Callable[[Upgrade], Any], server: object) -> None:
        del server
        self._handler = handler
        self._peer: Any = None

    def __call__(self, environ: dict[str, Any], start_response: object) -> list[bytes]:
        """Serve the connection to its end, then tell the HTTP server to forget it."""
        del start_response
        key = next(key for key in SOCKETS if key in environ)
        line = LockedSocket(environ[key])
        knock = environ.get(KNOCK)
        if knock is not None:
            knock.abort = line.abort
        try:
            self._peer = simple_websocket.Server(
                {**environ, key: line}, max_message_size=MAX_MESSAGE
            )
            self._handler(self)
        except Exception:
            # Whatever a client sends ends here, not in the log of the HTTP server.
            log.info("a socket ended badly", exc_info=True)
        finally:
            line.abort()
        if key == "gunicorn.socket":
            raise StopIteration
        raise ConnectionError

    def send(self, message: str | bytes) -> None:
        """Send one message; raise OSError when the client is gone."""
        try:
            self._peer.send(message)
        except simple_websocket.ConnectionClosed as error:
            raise OSError from error

    def wait(self) -> str | None:
        """The next message; None at the end or when the client does not speak Engine.IO."""
        try:
            data = self._peer.receive()
        except simple_websocket.ConnectionClosed:
            return None
        known = isinstance(data, str) and data[:1] in PACKETS
        return data if known else None

    def close(self) -> None:
        """Say goodbye as WebSocket does."""
        if self._peer is not None and self._peer.connected:
            with contextlib.suppress(OSError):
                self._peer.close()
