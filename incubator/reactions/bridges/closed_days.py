"""A site that shuts has no slots on those days; once it opens again, they are back."""

from __future__ import annotations

from incubator.domain.commitments import slot_closures
from incubator.domain.commitments.slot_expansion import expand_series
from incubator.kernel.db import utcnow
from incubator.kernel.events import joins
from incubator.network.sites.events import DaysClosed, DaysReopened


def closed(event: DaysClosed) -> None:
    """Call off what was planned: who signed up hears at once and why, not within the hour."""
    now = utcnow()
    slot_closures.shut(event.closure_id, by_id=event.actor_id, now=now)
    expand_series(now, site_id=event.site_id)


def reopened(event: DaysReopened) -> None:
    """Bring back what the closure had called off."""
    now = utcnow()
    slot_closures.lift(event.closure_id, now=now)
    expand_series(now, site_id=event.site_id)


def subscribe() -> None:
    """Hear them in their own transaction."""
    joins(DaysClosed, closed)
    joins(DaysReopened, reopened)
