"""A network between people and the house: it cuts lines and keeps back what is said."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

CHUNK = 65_536


@dataclass(eq=False)
class Wire:
    """One connection through the proxy, both ways."""

    ends: tuple[asyncio.StreamWriter, asyncio.StreamWriter]
    # Set while bytes may pass.
    clear: asyncio.Event = field(default_factory=asyncio.Event)

    def cut(self) -> None:
        """End it at once for both sides."""
        for end in self.ends:
            end.transport.abort()

    def hold(self) -> None:
        """Keep back what is said from now on; neither side is told."""
        self.clear.clear()

    def release(self) -> None:
        """Let pass what was kept back."""
        self.clear.set()


@dataclass
class Proxy:
    """All wires that are open."""

    port: int
    target: int
    wires: set[Wire] = field(default_factory=set)
    visits: set[asyncio.Task[None]] = field(default_factory=set)
    _count: int = 0

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Somebody connects."""
        visit = asyncio.create_task(self._carry(reader, writer))
        self.visits.add(visit)
        visit.add_done_callback(self.visits.discard)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection until either side is done."""
        self._count += 1
        # Addresses of this machine in turn: the house allows so many sockets an address.
        source = (f"127.0.0.{2 + self._count % 50}", 0)
        try:
            far, near = await asyncio.open_connection("127.0.0.1", self.target, local_addr=source)
        except OSError:
            writer.transport.abort()
            return
        wire = Wire((writer, near))
        wire.release()
        self.wires.add(wire)
        both = {
            asyncio.create_task(carry(wire, reader, near)),
            asyncio.create_task(carry(wire, far, writer)),
        }
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        self.wires.discard(wire)
        wire.release()
        wire.cut()
        await asyncio.wait(both)


async def carry(wire: Wire, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass bytes on, in their order, whenever the wire is clear."""
    with suppress(OSError):
        while data := await reader.read(CHUNK):
            await wire.clear.wait()
            writer.write(data)
            await writer.drain()


@asynccontextmanager
async def proxy(port: int, target: int) -> AsyncIterator[Proxy]:
    """A proxy on ``port`` that leads to ``target``."""
    made = Proxy(port, target)
    server = await asyncio.start_server(made.accept, "127.0.0.1", port)
    try:
        yield made
    finally:
        server.close()
        while made.visits:
            for wire in tuple(made.wires):
                wire.release()
                wire.cut()
            await asyncio.wait(made.visits, timeout=0.1)
