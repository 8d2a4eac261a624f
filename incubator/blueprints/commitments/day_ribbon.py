"""What hours put on the ribbon of the first page: duties of the day, and being on site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from incubator.domain.commitments import presence_queries, slot_queries
from incubator.domain.commitments.slot_store import LIVE
from incubator.edge.clock import now
from incubator.edge.entries import DaySource
from incubator.edge.pages import url
from incubator.edge.ribbon import DayItem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incubator.domain.commitments.presence_models import Presence
    from incubator.network.members.actor import Actor

MOST = 12


def duties(reader: Actor, since: datetime, until: datetime) -> Sequence[DayItem]:
    """The reader's slots of the day, done or to come."""
    found = slot_queries.duties_of(reader.id, since=since, states=LIVE, most=MOST)
    return [
        DayItem(
            starts_at=signup.slot.starts_at,
            ends_at=signup.slot.ends_at,
            title=signup.slot.title,
            address=url("commitments.slot", slot_id=signup.slot_id),
            kind="due",
        )
        for signup in found
        if signup.slot.starts_at < until
    ]


def visits(reader: Actor, since: datetime, until: datetime) -> Sequence[DayItem]:
    """When the reader was on site, until now or until they said they would leave."""
    found = presence_queries.sessions_between(reader.id, since, until, most=MOST)
    return [
        DayItem(
            starts_at=visit.started_at,
            ends_at=_end(visit),
            title=_("On site"),
            address=url("commitments.session", session_id=visit.id),
            kind="here",
        )
        for visit in found
    ]


def _end(visit: Presence) -> datetime:
    end = visit.ended_at or visit.planned_end_at or now()
    return max(end, visit.started_at)


SOURCES = (
    DaySource(key="duties", load=duties),
    DaySource(key="visits", load=visits),
)
