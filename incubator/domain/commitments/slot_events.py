"""What happens to slots and to who signed up for them."""

from __future__ import annotations

from dataclasses import dataclass

from incubator.kernel.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class SeriesPlanned(Event):
    """A duty recurs from now on, or otherwise than before when it is planned ``again``."""

    series_id: int
    again: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class SlotEvent(Event):
    """Something happened to a slot of the site ``site_id``."""

    slot_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SlotPlanned(SlotEvent):
    """A manager planned a slot for one day, or changed one when it is planned ``again``."""

    again: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class SlotMoved(SlotEvent):
    """A slot has other hours; ``member_ids`` had signed up and still are."""

    member_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SlotCancelled(SlotEvent):
    """A slot does not take place; ``member_ids`` had signed up and are excused."""

    member_ids: tuple[int, ...]
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceTaken(SlotEvent):
    """A member signed up."""

    member_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceFreed(SlotEvent):
    """A place is to be had again: a member gave it back, or asks who comes in their place."""

    member_id: int
    stand_in: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceKept(SlotEvent):
    """A member who looked for a stand-in comes after all."""

    member_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class StandInFound(SlotEvent):
    """``member_id`` comes in the place of ``instead_of``."""

    member_id: int
    instead_of: int


@dataclass(frozen=True, kw_only=True, slots=True)
class WalkInNoted(SlotEvent):
    """A manager noted that ``member_id`` came without having signed up."""

    member_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SlotReminded(SlotEvent):
    """The day of a slot comes near for a member who signed up."""

    member_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SlotUnderstaffed(SlotEvent):
    """Too few people come to a slot that is near."""

    booked: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetLeftOpen(SlotEvent):
    """A slot has been over for a day and its sheet is not settled; ``signed_up`` wait for it."""

    signed_up: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SlotInvited(SlotEvent):
    """Members were asked to come to a slot, with a word from who asks."""

    member_ids: tuple[int, ...]
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetLocked(SlotEvent):
    """The attendance of a slot is settled; ``done`` are the sign-ups that count."""

    done: int


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedChanged(Event):
    """A member's calendar address was made anew, or taken back when it is not ``valid``."""

    member_id: int
    valid: bool
