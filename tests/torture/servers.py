"""Servers of our own to be killed: PostgreSQL and Redis in a folder, nginx as HOSTING.md has it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import stat
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import redis

from tests.programs import program
from tests.sockets import real

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
ROOT_USER = 0


@dataclass
class Program:
    """A server that can be killed at any moment and started again."""

    command: Sequence[str]
    log: Path
    user: str | None = None
    deaths: int = 0
    _running: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._running = subprocess.Popen(
                self.command, stdout=log, stderr=log, user=self.user, start_new_session=True
            )

    def kill(self, sign: signal.Signals = signal.SIGKILL) -> None:
        """End it, with all its children for SIGKILL; wait until it is gone."""
        if self._running is None:
            return
        with suppress(ProcessLookupError):
            if sign is signal.SIGKILL:
                os.killpg(self._running.pid, sign)
            else:
                self._running.send_signal(sign)
        self._running.wait(real.PATIENCE)
        self._running = None
        self.deaths += 1


def _postgres_user() -> str | None:
    # PostgreSQL refuses to run as root.
    return "postgres" if os.geteuid() == ROOT_USER else None


def url_of(port: int) -> str:
    """The address of our own PostgreSQL."""
    return f"postgresql://postgres@127.0.0.1:{port}/postgres"


def postgres_answers(port: int) -> bool:
    """Whether PostgreSQL takes connections on a port."""
    try:
        psycopg.connect(url_of(port), connect_timeout=2).close()
    except psycopg.Error:
        return False
    return True


@contextmanager
def open_folder() -> Generator[Path]:
    """A folder that PostgreSQL's user reaches too: no parent of it is shut to others."""
    usual = (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp"))  # noqa: S108 - its parent
    place = next(filter(reachable, usual), None)
    with tempfile.TemporaryDirectory(dir=place) as made:
        Path(made).chmod(0o755)
        yield Path(made)


def reachable(folder: Path) -> bool:
    """Whether any user comes through all the folders that lead here."""
    ways = (folder.resolve(), *folder.resolve().parents)
    return all(way.is_dir() and way.stat().st_mode & stat.S_IXOTH for way in ways)


@contextmanager
def postgres(folder: Path, port: int) -> Generator[Program]:
    """A cluster of our own, which keeps what it acknowledged even when it crashes."""
    data, user = folder / "postgres", _postgres_user()
    data.mkdir()
    if user:
        shutil.chown(data, user)
    start = [program("initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
    subprocess.run([*start, "--locale=C.UTF-8"], check=True, user=user, cwd="/", **QUIET)
    options = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "max_connections": 200,
    }
    told = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    server = Program([program("postgres"), "-D", str(data), *told], folder / "postgres.log", user)
    server.start()
    real.until(lambda: postgres_answers(port), what="PostgreSQL answers")
    try:
        yield server
    finally:
        server.kill(signal.SIGQUIT)


def redis_answers(port: int) -> bool:
    """Whether Redis answers on a port."""
    client = redis.Redis(port=port, socket_connect_timeout=2, socket_timeout=2)
    with suppress(redis.RedisError), client:
        return bool(client.ping())
    return False


@contextmanager
def redis_server(folder: Path, port: int) -> Generator[Program]:
    """A Redis that keeps nothing."""
    told = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    server = Program([program("redis-server"), *told], folder / "redis.log")
    server.start()
    real.until(lambda: redis_answers(port), what="Redis answers")
    try:
        yield server
    finally:
        server.kill()


def certificate(folder: Path) -> None:
    """A certificate that nobody signed, for the address of this machine."""
    made = ["-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    out = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "fullchain.pem")]
    command = [program("openssl"), "req", "-x509", *made, *out]
    subprocess.run(command, check=True, **QUIET)


def documented() -> str:
    """The configuration of nginx that docs/HOSTING.md tells people to write."""
    text = (real.ROOT / "docs/HOSTING.md").read_text("utf-8")
    found = re.search(r"```nginx\n(.*?)```", text, re.DOTALL)
    assert found
    return found.group(1)


def configured(folder: Path, port: int, plain: int, backends: Sequence[int]) -> str:
    """The documented configuration with the ports, paths and servers of this run."""
    upstream = " ".join(f"server 127.0.0.1:{one};" for one in backends)
    site = documented()
    for old, new in {
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{port} ssl http2;",
        "intranet.example": "127.0.0.1",
        "/etc/ssl/intranet": str(folder),
        "proxy_pass http://127.0.0.1:8000;": "proxy_pass http://incubator;",
    }.items():
        assert old in site, old
        site = site.replace(old, new)
    temporary = "\n".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return (
        f"daemon off; worker_processes 1; pid {folder}/nginx.pid;\n"
        f"error_log {folder}/nginx.log warn;\n"
        f"events {{ worker_connections 2048; }}\nhttp {{\naccess_log off;\n{temporary}\n"
        f"upstream incubator {{ least_conn; {upstream} }}\n{site}\n}}\n"
    )


@contextmanager
def nginx(folder: Path, port: int, backends: Sequence[int]) -> Generator[Program]:
    """nginx before servers, by the configuration people are told to write."""
    certificate(folder)
    written = configured(folder, port, real.free_port(), backends)
    (folder / "nginx.conf").write_text(written, "utf-8")
    command = [program("nginx"), "-c", str(folder / "nginx.conf"), "-e", str(folder / "nginx.log")]
    server = Program(command, folder / "nginx.out")
    server.start()
    try:
        yield server
    finally:
        server.kill(signal.SIGQUIT)
