"""What happens in rooms."""

from __future__ import annotations

from dataclasses import dataclass

from incubator.kernel.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomOpened(Event):
    """A room exists."""

    room_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class DirectOpened(Event):
    """``actor_id`` began to talk with ``member_id``, who has a seat since now."""

    room_id: int
    member_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomMoved(Event):
    """A room's log grew to ``seq``: whoever follows the room has something to read."""

    room_id: int
    seq: int


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageSent(RoomMoved):
    """Somebody said something; ``no`` is its number in the room. ``private``: to one person."""

    message_id: int
    no: int
    private: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class SeatTaken(RoomMoved):
    """A member came into a room by themselves."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SeatLeft(RoomMoved):
    """A member went out of a room."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MessagesHandedOver(Event):
    """What ``from_id`` said in rooms is ``to_id``'s: ``how_many`` messages."""

    from_id: int
    to_id: int
    how_many: int


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkerMoved(Event):
    """A member has read a room up to message ``read_no``."""

    room_id: int
    read_no: int
