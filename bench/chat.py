"""``make bench-chat``: what a message costs in rooms of 50, 500 and 2,000 members.

The product stores each message before it tells it. Beside it, in the same run: a bare loop of
Python over WebSockets, Socket.IO for Node.js (from npm, so this one needs the network once) and
Flask-SocketIO as it comes; these three store nothing. Servers on one core, their clients on
another.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests

from bench.chat_clients import Crowd, Tongue
from bench.chat_filling import Kitchen, fill_kitchen
from bench.harness import LOAD_CORE, ROOT, SERVER_CORE, free_port, pin

SIZES = tuple(int(size) for size in os.environ.get("BENCH_ROOM", "50,500,2000").split(","))
RATED = 500
WINDOWS = (1, 32)
DELIVERIES = 200_000
# The product lets a member say twenty things at once, in both windows together.
EACH = 8
PER_SECOND = 20
RATED_MESSAGES = 300
PAGES_PER_SECOND = 60
START_SECONDS = 60.0
NODE = "socket.io@4.8.4"
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Server:
    """A running server: how it is spoken to, and what its processes cost."""

    name: str
    process: subprocess.Popen[bytes]
    tongue: Tongue
    # (window, size) to deliveries a second, and to microseconds of processor a delivery.
    rates: dict[tuple[int, int], float] = field(default_factory=dict)
    costs: dict[tuple[int, int], float] = field(default_factory=dict)
    memory: dict[int, float] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)

    def _processes(self) -> list[int]:
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
        return [pid, *map(int, children)]

    def cpu(self) -> float:
        """Seconds of processor so far."""
        spent = 0
        for pid in self._processes():
            words = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
            spent += int(words[11]) + int(words[12])
        return spent / TICK

    def kib(self) -> int:
        """Memory of its own (proportional set size), in KiB."""
        total = 0
        for pid in self._processes():
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
            total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        return total


def main() -> None:
    """Start four servers, let crowds talk, tell what it took."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        kitchen = fill_kitchen(Path(folder) / "instance", max(SIZES))
        subjects = {
            "bare": stack.enter_context(_floor("bare", [sys.executable, "-c", BARE])),
            "node": stack.enter_context(_node(Path(folder) / "node")),
            "stock": stack.enter_context(_floor("stock", STOCK)),
            "product": stack.enter_context(_product(kitchen)),
        }
        pin(LOAD_CORE)
        for size in SIZES:
            for subject in subjects.values():
                _saturate(subject, size)
        for subject in subjects.values():
            subject.waits = _paced(subject)
        product = subjects["product"]
        more = {
            "p99_ms_20x500_with_pages": _part(_with_pages(product, kitchen), 0.99),
            "joined_cpu_s": _storm(product, max(SIZES)),
            "stop_s": _stop(product, max(SIZES)),
        }
        _table(subjects)
        _report(subjects, more)


BARE = "from bench.chat_floor import bare; bare()"
STOCK = [
    *(sys.executable, "-m", "gunicorn", "--worker-class=gevent", "--worker-connections=4000"),
    *("--bind=127.0.0.1:{port}", "--no-control-socket", "--graceful-timeout=1"),
    "bench.chat_floor:stock()",
]
IO_PATH = "/socket.io/?EIO=4&transport=websocket"


@contextmanager
def _running(name: str, command: Sequence[str], tongue: Tongue, **more: str) -> Generator[Server]:
    pinned = ["taskset", "--cpu-list", str(SERVER_CORE), *command]
    words = [word.format(port=tongue.port) for word in pinned]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "BENCH_PORT": str(tongue.port), **more}
    with subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            _await(tongue.port, process)
            yield Server(name, process, tongue)
        finally:
            process.terminate()


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    msg = f"no server on port {port}"
    raise RuntimeError(msg)


@contextmanager
def _floor(name: str, command: Sequence[str]) -> Generator[Server]:
    tongue = Tongue(free_port(), "/", lambda _number, text: text)
    if name != "bare":
        tongue = _socket_io(tongue.port)
    with _running(name, command, tongue) as server:
        yield server


def _socket_io(port: int) -> Tongue:
    return Tongue(
        port,
        IO_PATH,
        lambda _number, text: "42/chat,7" + json.dumps(["say", text]),
        greet=[("40/chat,", b"40/chat,")],
        first=b"0{",
    )


@contextmanager
def _node(folder: Path) -> Generator[Server]:
    """Socket.IO for Node.js, from npm."""
    folder.mkdir()
    (folder / "package.json").write_text("{}", "utf-8")
    npm = shutil.which("npm") or "npm"
    subprocess.run(
        [npm, "install", "--silent", "--no-audit", "--no-fund", NODE], cwd=folder, check=True
    )
    script = shutil.copy(ROOT / "bench" / "chat_node.js", folder / "server.js")
    with _running("node", ["node", str(script)], _socket_io(free_port())) as server:
        yield server


@contextmanager
def _product(kitchen: Kitchen) -> Generator[Server]:
    port = free_port()

    def say(_number: int, text: str) -> str:
        words = {"room": kitchen.room_id, "cid": uuid.uuid4().hex, "md": text}
        return "42/chat,7" + json.dumps(["send", words])

    hello = json.dumps({"v": 1, "token": kitchen.csrf})
    join = json.dumps(["join", {"room": kitchen.room_id}])
    tongue = Tongue(
        port,
        IO_PATH,
        say,
        greet=[(f"40/chat,{hello}", b"40/chat,"), (f"42/chat,1{join}", b"43/chat,1[")],
        first=b"0{",
        headers=lambda number: f"Cookie: incubator={kitchen.cookies[number]}\r\n",
    )
    settings = {
        "INCUBATOR_INSTANCE_DIR": str(kitchen.instance),
        "INCUBATOR_LISTEN_PORT": str(port),
        "INCUBATOR_BASE_URL": f"http://127.0.0.1:{port}",
        "INCUBATOR_RUN_JOBS": "false",
    }
    run = "from incubator.cli.main import main; main(['run'])"
    with _running("product", [sys.executable, "-c", run], tongue, **settings) as server:
        yield server


@contextmanager
def _crowd(subject: Server, size: int) -> Generator[Crowd]:
    crowd = Crowd(subject.tongue, size)
    try:
        crowd.connect()
        yield crowd
    finally:
        crowd.close()


def _saturate(subject: Server, size: int) -> None:
    before = subject.kib()
    with _crowd(subject, size) as crowd:
        subject.memory[size] = (subject.kib() - before) / size
        for window in WINDOWS:
            messages = min(size * EACH, max(window * 4, DELIVERIES // size))
            crowd.saturate(window, window)
            spent = subject.cpu()
            seconds = crowd.saturate(messages, window)
            deliveries = messages * size
            subject.rates[window, size] = deliveries / seconds
            subject.costs[window, size] = (subject.cpu() - spent) / deliveries * 1e6


def _paced(subject: Server) -> list[float]:
    with _crowd(subject, RATED) as crowd:
        return crowd.paced(RATED_MESSAGES, PER_SECOND)


def _with_pages(subject: Server, kitchen: Kitchen) -> list[float]:
    """The same while somebody reads pages of the product, so many a second."""
    reader = subprocess.Popen(
        [sys.executable, "-c", READING, str(subject.tongue.port), kitchen.cookies[0]], cwd=ROOT
    )
    try:
        return _paced(subject)
    finally:
        reader.kill()
        reader.wait()


READING = f"""
import sys, time, requests
port, cookie = sys.argv[1:]
address, who = f"http://127.0.0.1:{{port}}/entraide", {{"Cookie": f"incubator={{cookie}}"}}
with requests.Session() as browser:
    begun = time.monotonic()
    for number in range(10**6):
        time.sleep(max(0, begun + number / {PAGES_PER_SECOND} - time.monotonic()))
        browser.get(address, headers=who)
"""


def _storm(subject: Server, size: int) -> float:
    """Seconds of processor until all have come back at once."""
    with _crowd(subject, size):
        pass
    requests.get(f"http://127.0.0.1:{subject.tongue.port}/health", timeout=30)
    spent = subject.cpu()
    with _crowd(subject, size):
        return subject.cpu() - spent


def _stop(subject: Server, size: int) -> float:
    """Seconds from the signal to the end of the server, with so many sockets open."""
    with _crowd(subject, size):
        begun = time.monotonic()
        subject.process.send_signal(signal.SIGTERM)
        subject.process.wait(timeout=START_SECONDS)
        return time.monotonic() - begun


def _part(waits: Sequence[float], part: float) -> float:
    return waits[min(len(waits) - 1, int(len(waits) * part))] * 1000


def _table(subjects: dict[str, Server]) -> None:
    columns = [(window, size) for window in WINDOWS for size in SIZES]
    heads = "".join(f"{f'W={window} N={size}':>14}" for window, size in columns)
    print(f"{'deliveries/s':<12}{heads}{'KiB/conn':>10}{'p50 ms':>8}{'p99 ms':>8}")
    for name, one in subjects.items():
        rates = "".join(f"{one.rates[column]:>14,.0f}" for column in columns)
        tail = "".join(f"{_part(one.waits, part):>8.1f}" for part in (0.5, 0.99))
        print(f"{name:<12}{rates}{one.memory[max(SIZES)]:>10.1f}{tail}")
        print(f"{'':<12}" + "".join(f"{one.costs[column]:>11.2f} us" for column in columns))


def _report(subjects: dict[str, Server], more: dict[str, float]) -> None:
    """The last line: one JSON object."""
    product, node = subjects["product"], subjects["node"]
    wide = [(WINDOWS[-1], size) for size in SIZES if size >= RATED]

    def beside(floor: str) -> float:
        rates = subjects[floor].rates
        return statistics.median(product.rates[one] / rates[one] for one in wide)

    ratios = {
        "vs_node_socketio": beside("node"),
        "vs_python_floor": beside("bare"),
        "vs_stock": beside("stock"),
        "p99_vs_node": _part(product.waits, 0.99) / _part(node.waits, 0.99),
    }
    # By crowd, and by how many messages each has under way: one alone is never the whole picture.
    ratios |= {
        f"vs_node_{size}_window_{window}": rate / node.rates[window, size]
        for (window, size), rate in product.rates.items()
    }
    figures = {
        "deliveries_per_s": product.rates[wide[-1]],
        "p99_ms_20x500": _part(product.waits, 0.99),
        "kib_per_connection": product.memory[max(SIZES)],
    } | more
    shown = {
        "bench": "chat",
        "ratios": {name: round(value, 3) for name, value in ratios.items()},
        "figures": {name: round(value, 2) for name, value in figures.items()},
    }
    print(json.dumps(shown))


if __name__ == "__main__":
    main()
