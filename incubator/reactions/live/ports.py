"""What the tailer and the handlers of events need of the live part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Flask

    from incubator.kernel.settings import Settings
    from incubator.reactions.live.conns import Conn, Conns
    from incubator.reactions.live.doorbell import Doorbell
    from incubator.reactions.live.presence import Presence


class Hub(Protocol):
    """The sockets of one process; see ``service.Live``."""

    app: Flask
    settings: Settings
    conns: Conns
    doorbell: Doorbell
    presence: Presence
    stopping: bool

    def emit(self, event: str, payload: object, **where: Any) -> None:
        """Send to sockets of this process."""

    def hang_up(self, conn: Conn, why: str) -> None:
        """Say why and close."""

    def queued(self, conn: Conn) -> int:
        """How many packets wait for a socket."""

    def lags(self, conn: Conn) -> bool:
        """Whether so much waits for a socket that it is told nothing that may be lost."""

    def open(self, conn: Conn, room_id: int, after: int = 0) -> None:
        """A socket follows a room, but for what was said up to ``after``."""

    def close(self, conn: Conn, room_id: int) -> None:
        """A socket follows a room no more."""

    def seat(self, conn: Conn, room_ids: Iterable[int]) -> None:
        """The rooms whose heads a socket wants to know."""
