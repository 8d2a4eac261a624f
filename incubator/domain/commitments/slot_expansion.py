"""The slots of a series, made ahead of time and kept in step with it and with closed days."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from incubator.domain.commitments import planned, slot_rules
from incubator.domain.commitments.rules import Span, civil_day
from incubator.domain.commitments.slot_events import SlotMoved
from incubator.domain.commitments.slot_models import Slot, SlotSeries
from incubator.domain.commitments.slot_store import COMING, call_off, held_slot, signups_of
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotFound
from incubator.kernel.events import record
from incubator.network.sites import public_holidays
from incubator.network.sites import queries as sites

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from incubator.domain.commitments.slot_rules import Hours
    from incubator.network.sites.models import Site

DAY = timedelta(days=1)
AHEAD = timedelta(weeks=8)  # so far ahead may one sign up
SHARED = ("title", "note", "skill_id", "capacity_min", "capacity_max", "notice_hours")


def expand_series(now: datetime, *, site_id: int | None = None) -> int:
    """Make the slots of every series (or of one site) for the weeks ahead; how many changed.

    Safe to run at any time and twice: closures that came since take their slots away, and
    lifted ones bring them back.
    """
    today = (now - DAY).date()
    query = select(SlotSeries.id).where(
        or_(SlotSeries.valid_to.is_(None), SlotSeries.valid_to >= today)
    )
    if site_id is not None:
        query = query.where(SlotSeries.site_id == site_id)
    ids = db.session.scalars(query.order_by(SlotSeries.id)).all()
    return sum(keep_in_step(held_series(series_id), now=now, by_id=None) for series_id in ids)


def held_series(series_id: int) -> SlotSeries:
    """The series as it is now with its site, held until the end; raise NotFound."""
    found = db.session.scalar(
        select(SlotSeries)
        .where(SlotSeries.id == series_id)
        .options(joinedload(SlotSeries.site, innerjoin=True))
        .with_for_update(of=SlotSeries)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("commitments.series")
    return found


def _rhythm_of(row: SlotSeries) -> slot_rules.Series:
    """A stored series, its site loaded, as the rules know it."""
    return slot_rules.Series(
        weekly=slot_rules.Weekly.parse(row.rrule),
        zone=row.site.time_zone,
        local_start=row.local_start,
        duration=row.duration,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def keep_in_step(row: SlotSeries, *, now: datetime, by_id: int | None) -> int:
    """Make the coming slots of a series that is held what it says; how many were changed."""
    today = civil_day(now, row.site.time_zone)
    span = Span(today, today + AHEAD)
    wanted = {} if row.site.closed_on else _wanted(row, span)
    slots = _slots(row.id, span)
    kept = {
        day: slot_rules.Kept((slot.starts_at, slot.ends_at), slot.state == "cancelled", slot.moved)
        for day, slot in slots.items()
    }
    todo = slot_rules.changes(wanted, kept, now=now)
    for day, hours in todo.add.items():
        _add(row, day, hours, gone=slots.get(day))
    for day, hours in todo.move.items():
        move(slots[day], hours, by_id=by_id, now=now)
    for day in todo.cancel:
        call_off(held_slot(slots[day].id), reason="", by_id=by_id, now=now)
    follow = [slot for day, slot in slots.items() if day in wanted and slot.starts_at > now]
    told = sum(_follow(slot, row) for slot in follow if slot.state == "planned" and not slot.moved)
    db.session.flush()
    return len(todo.add) + len(todo.move) + len(todo.cancel) + told


def _wanted(row: SlotSeries, span: Span) -> Mapping[date, Hours]:
    return slot_rules.expand(_rhythm_of(row), span, closed=_closed_spans(row.site, span))


def _closed_spans(site: Site, span: Span) -> list[Span]:
    """The days of a span on which closures and public holidays shut a site."""
    closures = sites.closures_of([site.id], span.starts_on)
    feasts = public_holidays.between(
        site.country, site.subdivision, span=(span.starts_on, span.ends_on)
    )
    return [
        *(Span(each.starts_on, each.ends_on) for each in closures),
        *(Span(day, day + DAY) for day in feasts),
    ]


def _slots(series_id: int, span: Span) -> dict[date, Slot]:
    rows: Sequence[Slot] = db.session.scalars(
        select(Slot)
        .where(
            Slot.series_id == series_id,
            Slot.local_date >= span.starts_on,
            Slot.local_date < span.ends_on,
        )
        .order_by(Slot.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    return {slot.local_date: slot for slot in rows}


def _add(row: SlotSeries, day: date, hours: Hours, *, gone: Slot | None) -> None:
    """A slot that is new, or takes place again after its day was closed."""
    values = {name: getattr(row, name) for name in SHARED}
    if gone is not None:
        gone.state, gone.reason, gone.warned_at, gone.closure_id = "planned", "", None, None
        gone.starts_at, gone.ends_at = hours
        return
    insert_once(
        Slot,
        series_id=row.id,
        site_id=row.site_id,
        kind_code=row.kind_code,
        local_date=day,
        starts_at=hours[0],
        ends_at=hours[1],
        state="planned",
        moved=False,
        reason="",
        **values,
    )


def move(slot: Slot, hours: Hours, *, by_id: int | None, now: datetime) -> None:
    """Give a slot that is held other hours; who signed up is told, and reminded anew."""
    slot.starts_at, slot.ends_at = hours
    slot.warned_at = None
    coming = signups_of(slot.id, COMING)
    for signup in coming:
        signup.reminded_at = None
    db.session.flush()
    if coming:
        members = tuple(signup.member_id for signup in coming)
        planned.keep(members, now=now)
        record(SlotMoved(actor_id=by_id, site_id=slot.site_id, slot_id=slot.id, member_ids=members))


def _follow(slot: Slot, row: SlotSeries) -> bool:
    """Let a slot say what its series says; whether it said otherwise."""
    other = {name: getattr(row, name) for name in SHARED}
    changed = {name: value for name, value in other.items() if getattr(slot, name) != value}
    for name, value in changed.items():
        setattr(slot, name, value)
    return bool(changed)
