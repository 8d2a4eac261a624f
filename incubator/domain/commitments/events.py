"""What happens to hours."""

from __future__ import annotations

from dataclasses import dataclass

from incubator.kernel.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class ContributionEvent(Event):
    """Something happened to declared hours; ``site_id`` is the giver's home site then."""

    contribution_id: int
    giver_id: int
    receiver_id: int | None
    kind: str
    minutes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class HoursDeclared(ContributionEvent):
    """A member says what they gave; somebody else has to confirm it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HoursConfirmed(ContributionEvent):
    """Somebody else confirmed the hours: they count."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HoursRefused(ContributionEvent):
    """Somebody else refused the hours, and said why."""

    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HoursWithdrawn(ContributionEvent):
    """The giver took the hours back; ``counted`` tells whether they had been confirmed."""

    counted: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PledgeMade(Event):
    """A member promised minutes per period, from a day on."""

    pledge_id: int
    member_id: int
    minutes_per_period: int


@dataclass(frozen=True, kw_only=True, slots=True)
class HoursCorrected(Event):
    """Late facts of a closed period changed what is carried into the open one, by ``minutes``.

    ``member_id`` is whose balance it is, None for the firm ``firm_id``.
    """

    member_id: int | None
    firm_id: int | None
    period_id: int
    origin_period_id: int
    minutes: int
