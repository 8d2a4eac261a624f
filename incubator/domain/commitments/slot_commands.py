"""Slots planned by hand: one day's duty, a change of one, and one that does not take place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.domain.commitments import slot_policy
from incubator.domain.commitments.slot_closures import closure_on
from incubator.domain.commitments.slot_events import SlotPlanned
from incubator.domain.commitments.slot_expansion import move
from incubator.domain.commitments.slot_models import Slot
from incubator.domain.commitments.slot_plans import LONGEST_NOTE
from incubator.domain.commitments.slot_series import check_skill
from incubator.domain.commitments.slot_store import call_off, held_slot
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.kernel.events import record
from incubator.kernel.text import one_line
from incubator.network.sites import queries as sites

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.commitments.slot_plans import DayPlan
    from incubator.network.members.actor import Actor


def add_slot(actor: Actor, *, site_id: int, plan: DayPlan, now: datetime) -> Slot:
    """Plan a duty of one day.

    Raise NotAllowed ``commitments.not_your_site``, Refusal ``commitments.slot_past``,
    ``commitments.slot_shut`` on a day on which a closure shuts the site, and those of
    ``Plan.check``.
    """
    _check(actor, site_id)
    plan.check()
    check_skill(plan.skill_id)
    slot = Slot(
        site_id=site_id,
        local_date=plan.day,
        moved=True,
        **_hours(site_id, plan, now),
        **plan.shared,
    )
    db.session.add(slot)
    db.session.flush()
    record(SlotPlanned(actor_id=actor.id, site_id=site_id, slot_id=slot.id, again=False))
    return slot


def change_slot(actor: Actor, slot_id: int, *, plan: DayPlan, now: datetime) -> Slot:
    """Change one slot by hand; it no longer follows its series, which keeps its day.

    Raise as ``add_slot`` does, and Refusal ``commitments.slot_over`` once it has begun.
    """
    slot = held_slot(slot_id)
    _check(actor, slot.site_id)
    _check_open(slot, now)
    plan.check()
    check_skill(plan.skill_id)
    hours = _hours(slot.site_id, plan, now)
    if slot.series_id is None:
        slot.local_date = plan.day
    slot.moved = True
    for name, value in plan.shared.items():
        setattr(slot, name, value)
    if (slot.starts_at, slot.ends_at) != tuple(hours.values()):
        move(slot, (hours["starts_at"], hours["ends_at"]), by_id=actor.id, now=now)
    record(SlotPlanned(actor_id=actor.id, site_id=slot.site_id, slot_id=slot.id, again=True))
    return slot


def cancel_slot(actor: Actor, slot_id: int, *, reason: str, now: datetime) -> Slot:
    """Say that a slot does not take place, and why; who signed up is excused and told.

    Raise Refusal ``commitments.reason_needed``, ``text_too_long``, or ``slot_locked`` once its
    sheet is settled.
    """
    slot = held_slot(slot_id)
    _check(actor, slot.site_id)
    if slot.state == "cancelled":
        return slot
    if slot.state == "locked":
        raise Refusal("commitments.slot_locked")
    words = one_line(reason)
    if not words:
        raise Refusal("commitments.reason_needed", field="reason")
    if len(words) > LONGEST_NOTE:
        raise Refusal("commitments.text_too_long", field="reason", most=LONGEST_NOTE)
    slot.moved = True
    call_off(slot, reason=words, by_id=actor.id, now=now)
    return slot


def _check(actor: Actor, site_id: int) -> None:
    if not slot_policy.may_plan(actor, site_id):
        raise NotAllowed("commitments.not_your_site")


def _check_open(slot: Slot, now: datetime) -> None:
    if slot.state != "planned" or slot.starts_at <= now:
        raise Refusal("commitments.slot_over")


def _hours(site_id: int, plan: DayPlan, now: datetime) -> dict[str, datetime]:
    place = sites.place_of(site_id)
    zone = place.time_zone if place else "UTC"
    starts_at, ends_at = plan.recurring(zone).hours(plan.day)
    if starts_at <= now:
        raise Refusal("commitments.slot_past", field="day")
    if closure_on(site_id, plan.day):
        raise Refusal("commitments.slot_shut", field="day")
    return {"starts_at": starts_at, "ends_at": ends_at}
