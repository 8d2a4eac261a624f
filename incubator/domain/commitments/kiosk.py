"""Screens of a site: enrolled with a code that works once, then known by a key of their own.

A screen tells of presses by badge, maybe hours later: each has a ``uid`` of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.domain.commitments import (
    badges,
    checkin_rules,
    kiosk_rules,
    presence,
    presence_answers,
)
from incubator.domain.commitments import presence_policy as policy
from incubator.domain.commitments.kiosk_models import Device
from incubator.domain.commitments.presence_events import (
    ScreenAdded,
    ScreenEnrolled,
    ScreenRevoked,
)
from incubator.domain.commitments.presence_models import Punch
from incubator.domain.commitments.presses import Press
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record
from incubator.kernel.text import one_line
from incubator.network.accounts.tokens import hash_token, new_token

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incubator.domain.commitments.presses import Answer, Way
    from incubator.network.members.actor import Actor

CODE_TIME = timedelta(minutes=30)
PLAN_TIME = timedelta(minutes=5)
LONGEST_NAME = 60
MOST_SCREENS = 50
# Beyond, a screen has lost its way; nobody waits that long.
OLDEST = timedelta(days=400)
MOST_WAITING = 100_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A press as a screen tells of it: so long ago (negative: its clock is wrong)."""

    uid: str
    way: Way
    number: str
    age: timedelta


def add(
    actor: Actor, site_id: int, *, name: str, language: str, secret: str, now: datetime
) -> tuple[Device, str]:
    """A place for a screen, and the code that enrols it within half an hour.

    Raise NotAllowed ``commitments.not_your_site``; Refusal ``commitments.name_needed``,
    ``text_too_long`` or ``too_many_screens``.
    """
    if not policy.may_run_screens(actor, site_id):
        raise NotAllowed("commitments.not_your_site")
    words = one_line(name)
    if not words:
        raise Refusal("commitments.name_needed", field="name")
    if len(words) > LONGEST_NAME:
        raise Refusal("commitments.text_too_long", field="name", most=LONGEST_NAME)
    if len(at_site(site_id)) >= MOST_SCREENS:
        raise Refusal("commitments.too_many_screens", most=MOST_SCREENS)
    code = kiosk_rules.new_code()
    device = Device(
        site_id=site_id,
        name=words,
        language=language,
        code_hash=_code_hash(secret, code),
        code_until=now + CODE_TIME,
        made_by_id=actor.id,
        made_at=now,
    )
    db.session.add(device)
    db.session.flush()
    record(ScreenAdded(actor_id=actor.id, site_id=site_id, device_id=device.id))
    return device, code


def enrol(code: str, *, secret: str, now: datetime) -> tuple[Device, str]:
    """Whoever types the code in time has the key of the screen; the code works once.

    Raise Refusal ``commitments.screen_code``.
    """
    clean = kiosk_rules.clean_code(code)
    device = db.session.scalar(
        select(Device)
        .where(Device.code_hash == _code_hash(secret, clean), Device.revoked_at.is_(None))
        .with_for_update()
    )
    if device is None or device.code_until is None or device.code_until < now:
        raise Refusal("commitments.screen_code", field="code")
    key = new_token()
    device.code_hash = device.code_until = None
    device.key_hash, device.enrolled_at, device.last_seen_at = hash_token(key), now, now
    db.session.flush()
    record(ScreenEnrolled(actor_id=None, site_id=device.site_id, device_id=device.id))
    return device, key


def _code_hash(secret: str, code: str) -> str:
    return kiosk_rules.keyed(secret, "screen", code)


def revoke(actor: Actor, device_id: int, *, now: datetime) -> Device:
    """Take the key of a screen away; twice changes nothing. Raise NotFound."""
    device = db.session.get(Device, device_id)
    if device is None or not policy.may_run_screens(actor, device.site_id):
        raise NotFound("commitments.screen")
    if device.revoked_at is None:
        device.revoked_at, device.revoked_by_id = now, actor.id
        device.code_hash = device.code_until = None
        db.session.flush()
        record(ScreenRevoked(actor_id=actor.id, site_id=device.site_id, device_id=device.id))
    return device


def with_key(key: str) -> Device | None:
    """The screen of a key, unless it was revoked."""
    if not key:
        return None
    return db.session.scalar(
        select(Device).where(Device.key_hash == hash_token(key), Device.revoked_at.is_(None))
    )


def at_site(site_id: int) -> Sequence[Device]:
    """The screens of a site that were not revoked, oldest first."""
    return db.session.scalars(
        select(Device)
        .where(Device.site_id == site_id, Device.revoked_at.is_(None))
        .order_by(Device.id)
        .limit(MOST_SCREENS)
    ).all()


def seen(device_id: int, *, clock: datetime | None, waiting: int, now: datetime) -> None:
    """Note that a screen lives, how far its clock is off, and how many presses wait on it."""
    device = db.session.get_one(Device, device_id)
    device.last_seen_at = now
    device.waiting = max(0, min(waiting, MOST_WAITING))
    if clock is not None and abs(clock - now) < OLDEST:
        device.clock_offset_s = checkin_rules.clock_offset(clock, now)


def press(device: Device, told: Told, *, secret: str, now: datetime) -> tuple[int, Answer]:
    """What a press at a screen does, and whose it was.

    Raise Refusal ``commitments.badge_unknown`` and as ``presence.punched``.
    """
    member_id = badges.holder(told.number, secret=secret, now=now)
    if not -OLDEST < told.age < OLDEST:
        raise Refusal("commitments.uid_bad")
    pressed = Press(
        uid=told.uid,
        site_id=device.site_id,
        source="badge",
        occurred_at=now - told.age,
        device_id=device.id,
        clock_offset_s=device.clock_offset_s,
    )
    return member_id, presence.punched(member_id, told.way, pressed, actor_id=None, now=now)


def plan(device: Device, uid: str, *, planned: datetime, now: datetime) -> None:
    """Whoever has just come in at a screen says there when they mean to leave.

    Raise Refusal ``commitments.session_over`` or ``leaving_time``.
    """
    punch = db.session.scalar(
        select(Punch).where(Punch.uid == uid, Punch.device_id == device.id, Punch.kind == "in")
    )
    if punch is None or punch.session_id is None or now - punch.received_at > PLAN_TIME:
        raise Refusal("commitments.session_over")
    presence_answers.plan(punch.session_id, planned=planned, actor_id=None, now=now)
