"""What happens to applications. Addresses are marked secret and stay out of the audit log."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from incubator.kernel.events import Event

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, kw_only=True, slots=True)
class ApplicationEvent(Event):
    """Anything about one application; ``actor_id`` is None for the applicant."""

    application_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ConfirmationAsked(ApplicationEvent):
    """A form came in: its sender must prove that the address is theirs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ApplicantKnown(Event):
    """A form came from an address that is in already: ``how`` is «member» or «applicant».

    ``application_id`` is the open application of an applicant, None for a member.
    """

    how: str
    language: str
    application_id: int | None
    email: str = field(metadata={"secret": True})


@dataclass(frozen=True, kw_only=True, slots=True)
class ApplicationChanged(ApplicationEvent):
    """An application came into another state."""

    state: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ApplicantStartMoved(ApplicationEvent):
    """An applicant who was accepted has another first day."""

    starts_on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class ApplicationAnswered(ApplicationEvent):
    """A word was written on an application, or a note that only managers see."""

    message_id: int
    internal: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitingListMoved(ApplicationEvent):
    """An applicant has another place on the waiting list."""

    position: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ApplicationForgotten(ApplicationEvent):
    """What was known of an applicant who did not come was taken away."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LinksAsked(Event):
    """Somebody lost the way to their applications; ``application_ids`` are theirs."""

    language: str
    application_ids: tuple[int, ...]
    email: str = field(metadata={"secret": True})


@dataclass(frozen=True, kw_only=True, slots=True)
class FormChanged(Event):
    """The form of a site changed: ``what`` is «door» or «questions»."""

    what: str
