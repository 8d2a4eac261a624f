"""Engine.IO over lines: the handshake, who is written to next, who is served next, pings."""

from __future__ import annotations

import contextlib
import io
import sys
import time
from collections import deque
from http import HTTPStatus
from socket import IPPROTO_TCP, TCP_NODELAY
from typing import TYPE_CHECKING, Any, Final, cast

import engineio
import gevent
from engineio import packet
from gevent import monkey

from incubator.kernel.signed import OPENED
from incubator.reactions.live.fast import framing
from incubator.reactions.live.fast.line import Line
from incubator.reactions.live.transport import KNOCK, PING_SECONDS, PONG_SECONDS

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterable

SOCKET: Final = "gunicorn.socket"
# Handlers at work at once: not more than the database has connections for.
WORKERS = 12
SWEEP_SECONDS = 0.5
# What a handler may ask of the request that opened the connection.
KEPT = (
    "HTTP_ACCEPT_LANGUAGE",
    "HTTP_COOKIE",
    "HTTP_HOST",
    "HTTP_ORIGIN",
    "PATH_INFO",
    "QUERY_STRING",
    "REMOTE_ADDR",
    "REQUEST_METHOD",
    "SCRIPT_NAME",
    "SERVER_NAME",
    "SERVER_PORT",
    "SERVER_PROTOCOL",
    "flask.app",
    "wsgi.url_scheme",
    KNOCK,
    OPENED,
)
_NOTHING = io.BytesIO()

Environ = dict[str, Any]


class Engine(engineio.Server):
    """Engine.IO's server whose connections are lines. Made of a stock one by ``install``."""

    def prepare(self) -> None:
        """Begin: no line is dirty, ready or asked."""
        self._loop = gevent.get_hub().loop
        self._dirty: list[Line] = []
        self._ready: deque[Line] = deque()
        self._busy = 0
        self._resting: deque[tuple[float, Line]] = deque()
        self._asked: deque[tuple[float, Line]] = deque()
        self._sweeper: Any = None
        # Lines are watched here, not by the stock task.
        self.start_service_task = False

    def _handle_connect(  # noqa: PLR0917 - the signature is Engine.IO's
        self,
        environ: Environ,
        start_response: Callable[..., Any],
        transport: str,
        jsonp_index: int | None = None,
    ) -> Any:
        if SOCKET not in environ:
            return super()._handle_connect(environ, start_response, transport, jsonp_index)
        accept = framing.answer_to(environ.get("HTTP_SEC_WEBSOCKET_KEY", ""))
        if accept is None or environ.get("HTTP_SEC_WEBSOCKET_VERSION") != "13":
            return _refusal(start_response)
        line = self._take_over(environ)
        line.write(_switching(accept))
        line.send(packet.Packet(packet.OPEN, self._terms(line.sid)))
        self.handlers["connect"](line.sid, _slim(environ))
        # The way to tell gunicorn that the connection is no longer its own.
        raise StopIteration

    def _take_over(self, environ: Environ) -> Line:
        """A line of the request's connection, which the HTTP server forgets."""
        sid = self.generate_id()
        knock = environ[KNOCK]
        sock = _taken(environ[SOCKET])
        line = Line(self, sid, sock=sock, loop=self._loop, end=knock.leave)
        knock.abort, knock.waits, knock.stays = line.cut, line.is_serving, True
        self.sockets[sid] = line
        self._resting.append((time.monotonic() + PING_SECONDS, line))
        if self._sweeper is None:
            self._sweeper = gevent.spawn(self._sweep)
        return line

    def _terms(self, sid: str) -> dict[str, Any]:
        return {
            "sid": sid,
            "upgrades": [],
            "pingTimeout": int(self.ping_timeout * 1000),
            "pingInterval": int(self.ping_interval * 1000),
            "maxPayload": self.max_http_buffer_size,
        }

    def dirty(self, line: Line) -> None:
        """Write out this line at the end of this turn of the loop."""
        if not self._dirty:
            self._loop.run_callback(self._flush)
        self._dirty.append(line)

    def _flush(self) -> None:
        lines, self._dirty = self._dirty, []
        for line in lines:
            line.flush()

    def ready(self, line: Line) -> None:
        """Serve what came in on this line, when a greenlet is free."""
        self._ready.append(line)
        if self._busy < WORKERS:
            self._busy += 1
            gevent.spawn(self._work)

    def _work(self) -> None:
        """Serve one message of each line in turn until none waits."""
        try:
            while self._ready:
                line = self._ready.popleft()
                if line.serve():
                    self._ready.append(line)
                gevent.sleep(0)
        finally:
            self._busy -= 1

    def _sweep(self) -> None:
        """Ask each line every ``PING_SECONDS``; cut off who owes an answer too long."""
        while True:
            now = time.monotonic()
            for line in _due(self._asked, now):
                if line.asked:
                    line.cut()
                else:
                    self._resting.append((now + PING_SECONDS - PONG_SECONDS, line))
            for line in _due(self._resting, now):
                line.ping()
                self._asked.append((now + PONG_SECONDS, line))
            gevent.sleep(SWEEP_SECONDS)


def install(server: Any) -> None:
    """Let a server of python-socketio keep its connections as lines."""
    server.eio.__class__ = Engine
    server.eio.prepare()


def _due(waiting: deque[tuple[float, Line]], now: float) -> Iterable[Line]:
    while waiting and waiting[0][0] <= now:
        line = waiting.popleft()[1]
        if not line.closed:
            yield line


def _taken(held: Any) -> socket.socket:
    """The connection alone, without what gevent keeps around it and the HTTP server holds."""
    family, kind = held.family, held.type
    bare = monkey.get_original("socket", "socket")(family, kind, fileno=held.detach())
    bare.settimeout(0)
    with contextlib.suppress(OSError):
        bare.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
    return cast("socket.socket", bare)


def _slim(environ: Environ) -> Environ:
    kept = {key: environ[key] for key in KEPT if key in environ}
    return kept | {"wsgi.input": _NOTHING, "wsgi.errors": sys.stderr}


def _switching(accept: str) -> bytes:
    status = f"{HTTPStatus.SWITCHING_PROTOCOLS.value} {HTTPStatus.SWITCHING_PROTOCOLS.phrase}"
    lines = (
        f"HTTP/1.1 {status}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Accept: {accept}",
        "",
        "",
    )
    return "\r\n".join(lines).encode("ascii")


def _refusal(start_response: Callable[..., Any]) -> list[bytes]:
    headers = [("Content-Type", "text/plain"), ("Sec-WebSocket-Version", "13")]
    start_response("400 Bad Request", headers)
    return [b"WebSocket 13 only."]
