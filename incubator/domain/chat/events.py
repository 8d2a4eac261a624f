"""What happens in rooms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from incubator.kernel.events import Event

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomOpened(Event):
    """A room exists; ``private``: the log of the house does not tell."""

    room_id: int
    private: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupOpened(Event):
    """Some members have a conversation, in which all of them sit since now."""

    room_id: int
    member_ids: tuple[int, ...]
    private: bool = True


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
    """Somebody said something; ``no`` is its number in the room. ``private``: to one person.

    A reply is an ``aside``: no list of rooms counts it as new.
    """

    message_id: int
    no: int
    private: bool = False
    called: bool = False
    aside: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageChanged(RoomMoved):
    """Something hangs otherwise on message ``no``: its text, a reaction, a pin, its trace."""

    message_id: int
    no: int


@dataclass(frozen=True, kw_only=True, slots=True)
class MessagesRetracted(Event):
    """A member takes back all that they ever said in rooms."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageRemoved(MessageChanged):
    """A moderator removed what ``member_id`` said, and told the room why."""

    member_id: int
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MembersCalled(Event):
    """Message ``no`` of a room calls members by name, or with ``on`` false no longer does."""

    room_id: int
    no: int
    member_ids: tuple[int, ...]
    on: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class CallWithdrawn(Event):
    """A message called everybody in a room and does no more: who counts must count anew."""

    room_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SeatTaken(RoomMoved):
    """``member_id`` came into a room, by themselves or let in by another."""

    member_id: int
    private: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class SeatLeft(RoomMoved):
    """``member_id`` went out of a room by themselves, or as their rights ended."""

    member_id: int
    private: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class SeatWithdrawn(RoomMoved):
    """``member_id`` was taken out of a room; the log of the house tells it of any room."""

    member_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberMuted(RoomMoved):
    """``member_id`` may not talk in a room before ``until``; None: they may again."""

    member_id: int
    until: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ModeratorNamed(RoomMoved):
    """``member_id`` looks after a room since now, or with ``on`` false no longer."""

    member_id: int
    on: bool
    private: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomChanged(RoomMoved):
    """A room has another name, another purpose, is archived or open again: ``what`` says which."""

    what: str
    private: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomsRearranged(Event):
    """The lists of rooms of these members look different: they chose so, or were written to."""

    room_id: int
    member_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkMade(Event):
    """There is a link into a room."""

    room_id: int
    link_id: int
    private: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkRevoked(Event):
    """A link into a room leads nowhere any more."""

    room_id: int
    link_id: int
    private: bool = False


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
