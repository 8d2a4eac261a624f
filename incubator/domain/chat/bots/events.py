"""What happens to machines of rooms."""

from __future__ import annotations

from dataclasses import dataclass

from incubator.kernel.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class BotMade(Event):
    """A room has a machine; ``told`` is the host that is called when it is."""

    room_id: int
    bot_id: int
    name: str
    told: str
    private: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class BotChanged(Event):
    """It has another name, another address that is told, or may do otherwise."""

    room_id: int
    bot_id: int
    name: str
    told: str
    private: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class BotRevoked(Event):
    """It speaks no more and is told nothing."""

    room_id: int
    bot_id: int
    name: str
    private: bool = False
