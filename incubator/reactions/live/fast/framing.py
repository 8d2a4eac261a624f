"""WebSocket's frames (RFC 6455): building those of a server, reading those of a client."""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTINUATION: Final = 0x0
TEXT: Final = 0x1
BINARY: Final = 0x2
CLOSE: Final = 0x8
PING: Final = 0x9
PONG: Final = 0xA

NORMAL: Final = 1000
GOING_AWAY: Final = 1001
BROKEN: Final = 1002
BAD_TEXT: Final = 1007
TOO_BIG: Final = 1009

_MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_KEY_BYTES = 16
_SHORT, _LONG = 126, 127
_TWO_BYTES = 0xFFFF
_MOST_OF_CONTROL = 125
_STATUS_BYTES = 2
# Status codes that a peer may send: RFC 6455 §7.4 and the registry it began.
_CODES = frozenset({1000, 1001, 1002, 1003, *range(1007, 1015), *range(3000, 5000)})


class BadFrame(Exception):
    """What came breaks the protocol; ``code`` is the status to close with."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def frame(opcode: int, body: bytes) -> bytes:
    """A whole, unmasked frame, as servers send them."""
    size = len(body)
    first = 0x80 | opcode
    if size < _SHORT:
        return bytes((first, size)) + body
    if size <= _TWO_BYTES:
        return struct.pack("!BBH", first, _SHORT, size) + body
    return struct.pack("!BBQ", first, _LONG, size) + body


def farewell(code: int) -> bytes:
    """The frame that closes a connection with a status."""
    return frame(CLOSE, code.to_bytes(_STATUS_BYTES, "big"))


def answer_to(key: str) -> str | None:
    """The ``Sec-WebSocket-Accept`` of a handshake's key; None when that is no key."""
    try:
        if len(base64.b64decode(key.encode("ascii"), validate=True)) != _KEY_BYTES:
            return None
    except (UnicodeEncodeError, binascii.Error):
        return None
    digest = hashlib.sha1(key.encode("ascii") + _MAGIC, usedforsecurity=False).digest()
    return base64.b64encode(digest).decode("ascii")


def unmask(data: bytes, key: bytes) -> bytes:
    """What a client masked with four bytes: one big number, a tenth of a loop's cost."""
    size = len(data)
    pad = (key * (size // 4 + 1))[:size]
    return (int.from_bytes(data, "little") ^ int.from_bytes(pad, "little")).to_bytes(size, "little")


class Reader:
    """Turns the bytes of a client into messages; holds nothing while none is half there.

    ``most`` bytes a message at most, judged by what its header announces.
    """

    __slots__ = ("_kind", "_most", "_parts", "_rest", "_size")

    def __init__(self, most: int) -> None:
        self._most = most
        self._rest: bytearray | None = None
        self._parts: list[bytes] | None = None
        self._kind = self._size = 0

    @property
    def idle(self) -> bool:
        """Whether nothing of a message is held."""
        return self._rest is None and self._parts is None

    def feed(self, data: bytes) -> Iterator[tuple[int, str | bytes]]:
        """Messages and control frames (opcode, body) that are now whole; raise BadFrame.

        The body of a text is a string.
        """
        held = self._rest
        if held is not None:
            held += data
        source: bytes | bytearray = data if held is None else held
        at = 0
        while (found := self._one(source, at)) is not None:
            opcode, final, body, at = found
            whole = self._joined(opcode, body, final=final)
            if whole is not None:
                yield whole[0], _text(whole[1]) if whole[0] == TEXT else whole[1]
        self._keep(source, at)

    def _keep(self, source: bytes | bytearray, at: int) -> None:
        if at == len(source):
            self._rest = None
        elif isinstance(source, bytearray):
            del source[:at]
        else:
            self._rest = bytearray(source[at:])

    def _one(self, source: bytes | bytearray, at: int) -> tuple[int, bool, bytes, int] | None:
        """The frame that begins at ``at`` and where the next one does; None until it is whole."""
        if len(source) - at < _STATUS_BYTES:
            return None
        first, second = source[at], source[at + 1]
        if first & 0x70 or not second & 0x80:
            raise BadFrame(BROKEN)
        size, start = second & 0x7F, at + 2
        if size >= _SHORT:
            width = 2 if size == _SHORT else 8
            if len(source) < start + width:
                return None
            size = int.from_bytes(source[start : start + width], "big")
            start += width
        self._judge(first, size)
        end = start + 4 + size
        if len(source) < end:
            return None
        body = unmask(bytes(source[start + 4 : end]), bytes(source[start : start + 4]))
        return first & 0x0F, bool(first & 0x80), body, end

    def _judge(self, first: int, size: int) -> None:
        opcode = first & 0x0F
        if opcode >= CLOSE:
            if opcode > PONG or size > _MOST_OF_CONTROL or not first & 0x80:
                raise BadFrame(BROKEN)
            return
        if opcode > BINARY or (opcode == CONTINUATION) != (self._parts is not None):
            raise BadFrame(BROKEN)
        if size + self._size > self._most:
            raise BadFrame(TOO_BIG)

    def _joined(self, opcode: int, body: bytes, *, final: bool) -> tuple[int, bytes] | None:
        if opcode == CLOSE:
            return opcode, _status(body)
        if opcode > CLOSE or (final and self._parts is None):
            return opcode, body
        if self._parts is None:
            self._parts, self._kind = [], opcode
        self._parts.append(body)
        # An empty fragment holds memory too.
        self._size += max(len(body), 1)
        if not final:
            return None
        whole = self._kind, b"".join(self._parts)
        self._parts, self._size = None, 0
        return whole


def _status(body: bytes) -> bytes:
    """The body to answer a farewell with; raise BadFrame for a status that nobody may send."""
    if not body:
        return body
    if len(body) < _STATUS_BYTES or int.from_bytes(body[:_STATUS_BYTES], "big") not in _CODES:
        raise BadFrame(BROKEN)
    _text(body[_STATUS_BYTES:])
    return body[:_STATUS_BYTES]


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise BadFrame(BAD_TEXT) from error
