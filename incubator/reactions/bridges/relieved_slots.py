"""Who is relieved for a while need not come: their places are free, and whoever waits is told."""

from __future__ import annotations

from incubator.domain.commitments import signups
from incubator.domain.commitments.events import SignupsReleased
from incubator.domain.commitments.presence_rules import day_start
from incubator.kernel.db import utcnow
from incubator.kernel.events import joins
from incubator.network.sites import queries as sites


def released(event: SignupsReleased) -> None:
    """Free the slots that begin on the days of the relief, by the clock of their home."""
    now = utcnow()
    place = sites.place_of(event.site_id)
    zone = place.time_zone if place else "UTC"
    signups.release(
        event.member_id,
        since=max(now, day_start(max(event.starts_on, now.date()), zone)),
        until=day_start(event.ends_on, zone) if event.ends_on else None,
        by_id=event.actor_id,
        now=now,
    )


def subscribe() -> None:
    """Hear it in its own transaction."""
    joins(SignupsReleased, released)
