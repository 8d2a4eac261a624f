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
class MembersMerged(Event):
    """Two rows were one person: everything of ``gone_id`` is now ``kept_id``'s."""

    kept_id: int
    gone_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberErased(Event):
    """What said who a member was is gone; what must be kept stays under the number alone."""

    member_id: int


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
    """A person took a role in a firm."""

    firm_id: int
    member_id: int
