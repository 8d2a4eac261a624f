"""What happens to hours."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from incubator.kernel.events import Event

if TYPE_CHECKING:
    from datetime import date


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
class OfferTaken(HoursConfirmed):
    """The giver agreed to hours that the person helped had offered: they count."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HoursRefused(ContributionEvent):
    """Somebody else refused the hours, and said why."""

    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HoursAppealed(ContributionEvent):
    """The giver asks the managers to look again at hours that were refused."""


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


@dataclass(frozen=True, kw_only=True, slots=True)
class PeriodClosed(Event):
    """A period is closed: nothing in it changes any more, and statements may be sent."""

    period_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class HoursUnanswered(ContributionEvent):
    """The person helped has not answered: the hours wait for a manager now."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StandingChanged(Event):
    """A member stands otherwise with their promise: ``state`` since now, and why.

    ``reason`` is a code of ``standing_rules``. ``warns``: they are to be told what may follow,
    from ``pause_from`` on, and what lifts it. ``minutes`` is the balance that decided.
    """

    member_id: int
    state: str
    before: str
    reason: str
    warns: bool
    pause_from: date | None
    minutes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ReliefEvent(Event):
    """Something happened to a relief; ``site_id`` is whose managers decide."""

    relief_id: int
    member_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ReliefAsked(ReliefEvent):
    """A member asks to owe less for a while."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReliefDecided(ReliefEvent):
    """A manager approved or refused it, or it was cancelled: ``state`` tells."""

    state: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SignupsReleased(ReliefEvent):
    """The member's sign-ups from a day to another (None: for ever) are freed for others."""

    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class FirmPledgeMade(Event):
    """A firm promised minutes per period, from a day on."""

    pledge_id: int
    firm_id: int
    minutes_per_period: int


@dataclass(frozen=True, kw_only=True, slots=True)
class GiftEvent(Event):
    """Something happened to minutes that are given, or asked of the pool."""

    gift_id: int
    minutes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PoolAsked(GiftEvent):
    """A member asks the pool for minutes; the managers of ``site_id`` decide."""

    receiver_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PoolDecided(GiftEvent):
    """A draw on the pool was granted or not."""

    receiver_id: int
    granted: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class MinutesGiven(GiftEvent):
    """Minutes went to another member, or to the pool (``receiver_id`` None).

    Who gave is told (as ``actor_id``) only if ``named``; no log tells who was given to.
    """

    receiver_id: int | None = field(metadata={"secret": True})
    named: bool
