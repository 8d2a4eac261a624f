"""A site that shuts has no slots on those days; once it opens again, they are back."""

from __future__ import annotations

from incubator.domain.commitments.slot_expansion import expand_series
from incubator.kernel.db import utcnow
from incubator.kernel.events import joins
from incubator.network.sites.events import DaysClosed, DaysReopened


def days_changed(event: DaysClosed | DaysReopened) -> None:
    """Keep the slots in step: who signed up hears at once, not within the hour."""
    expand_series(utcnow(), site_id=event.site_id)


def subscribe() -> None:
    """Hear them in their own transaction."""
    joins(DaysClosed, days_changed)
    joins(DaysReopened, days_changed)
