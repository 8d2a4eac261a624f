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
class SkillChanged(Event):
    """A term was renamed, moved or got other words."""

    skill_id: int
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SkillsMerged(Event):
    """A term was merged into another: whatever uses it follows. ``name`` is the one that goes."""

    gone_id: int
    kept_id: int
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SkillProposed(Event):
    """A member misses a term."""

    member_id: int
    proposal_id: int
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SkillProposalDecided(Event):
    """A proposal was «accepted», «merged» into a term or «declined»."""

    member_id: int
    proposal_id: int
    name: str
    state: str
    skill_id: int | None


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


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberArrived(Event):
    """A member said that they are at the site of the event."""

    member_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberDeparted(Event):
    """A member said that they left the site of the event."""

    member_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PresenceChosen(Event):
    """A member chose their usual half-days on site and whether they may be awaited."""

    member_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ArrivalAwaited(Event):
    """Somebody asked to be told when this member comes."""

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
