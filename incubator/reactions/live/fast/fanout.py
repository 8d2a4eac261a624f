"""Who is in which room, so that a message to many is encoded and framed once."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import socketio
from engineio import packet as engine_packet
from socketio import packet

from incubator.reactions.live.fast.line import Line, framed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Key = tuple[str, str | None]


class FanOut(socketio.Manager):
    """The manager of python-socketio, with the lines of each room at hand.

    Whatever it does not know (callbacks, several rooms at once, attachments, clients that are no
    lines, such as the test client's) goes the stock way.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lines: dict[Key, list[Line] | None] = {}
        self._rooms_of: defaultdict[tuple[str, str], set[str | None]] = defaultdict(set)

    def emit(  # noqa: PLR0917 - the signature is python-socketio's
        self,
        event: str,
        data: Any,
        namespace: str,
        room: Any = None,
        skip_sid: str | Iterable[str] | None = None,
        callback: Callable[..., Any] | None = None,
        to: Any = None,
        **kwargs: Any,
    ) -> None:
        """Send an event to a room or to everybody of a namespace."""
        room = to or room
        lines = None if callback else self._lines_in(namespace, room)
        frame = None if lines is None else self._frame(event, data, namespace)
        if lines is None or frame is None:
            super().emit(event, data, namespace, room, skip_sid, callback, **kwargs)
            return
        skipped = self._skipped(namespace, skip_sid)
        if skipped:
            lines = [line for line in lines if line.sid not in skipped]
        for line in lines:
            line.write(frame)

    def _frame(self, event: str, data: Any, namespace: str) -> bytes | None:
        if isinstance(data, tuple):
            return None
        words = [event] if data is None else [event, data]
        made = self.server.packet_class(packet.EVENT, namespace=namespace, data=words).encode()
        if not isinstance(made, str):
            return None
        return framed(engine_packet.Packet(engine_packet.MESSAGE, made))

    def _skipped(self, namespace: str, sids: str | Iterable[str] | None) -> set[str]:
        if sids is None:
            return set()
        named = [sids] if isinstance(sids, str) else sids
        found = (self.eio_sid_from_sid(sid, namespace) for sid in named)
        return {eio_sid for eio_sid in found if eio_sid}

    def _lines_in(self, namespace: str, room: Any) -> list[Line] | None:
        """The lines of a room; None when not all of its clients are lines."""
        if room is not None and not isinstance(room, str):
            return None
        key = (namespace, room)
        try:
            return self._lines[key]
        except KeyError:
            found = self._lines[key] = self._look_up(key)
            return found

    def _look_up(self, key: Key) -> list[Line] | None:
        members = self.rooms.get(key[0], {}).get(key[1], {})
        sockets = self.server.eio.sockets
        lines = [sockets.get(eio_sid) for eio_sid in members.values()]
        return lines if all(isinstance(line, Line) for line in lines) else None

    def basic_enter_room(  # noqa: PLR0917 - the signature is python-socketio's
        self, sid: str, namespace: str, room: str | None, eio_sid: str | None = None
    ) -> None:
        """Note that a client is in a room."""
        super().basic_enter_room(sid, namespace, room, eio_sid)
        self._rooms_of[namespace, sid].add(room)
        self._lines.pop((namespace, room), None)

    def basic_leave_room(self, sid: str, namespace: str, room: str | None) -> None:
        """Note that a client is in a room no more."""
        super().basic_leave_room(sid, namespace, room)
        self._rooms_of[namespace, sid].discard(room)
        self._lines.pop((namespace, room), None)

    def basic_disconnect(self, sid: str, namespace: str, **kwargs: Any) -> None:
        """Forget a client; costs as much as it has rooms, not as there are rooms."""
        del kwargs
        for room in self._rooms_of.pop((namespace, sid), set()):
            super().basic_leave_room(sid, namespace, room)
            self._lines.pop((namespace, room), None)
        self.callbacks.pop(sid, None)
        for pending in (self.pending_connect, self.pending_disconnect):
            if sid in pending.get(namespace, ()):
                pending[namespace].remove(sid)
                if not pending[namespace]:
                    del pending[namespace]
