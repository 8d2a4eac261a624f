"""Packets of Socket.IO as this house speaks it: text alone, events with a name of their own."""

from __future__ import annotations

from typing import Final

from socketio import packet

BINARY: Final = frozenset({packet.BINARY_EVENT, packet.BINARY_ACK})
# Named by a client they would run the handlers that only the server may call.
RESERVED: Final = frozenset({"connect", "connect_error", "disconnect"})


class StrictPacket(packet.Packet):
    """A packet that announces no attachments, and whose events are events.

    The stock one keeps whatever comes after an announcement until it is complete: a client that
    announces a thousand million fills the memory, by frames of text too.
    """

    def decode(self, encoded_packet: str) -> int:
        """Read a packet of a client; raise ValueError for what is none that we speak."""
        super().decode(encoded_packet)
        known = self.packet_type not in BINARY
        if self.packet_type == packet.EVENT:
            known = isinstance(self.data, list) and _is_name(self.data[:1])
        if not known:
            msg = "no packet of ours"
            raise ValueError(msg)
        return 0


def _is_name(first: list[object]) -> bool:
    return any(isinstance(name, str) and name not in RESERVED for name in first)
