"""What happens to accounts. Secrets and addresses are marked and stay out of the audit log."""

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
class MemberDeactivated(Event):
    """An account was closed; all its sessions ended with it."""

    member_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberReactivated(Event):
    """A closed account was opened again."""

    member_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberMoved(Event):
    """A member has another home site; ``from_site_id`` is None when they had none."""

    member_id: int
    from_site_id: int | None
    to_site_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedIn(Event):
    """A device signed in."""

    member_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SignInRefused(Event):
    """A sign-in failed; ``member_id`` is None when there is no such account."""

    member_id: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkAsked(Event):
    """Somebody asked for a link by mail; ``new_email`` is the address being changed to."""

    member_id: int
    purpose: str
    language: str
    email: str = field(metadata={"secret": True})
    token: str = field(metadata={"secret": True})
    new_email: str = field(default="", metadata={"secret": True})


@dataclass(frozen=True, kw_only=True, slots=True)
class PasswordChanged(Event):
    """A member has a new password, by a «reset» link or by a «change»."""

    member_id: int
    how: str


@dataclass(frozen=True, kw_only=True, slots=True)
class EmailChanged(Event):
    """A member confirmed a new address at both."""

    member_id: int
    old_email: str = field(metadata={"secret": True})


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberInvited(Event):
    """An invitation was made or made anew; without an address the link goes from hand to hand."""

    invitation_id: int
    role: str
    language: str
    again: bool
    email: str | None = field(metadata={"secret": True})
    token: str = field(metadata={"secret": True})


@dataclass(frozen=True, kw_only=True, slots=True)
class InvitationRevoked(Event):
    """An invitation was withdrawn before its use."""

    invitation_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class InvitationAccepted(Event):
    """Somebody came in by an invitation."""

    invitation_id: int
    member_id: int
