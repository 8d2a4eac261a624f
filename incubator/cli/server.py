"""Starting the server from the command line."""

from __future__ import annotations

import errno
import socket
from typing import TYPE_CHECKING

from incubator import serve

if TYPE_CHECKING:
    from incubator.kernel.settings import Settings


class CannotServe(Exception):
    """The server cannot start; the message is one clear sentence."""


def check_port(settings: Settings) -> None:
    """Raise CannotServe when the address is taken or not ours."""
    family = socket.AF_INET6 if ":" in settings.listen_host else socket.AF_INET
    where = f"{settings.listen_host}:{settings.listen_port}"
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.listen_host, settings.listen_port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                msg = (
                    f"Something already answers on {where}: stop it, or choose another port "
                    f"with INCUBATOR_LISTEN_PORT."
                )
            else:
                msg = f"The server cannot listen on {where}: {error.strerror}."
            raise CannotServe(msg) from error


def run(settings: Settings) -> None:
    """Become the server; never returns."""
    serve.serve(settings)
