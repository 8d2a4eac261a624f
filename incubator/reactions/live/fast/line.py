"""One client: what Engine.IO calls a socket, over a descriptor that never blocks."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Protocol

from engineio import packet

from incubator.reactions.live.fast import framing
from incubator.reactions.live.transport import MAX_MESSAGE

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

log = logging.getLogger(__name__)

READ, WRITE = 1, 2
CHUNK = 64 * 1024
# Who lets that much wait is cut off; what they missed is in the log of the room.
MOST_WAITING = 1024 * 1024
# Messages of one client that wait for a handler, before no more are read.
MOST_UNREAD = 32
PONG = "3"


class Owner(Protocol):
    """What a line needs of the engine."""

    sockets: dict[str, Any]
    handlers: dict[str, Callable[..., Any]]
    reason: Any

    def dirty(self, line: Line) -> None:
        """Write out this line at the end of this turn of the loop."""

    def ready(self, line: Line) -> None:
        """Serve what came in on this line."""


class Line:
    """A connected client. ``waiting`` is the bytes it has not taken yet.

    What runs in the loop (reading, writing) never waits; what may (handlers) runs in a greenlet
    of the engine, one message at a time and in order.
    """

    __slots__ = (
        "_end",
        "_inbox",
        "_loop",
        "_out",
        "_owner",
        "_reader",
        "_reading",
        "_rest",
        "_sock",
        "_writing",
        "asked",
        "closed",
        "closing",
        "serving",
        "session",
        "sid",
        "waiting",
    )

    def __init__(
        self, owner: Owner, sid: str, *, sock: socket.socket, loop: Any, end: Callable[[], None]
    ) -> None:
        self._owner, self.sid, self._sock, self._loop, self._end = owner, sid, sock, loop, end
        self._reader = framing.Reader(MAX_MESSAGE)
        # None at the end of the list: the client is gone, and the handlers do not know yet.
        self._inbox: list[str | bytes | None] = []
        self._out: list[bytes] = []
        self._rest = b""
        self.waiting = 0
        self.closed = self.closing = self.serving = False
        # Whether a pong is owed.
        self.asked = False
        self.session: dict[str, Any] | None = None
        self._writing: Any = None
        self._reading = loop.io(sock.fileno(), READ)
        self._reading.start(self._readable)

    @property
    def listening(self) -> bool:
        """Whether more is read: not while too much waits for a handler."""
        return not self.closed and bool(self._reading.active)

    def is_serving(self) -> bool:
        """Whether something that came in waits for a handler, or is with one."""
        return self.serving

    @property
    def held(self) -> int:
        """How many frames wait for a client that takes none."""
        return len(self._out) if self.waiting else 0

    def send(self, pkt: packet.Packet) -> None:
        """Send a packet of Engine.IO; one for a client that is gone is forgotten."""
        self.write(framed(pkt))

    def write(self, data: bytes) -> None:
        """Send a frame, with all others of this turn of the loop; never waits."""
        if self.closed:
            return
        if self.waiting:
            self.waiting += len(data)
            if self.waiting > MOST_WAITING:
                log.info("a socket reads too slowly")
                self.cut()
                return
        elif not self._out:
            self._owner.dirty(self)
        self._out.append(data)

    def flush(self) -> None:
        """Hand the kernel what waits."""
        out = self._out
        if not out and not self._rest:
            return
        data = out[0] if len(out) == 1 else b"".join(out)
        if self._rest:
            data = self._rest + data
        out.clear()
        try:
            sent = self._sock.send(data)
        except BlockingIOError:
            sent = 0
        except OSError:
            self.cut()
            return
        if self._rest or sent < len(data):
            self._leave(data[sent:])

    def _leave(self, rest: bytes) -> None:
        """Keep what the kernel did not take until it can take more."""
        self._rest, self.waiting = rest, len(rest)
        if not rest:
            self._writing.stop()
            return
        if self._writing is None:
            self._writing = self._loop.io(self._sock.fileno(), WRITE)
        if not self._writing.active:
            self._writing.start(self.flush)

    def _readable(self) -> None:
        try:
            data = self._sock.recv(CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.cut()
            return
        try:
            for opcode, body in self._reader.feed(data):
                self._take(opcode, body)
        except framing.BadFrame as error:
            self.end(error.code)

    def _take(self, opcode: int, body: str | bytes) -> None:
        if self.closed:
            return
        if isinstance(body, str):
            if body == PONG:
                self.asked = False
            else:
                self._hold(body)
        elif opcode == framing.BINARY:
            self._hold(body)
        elif opcode == framing.PING:
            self.write(framing.frame(framing.PONG, body))
        elif opcode == framing.CLOSE:
            self.write(framing.frame(framing.CLOSE, body))
            self.end(None)

    def _hold(self, message: str | bytes | None) -> None:
        self._inbox.append(message)
        if len(self._inbox) >= MOST_UNREAD and not self.closed:
            self._reading.stop()
        if not self.serving:
            self.serving = True
            self._owner.ready(self)

    def serve(self) -> bool:
        """Serve the next message that came in; whether more wait. Called in a greenlet."""
        message = self._inbox.pop(0)
        if message is None:
            self._tell_the_end(self._owner.reason.TRANSPORT_CLOSE)
        elif not self.closing:
            self._receive(message)
        self.serving = bool(self._inbox)
        if not self.serving and not self.closed and not self.listening:
            self._reading.start(self._readable)
        return self.serving

    def _receive(self, message: str | bytes) -> None:
        """Do what a packet asks; what is none of Engine.IO's ends the connection."""
        try:
            pkt = packet.Packet(encoded_packet=message)
            if pkt.packet_type == packet.MESSAGE:
                self._owner.handlers["message"](self.sid, pkt.data)
            elif pkt.packet_type == packet.CLOSE:
                self.close(abort=True, reason=self._owner.reason.CLIENT_DISCONNECT)
            elif pkt.packet_type != packet.NOOP:
                self.close(abort=True, reason=self._owner.reason.TRANSPORT_ERROR)
        except Exception:
            # Whatever a client sends ends here.
            log.info("a socket ended badly", exc_info=True)
            self.end(framing.BROKEN)

    def ping(self) -> None:
        """Ask whether somebody is there."""
        self.asked = True
        self.send(packet.Packet(packet.PING))

    def close(self, *, wait: bool = True, abort: bool = False, reason: str | None = None) -> None:
        """Tell the handlers, say goodbye, hang up; never waits."""
        del wait
        if self.closing:
            return
        self._tell_the_end(reason or self._owner.reason.SERVER_DISCONNECT)
        if not abort:
            self.send(packet.Packet(packet.CLOSE))
        self.end(framing.NORMAL)

    def _tell_the_end(self, reason: str) -> None:
        if self.closing:
            return
        self.closing = True
        try:
            self._owner.handlers["disconnect"](self.sid, reason)
        except Exception:
            log.exception("the end of a socket stumbled")
        self._owner.sockets.pop(self.sid, None)

    def end(self, code: int | None) -> None:
        """Write what waits and a last frame (none for None), then let go without waiting."""
        if code is not None:
            self.write(framing.farewell(code))
        if not self.closed:
            self.flush()
        self.cut()

    def cut(self) -> None:
        """Let go of the connection now; the handlers are told in a greenlet."""
        if self.closed:
            return
        self.closed = True
        for watcher in (self._reading, self._writing):
            if watcher is not None:
                watcher.stop()
                watcher.close()
        self._out.clear()
        self._rest, self.waiting = b"", 0
        # The descriptor's number may be another client's in a moment: nothing uses it from here.
        self._sock.close()
        self._end()
        if not self.closing:
            self._hold(None)


def framed(pkt: packet.Packet) -> bytes:
    """The frame of a packet of Engine.IO."""
    body = pkt.encode()
    if isinstance(body, str):
        return framing.frame(framing.TEXT, body.encode())
    return framing.frame(framing.BINARY, body)
