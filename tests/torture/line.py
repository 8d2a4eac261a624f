"""A WebSocket of asyncio that speaks Socket.IO as far as the page's scripts do."""

from __future__ import annotations

import asyncio
import functools
import json
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

from wsproto import ConnectionType, WSConnection
from wsproto import events as ws
from wsproto.utilities import ProtocolError

SPACE = "/chat"
TARGET = "/socket.io/?EIO=4&transport=websocket"
CHUNK = 65_536
# Seconds without a word after which a page holds its line for dead: a ping and its grace.
SILENCE = 25


class Gone(Exception):
    """The line is no more."""


@dataclass
class Line:
    """One connection; ``hear`` gets every event that the server says."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    hear: Callable[[str, Any], None]
    _socket: WSConnection = field(default_factory=lambda: WSConnection(ConnectionType.CLIENT))
    _asked: dict[int, asyncio.Future[Any]] = field(default_factory=dict)
    _number: int = 0

    @property
    def asks(self) -> int:
        """How many questions wait for their answer."""
        return len(self._asked)

    async def greet(self, origin: str, cookie: str, token: str) -> None:
        """Become a WebSocket, then somebody. Raises Gone when refused."""
        headers = [(b"origin", origin.encode()), (b"cookie", cookie.encode())]
        request = ws.Request(host=origin.partition("//")[2], target=TARGET, extra_headers=headers)
        self._write(request)
        frames = self.frames()
        await self._expect(frames, "0{")
        self.say(f"40{SPACE}," + json.dumps({"v": 1, "token": token}))
        await self._expect(frames, f"40{SPACE},")
        self._frames = frames

    @staticmethod
    async def _expect(frames: AsyncIterator[str], start: str) -> None:
        async for frame in frames:
            if frame.startswith(start):
                return
            if frame.startswith("44"):
                raise Gone(frame)
        raise Gone

    async def frames(self) -> AsyncIterator[str]:
        """Whole texts, as they come. Raises Gone at the end."""
        text = ""
        while True:
            async with asyncio.timeout(SILENCE):
                data = await self.reader.read(CHUNK)
            for event in self._receive(data):
                if isinstance(event, ws.TextMessage):
                    text += event.data
                    if event.message_finished:
                        yield text
                        text = ""
                elif isinstance(event, ws.Ping):
                    self._write(event.response())
                elif isinstance(event, (ws.CloseConnection, ws.RejectConnection)):
                    raise Gone
            if not data:
                raise Gone

    def _receive(self, data: bytes) -> list[ws.Event]:
        """What some bytes mean; none are the end. What is no WebSocket, as an error of nginx, is
        nobody to talk to.
        """
        try:
            self._socket.receive_data(data or None)
            return list(self._socket.events())
        except ProtocolError as error:
            raise Gone from error

    async def listen(self) -> None:
        """Hear the server until it is gone."""
        async for frame in self._frames:
            self.take(frame)

    def take(self, frame: str) -> None:
        """Hear one frame of the server. Raises Gone when it hangs up."""
        if frame == "2":
            self.say("3")
        elif frame.startswith(f"42{SPACE},"):
            self.hear(*json.loads(frame[len(f"42{SPACE},") :]))
        elif frame.startswith(f"43{SPACE},"):
            number, _, body = frame[len(f"43{SPACE},") :].partition("[")
            asked = self._asked.pop(int(number), None)
            if asked and not asked.done():
                asked.set_result(json.loads("[" + body)[0])
        elif frame.startswith((f"41{SPACE}", "1")):
            raise Gone

    def end(self) -> None:
        """Be gone at once."""
        self.writer.transport.abort()
        self.writer.close()

    def say(self, text: str) -> None:
        self._write(ws.TextMessage(data=text))

    def _write(self, event: ws.Event) -> None:
        if self.writer.is_closing():
            raise Gone
        try:
            self.writer.write(self._socket.send(event))
        except ProtocolError as error:
            raise Gone from error

    async def ask(self, event: str, payload: Any, seconds: float = 8) -> dict[str, Any]:
        """What acknowledges an event. Raises TimeoutError when nothing does."""
        self._number += 1
        number = self._number
        answer = self._asked[number] = asyncio.get_running_loop().create_future()
        self.say(f"42{SPACE},{number}" + json.dumps([event, payload]))
        try:
            # Not wait_for: on Python 3.11 an answer makes it forget that it was cancelled.
            async with asyncio.timeout(seconds):
                return dict(await answer)
        finally:
            self._asked.pop(number, None)


@functools.cache
def trusting() -> ssl.SSLContext:
    """For a certificate that nobody signed; made once, it takes longer than shaking hands."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    return made


async def connect(
    port: int, identity: tuple[str, str, str], hear: Callable[[str, Any], None]
) -> Line:
    """A line of somebody: ``identity`` is origin, cookie and token. Raises OSError or Gone."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trusting())
    line = Line(reader, writer, hear)
    try:
        await line.greet(*identity)
    except BaseException:
        line.end()
        raise
    return line
