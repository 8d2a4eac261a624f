"""A real mail server on this machine that takes letters and answers as it is told."""

from __future__ import annotations

import socket
from typing import Any


class Sink:
    """A mail server that keeps what it takes, after refusing as often as told."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.refusals: list[str] = []
        self.farewell = ""
        self.unknown: dict[str, str] = {}
        self.port = 0

        # aiosmtpd finds its hooks by these names.
        self.handle_DATA, self.handle_QUIT = self._take, self._part
        self.handle_RCPT = self._to

    async def _to(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if address in self.unknown:
            return self.unknown[address]
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def _take(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.refusals:
            return self.refusals.pop(0)
        self.taken.append(envelope.content)
        return "250 taken"

    async def _part(self, _server: Any, _session: Any, _envelope: Any) -> str:
        return self.farewell or "221 bye"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
