from typing import Any

EVENT: int
BINARY_EVENT: int
BINARY_ACK: int

class Packet:
    packet_type: int
    data: Any
    def decode(self, encoded_packet: str) -> int: ...
