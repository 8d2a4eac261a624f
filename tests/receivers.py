"""A real HTTP server on this machine that takes calls and answers as it is told."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Receiver:
    """What was received, and the answers to come: status, headers, body; none while ``held``."""

    url: str = ""
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    held: threading.Event = field(default_factory=threading.Event)
    came: threading.Condition = field(default_factory=threading.Condition)

    def after(self, number: int) -> bytes:
        """The body of this call, counted from one, once it has come."""
        with self.came:
            assert self.came.wait_for(lambda: len(self.got) >= number, timeout=60), self.got
        return self.got[number - 1][1]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver at a free port of the loopback; answers 204 unless told otherwise."""
    told = Receiver()
    told.held.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers.get("Content-Length", 0))
            call = (dict(self.headers), self.rfile.read(size))
            with told.came:
                told.got.append(call)
                told.came.notify_all()
            told.held.wait(10)
            status, headers, body = told.answers.pop(0) if told.answers else (204, {}, b"")
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *told: object) -> None:
            """Quietly."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_port}/called"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield told
    finally:
        told.held.set()
        server.shutdown()
        server.server_close()
        thread.join()
