"""What managers see of slots beside members: what recurs, and sheets to lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from incubator.domain.commitments import slot_policy
from incubator.domain.commitments.slot_models import Slot, SlotSeries
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incubator.network.members.actor import Actor

MOST_SERIES = 500
MOST_SHEETS = 30


def series_of(reader: Actor, site_id: int) -> Sequence[SlotSeries]:
    """What recurs at a site, over or not, the latest first; raise NotAllowed."""
    if not slot_policy.may_plan(reader, site_id):
        raise NotAllowed("commitments.not_your_site")
    return db.session.scalars(
        select(SlotSeries)
        .where(SlotSeries.site_id == site_id)
        .options(joinedload(SlotSeries.skill))
        .order_by(SlotSeries.valid_to.is_not(None), SlotSeries.local_start, SlotSeries.id)
        .limit(MOST_SERIES)
    ).all()


def series_with_id(reader: Actor, series_id: int) -> SlotSeries:
    """A series that the reader may change, with its site; raise NotFound, NotAllowed."""
    found = db.session.scalar(
        select(SlotSeries)
        .where(SlotSeries.id == series_id)
        .options(joinedload(SlotSeries.site, innerjoin=True))
    )
    if found is None:
        raise NotFound("commitments.series")
    if not slot_policy.may_plan(reader, found.site_id):
        raise NotAllowed("commitments.not_your_site")
    return found


def open_sheets(site_id: int, *, now: datetime) -> Sequence[Slot]:
    """Slots of a site that are over and whose sheet nobody has locked, the oldest first."""
    return db.session.scalars(
        select(Slot)
        .where(Slot.site_id == site_id, Slot.state == "planned", Slot.ends_at <= now)
        .order_by(Slot.ends_at, Slot.id)
        .limit(MOST_SHEETS)
    ).all()
