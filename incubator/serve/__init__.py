"""Starting the production server: gunicorn with its gevent worker, one process a port.

Nothing here imports the application: the worker does, after gevent has patched the interpreter.
"""

from __future__ import annotations

import errno
import os
import socket
import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from incubator.kernel.settings import Settings

APPLICATION = "incubator.serve.application:make()"
WORKER = "incubator.serve.worker.Worker"
# Every open socket holds a place; the kernel's own limit on open files comes first.
CONNECTIONS = 4_000
STOP_SECONDS = 4


class PortInUse(Exception):
    """The address cannot be listened on; the message is one clear sentence."""


def gunicorn_options(settings: Settings) -> dict[str, str | int | None]:
    """What gunicorn is told, by the names of its command line; None for a bare flag."""
    host = f"[{settings.listen_host}]" if ":" in settings.listen_host else settings.listen_host
    return {
        "bind": f"{host}:{settings.listen_port}",
        # Sockets, counters and the tailer live in one process; more processes, more ports.
        "workers": 1,
        "worker-class": WORKER,
        "worker-connections": CONNECTIONS,
        "graceful-timeout": STOP_SECONDS,
        "timeout": 60,
        "keep-alive": 5,
        "max-requests": 0,
        "forwarded-allow-ips": "*" if settings.trusted_proxies else "127.0.0.1",
        "limit-request-line": 8_190,
        "log-level": "warning",
        "no-control-socket": None,
    }


def check_port(settings: Settings) -> None:
    """Raise PortInUse when somebody listens there already, or nobody may."""
    where = f"{settings.listen_host}:{settings.listen_port}"
    family = socket.AF_INET6 if ":" in settings.listen_host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.listen_host, settings.listen_port))
        except OSError as error:
            msg = f"The server cannot listen on {where}: {error.strerror}."
            if error.errno == errno.EADDRINUSE:
                choose = "stop it, or choose another port with INCUBATOR_LISTEN_PORT"
                msg = f"Something already answers on {where}: {choose}."
            raise PortInUse(msg) from error


def command_line(settings: Settings) -> list[str]:
    """The whole command by which this process becomes the server."""
    options = [
        f"--{name}" if value is None else f"--{name}={value}"
        for name, value in gunicorn_options(settings).items()
    ]
    return [sys.executable, "-m", "gunicorn", *options, APPLICATION]


def serve(settings: Settings) -> NoReturn:
    """Become the server. Raise PortInUse before, never return after."""
    check_port(settings)
    command = command_line(settings)
    sys.stdout.flush()
    os.execv(command[0], command)  # noqa: S606 - our own interpreter
