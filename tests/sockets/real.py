"""The production server as its own process, and raw WebSocket clients that speak to it."""

from __future__ import annotations

import json
import os
import queue
import signal
import socket
import subprocess
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests
import websocket
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from incubator import serve
from incubator.app import create_app
from incubator.kernel.db import db, transaction, utcnow
from incubator.kernel.settings import Settings
from incubator.network.accounts import sessions
from tests.factories import Make
from tests.fresh import fresh

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from flask import Flask

ROOT = Path(__file__).parents[2]
SECRET = "s" * 40
RAW = "a" * 40
PATIENCE = 30.0
# Under coverage, beside other work: a start is three seconds of one idle processor.
START = 120.0
SPACE = "/chat"


def until(true: Callable[[], Any], seconds: float = PATIENCE, what: str = "") -> Any:
    """Wait for a condition; its value."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = true()
        if value:
            return value
        threading.Event().wait(0.02)
    msg = f"not within {seconds} s: {what or true}"
    raise AssertionError(msg)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Network:
    """A database with people in it, shared by servers and test."""

    settings: Settings
    app: Flask
    make: Make

    @contextmanager
    def inside(self) -> Generator[None]:
        with self.app.app_context():
            yield

    def cookie(self, member_id: int) -> str:
        """The cookie of a device newly signed in."""
        with self.inside(), transaction():
            token = sessions.start(member_id, address="127.0.0.1", device="test", now=utcnow())
        value = {"_user_id": token, "_fresh": True, "_permanent": True, "csrf_token": RAW}
        signer = SecureCookieSessionInterface().get_signing_serializer(self.app)
        assert signer
        return f"incubator={signer.dumps(value)}"


def csrf() -> str:
    """The token of a page whose cookie holds RAW."""
    return str(URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps(RAW))


@contextmanager
def network(folder: Path, database_url: str, port: int) -> Generator[Network]:
    """An empty database at its newest schema."""
    settings = Settings(
        instance_dir=folder,
        secret_key=SECRET,
        database_url=database_url,
        base_url=f"http://127.0.0.1:{port}",
        listen_port=port,
    )
    app = create_app(settings)
    with app.app_context():
        fresh(db.engine)
    try:
        yield Network(settings, app, Make(settings=settings, now=utcnow()))
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@dataclass
class Server:
    """gunicorn on a port."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def workers(self) -> list[int]:
        """The processes of the workers."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
        return [int(child) for child in children.split()]

    def kill_worker(self) -> None:
        for pid in self.workers:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def memory(self) -> int:
        """Bytes held by the worker."""
        status = Path(f"/proc/{self.workers[0]}/status").read_text("ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) * 1024

    def answers(self) -> bool:
        try:
            return requests.get(f"http://127.0.0.1:{self.port}/health", timeout=2).ok
        except requests.RequestException:
            return False

    def stop(self) -> float:
        """Ask it to stop; how long it took (s)."""
        began = time.monotonic()
        self.process.terminate()
        self.process.wait(PATIENCE)
        return time.monotonic() - began


@contextmanager
def server(
    net: Network,
    port: int,
    *,
    redis_url: str = "",
    base: int = 0,
    more: Mapping[str, str] | None = None,
) -> Generator[Server]:
    """The server on a port; ``base`` is the port by which people reach it, ``more`` settings."""
    environment = {
        "INCUBATOR_SECRET_KEY": SECRET,
        "INCUBATOR_DATABASE_URL": net.settings.database_url,
        "INCUBATOR_BASE_URL": f"http://127.0.0.1:{base or port}",
        "INCUBATOR_LISTEN_PORT": str(port),
        "INCUBATOR_REDIS_URL": redis_url,
        "INCUBATOR_RUN_JOBS": "false",
        **(more or {}),
    }
    settings = Settings.load(net.settings.instance_dir, environment)
    log = (net.settings.instance_dir / f"server-{port}.log").open("wb")
    with (
        log,
        subprocess.Popen(
            serve.command_line(settings),
            cwd=ROOT,
            env=os.environ | environment,
            stdout=log,
            stderr=log,
        ) as process,
    ):
        found = Server(port, process)
        try:
            until(found.answers, START, "the server answers")
            yield found
        finally:
            process.kill() if process.poll() is None and stuck(process) else None


def stuck(process: subprocess.Popen[bytes]) -> bool:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        return True
    return False


# The answers that are waited for, by the number of their question.
Waiting = dict[int, "queue.Queue[Any]"]


@dataclass
class Raw:
    """A client that speaks Socket.IO by hand over one WebSocket at a time."""

    port: int
    cookie: str
    base: int = 0
    token: str = field(default_factory=csrf)
    events: list[tuple[str, Any]] = field(default_factory=list)
    open: bool = False
    refused: Any = None
    _acks: Waiting = field(default_factory=dict)
    _next: int = 0
    _line: websocket.WebSocket | None = None
    _reader: threading.Thread | None = None

    def handshake(self, **more: Any) -> websocket.WebSocket:
        """A raw connection, before anything is said on it."""
        options = {"origin": f"http://127.0.0.1:{self.base or self.port}", "timeout": PATIENCE}
        options |= {"cookie": self.cookie} | more
        url = f"ws://127.0.0.1:{self.port}/socket.io/?EIO=4&transport=websocket"
        return websocket.create_connection(url, **options)

    def connect(self) -> Raw:
        """Shake hands, say who we are, begin to listen."""
        line = self._line = self.handshake()
        assert line.recv().startswith("0{")
        line.send(f"40{SPACE}," + json.dumps({"v": 1, "token": self.token}))
        answer = line.recv()
        if not answer.startswith(f"40{SPACE},"):
            self.refused = answer
            line.close()
            return self
        self.open = True
        self._acks = {}
        told = (line, self._acks)
        self._reader = threading.Thread(target=self._listen, args=told, daemon=True)
        self._reader.start()
        return self

    def _listen(self, line: websocket.WebSocket, acks: Waiting) -> None:
        line.settimeout(60)
        with suppress(OSError, websocket.WebSocketException, ValueError):
            while frame := line.recv():
                self._hear(line, frame)
        self.open = False
        line.shutdown()
        # Who still waits for an answer learns that none comes.
        for box in list(acks.values()):
            box.put(None)

    def _hear(self, line: websocket.WebSocket, frame: str) -> None:
        if frame == "2":
            line.send("3")
        elif frame.startswith(f"42{SPACE},"):
            name, payload = json.loads(frame[len(f"42{SPACE},") :])
            self.events.append((name, payload))
        elif frame.startswith(f"43{SPACE},"):
            number, _, body = frame[len(f"43{SPACE},") :].partition("[")
            with suppress(KeyError):
                self._acks.pop(int(number)).put(json.loads("[" + body)[0])
        elif frame.startswith((f"41{SPACE}", "1")):
            line.shutdown()

    def ask(
        self, event: str, payload: Any = None, seconds: float = PATIENCE
    ) -> dict[str, Any] | None:
        """The acknowledgement; None when none came, at once where the line ended."""
        line = self._line
        if line is None or not self.open:
            return None
        self._next += 1
        number, box = self._next, queue.Queue[Any]()
        self._acks[number] = box
        try:
            line.send(
                f"42{SPACE},{number}" + json.dumps([event, {} if payload is None else payload])
            )
            answer = box.get(timeout=seconds)
        except (OSError, websocket.WebSocketException, queue.Empty):
            return None
        return None if answer is None else dict(answer)

    def throw(self, data: bytes) -> None:
        """Bytes as they are. Raises OSError when the server takes no more."""
        assert self._line
        self._line.sock.sendall(data)

    def heard(self, name: str) -> list[Any]:
        return [payload for event, payload in list(self.events) if event == name]

    def close(self) -> None:
        """Cut the line."""
        if self._line is not None:
            with suppress(OSError, AttributeError):
                self._line.sock.shutdown(socket.SHUT_RDWR)
            self._line.shutdown()
        if self._reader is not None:
            self._reader.join(10)
