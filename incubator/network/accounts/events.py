"""What happens to accounts."""

from __future__ import annotations

from dataclasses import dataclass, field

from incubator.kernel.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberAdmitted(Event):
    """A person got an account with a role."""

    member_id: int
    role: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RightsChanged(Event):
    """A role was given or taken: sessions rotate, sockets reconnect."""

    member_id: int
    role: str
    given: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkAsked(Event):
    """Somebody asked for a link by mail; ``token`` is secret and kept out of the audit log."""

    purpose: str
    email: str
    language: str
    token: str = field(metadata={"secret": True})
