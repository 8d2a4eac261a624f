"""What happens to profiles, skills and firms."""

from __future__ import annotations

from dataclasses import dataclass

from incubator.kernel.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class ProfileChanged(Event):
    """A member's profile changed; ``changed`` names the fields."""

    member_id: int
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SkillAdded(Event):
    """The vocabulary has a new term."""

    skill_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class FirmFounded(Event):
    """A firm joined the directory, by its first person."""

    firm_id: int
    member_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class FirmChanged(Event):
    """A firm's description changed; ``changed`` names the fields."""

    firm_id: int
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FirmJoined(Event):
    """A person took a role in a firm, or was found to have had one."""

    firm_id: int
    member_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class FirmLeft(Event):
    """A role in a firm ended."""

    firm_id: int
    member_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class FirmRoleChanged(Event):
    """A role in a firm got another title, other dates, or the keys; ``changed`` names what."""

    firm_id: int
    member_id: int
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FirmRequested(Event):
    """Somebody asked to join or claimed a firm, or was invited by it (``kind``)."""

    request_id: int
    firm_id: int
    member_id: int
    kind: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FirmRequestDecided(Event):
    """A request was accepted, declined or withdrawn (``state``)."""

    request_id: int
    firm_id: int
    member_id: int
    kind: str
    state: str
