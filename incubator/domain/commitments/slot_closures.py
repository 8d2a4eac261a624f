"""Slots on days that a closure shuts: called off with its reason, and back once it is lifted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from incubator.domain.commitments.presence_rules import day_start
from incubator.domain.commitments.rules import Span, civil_day
from incubator.domain.commitments.slot_models import Signup, Slot
from incubator.domain.commitments.slot_store import COMING, call_off, held_slot
from incubator.kernel.db import db
from incubator.network.sites import queries as sites
from incubator.network.sites.models import Closure, Site

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

# A day of any zone lies within so many hours of the same day in UTC.
MARGIN = timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class Touched:
    """What a closure would call off: slots to come, people who signed up, open sites shut."""

    slots: int
    people: int
    sites: int


def touched(site_id: int | None, span: Span, *, now: datetime) -> Touched:
    """What shutting a site, or all of them (None), on some days would call off."""
    ids = _planned(site_id, span, now=now)
    people = select(func.count(Signup.member_id.distinct())).where(
        Signup.slot_id.in_(ids), Signup.state.in_(COMING)
    )
    shut = len(sites.open_places()) if site_id is None else 1
    return Touched(len(ids), int(db.session.scalar(people) or 0), shut)


def shut(closure_id: int, *, by_id: int | None, now: datetime) -> int:
    """Call off what is planned on the days of a closure, with its reason; how many slots."""
    closure = db.session.get_one(Closure, closure_id)
    ids = _planned(closure.site_id, Span(closure.starts_on, closure.ends_on), now=now)
    for slot_id in ids:
        slot = held_slot(slot_id)
        if slot.state == "planned":
            call_off(slot, reason=closure.reason, by_id=by_id, now=now)
            slot.closure_id = closure_id
    db.session.flush()
    return len(ids)


def lift(closure_id: int, *, now: datetime) -> int:
    """Plan again what a closure called off and is still to come; how many slots.

    Those of a series that were not changed by hand follow their series. A day that another
    closure shuts stays shut.
    """
    ids = db.session.scalars(
        select(Slot.id)
        .where(Slot.closure_id == closure_id, Slot.state == "cancelled", Slot.starts_at > now)
        .where(Slot.moved | Slot.series_id.is_(None))
        .order_by(Slot.id)
    ).all()
    back = 0
    for slot_id in ids:
        slot = held_slot(slot_id)
        other = closure_on(slot.site_id, civil_day(slot.starts_at, slot.site.time_zone))
        slot.closure_id = other.id if other else None
        if other is None:
            slot.state, slot.reason, slot.warned_at = "planned", "", None
            back += 1
    db.session.flush()
    return back


def closure_on(site_id: int, day: date) -> Closure | None:
    """A closure that shuts a site on a day."""
    around = sites.closures_of([site_id], day)
    return next((one for one in around if one.starts_on <= day < one.ends_on), None)


def _planned(site_id: int | None, span: Span, *, now: datetime) -> Sequence[int]:
    """The slots to come that begin on some days by the clock of their site."""
    query = (
        select(Slot.id, Slot.starts_at, Site.time_zone)
        .join(Site, Site.id == Slot.site_id)
        .where(
            Slot.state == "planned",
            Slot.starts_at > now,
            Slot.starts_at >= day_start(span.starts_on, "UTC") - MARGIN,
            Slot.starts_at < day_start(span.ends_on, "UTC") + MARGIN,
        )
        .order_by(Slot.id)
    )
    if site_id is not None:
        query = query.where(Slot.site_id == site_id)
    return [
        slot_id
        for slot_id, starts_at, zone in db.session.execute(query)
        if span.starts_on <= civil_day(starts_at, zone) < span.ends_on
    ]
