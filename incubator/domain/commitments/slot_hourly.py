"""What comes round for slots, once an hour: slots ahead, reminders, calls for people, sheets."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from incubator.domain.commitments.periods import rule_on
from incubator.domain.commitments.slot_events import SheetLeftOpen, SlotReminded, SlotUnderstaffed
from incubator.domain.commitments.slot_expansion import expand_series
from incubator.domain.commitments.slot_models import Signup, Slot
from incubator.domain.commitments.slot_store import COMING
from incubator.domain.commitments.status_models import Choice
from incubator.kernel.db import db, transaction, utcnow
from incubator.kernel.events import record_all
from incubator.kernel.schedule import hourly
from incubator.network.letters import wishes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

HOURLY = "commitments.slots"
EARLIEST = timedelta(days=14)  # the longest reminder that a member may choose
WARNING = timedelta(days=2)
PATIENCE = timedelta(days=1)  # that a sheet may stay open
FORGOTTEN = timedelta(days=60)  # nobody is written to about what is older


def remind(now: datetime) -> int:
    """Remind who signed up, once, as many days before as they chose; how many were reminded.

    Who wants none, or signed up after their day of reminding, hears nothing.
    """
    usual = rule_on(now.date()).reminder_days
    rows = db.session.execute(
        select(Signup, Slot, Choice.reminder_days)
        .join(Slot, Slot.id == Signup.slot_id)
        .outerjoin(Choice, Choice.member_id == Signup.member_id)
        .where(
            Slot.state == "planned",
            Slot.starts_at > now,
            Slot.starts_at <= now + EARLIEST,
            Signup.state == "booked",
            Signup.reminded_at.is_(None),
        )
        .order_by(Signup.id)
        .with_for_update(of=Signup)
    ).all()
    takers = wishes.wanting("slot_reminder", {signup.member_id for signup, _, _ in rows})
    told = []
    for signup, slot, chosen in rows:
        days = usual if chosen is None else chosen
        due_at = slot.starts_at - timedelta(days=days)
        wanted = days and signup.member_id in takers
        if wanted and due_at <= now and signup.booked_at < due_at:
            signup.reminded_at = now
            told.append(_reminded(signup, slot))
    db.session.flush()
    record_all(told)
    return len(told)


def _reminded(signup: Signup, slot: Slot) -> SlotReminded:
    return SlotReminded(
        actor_id=None, site_id=slot.site_id, slot_id=slot.id, member_id=signup.member_id
    )


def warn(now: datetime) -> int:
    """Tell managers, once, of slots in two days to which too few come; how many there are."""
    booked = (
        select(func.count())
        .where(Signup.slot_id == Slot.id, Signup.state == "booked")
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Slot, booked)
        .where(
            Slot.state == "planned",
            Slot.starts_at > now,
            Slot.starts_at <= now + WARNING,
            Slot.warned_at.is_(None),
            booked < Slot.capacity_min,
        )
        .order_by(Slot.starts_at, Slot.id)
        .with_for_update(of=Slot)
    ).all()
    for slot, _number in rows:
        slot.warned_at = now
    db.session.flush()
    record_all(
        [
            SlotUnderstaffed(actor_id=None, site_id=slot.site_id, slot_id=slot.id, booked=number)
            for slot, number in rows
        ]
    )
    return len(rows)


def ask_for_sheets(now: datetime) -> int:
    """Remind managers, once, of sheets still open a day after their slot; how many there are.

    Where nobody signed up, nobody waits.
    """
    signed_up = (
        select(func.count())
        .where(Signup.slot_id == Slot.id, Signup.state.in_(COMING))
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Slot, signed_up)
        .where(
            Slot.state == "planned",
            Slot.starts_at > now - FORGOTTEN,
            Slot.ends_at <= now - PATIENCE,
            Slot.sheet_asked_at.is_(None),
            signed_up > 0,
        )
        .order_by(Slot.starts_at, Slot.id)
        .with_for_update(of=Slot)
    ).all()
    for slot, _number in rows:
        slot.sheet_asked_at = now
    db.session.flush()
    record_all(
        [
            SheetLeftOpen(actor_id=None, site_id=slot.site_id, slot_id=slot.id, signed_up=number)
            for slot, number in rows
        ]
    )
    return len(rows)


def slots_tick(now: datetime) -> int:
    """Do what the hour owes to slots, a transaction each part; how many things were done."""
    done = 0
    for part in (expand_series, remind, warn, ask_for_sheets):
        with transaction():
            done += part(now)
    return done


@hourly(HOURLY)
def job(payload: Mapping[str, Any]) -> None:
    """The hourly job; catches up with whatever was missed."""
    del payload
    slots_tick(utcnow())
