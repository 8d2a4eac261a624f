"""How often members want to be asked, as they said it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from incubator.domain.help.routing.asking_rules import Wishes, check
from incubator.domain.help.routing.events import RequestsLimited
from incubator.domain.help.routing.models import Asking
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotAllowed
from incubator.kernel.events import record

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.members.actor import Actor


def wishes_of(member_id: int) -> Wishes:
    """What a member wants."""
    row = db.session.get(Asking, member_id)
    return as_wishes(row) if row else Wishes()


def as_wishes(row: Asking) -> Wishes:
    """The same of a stored row."""
    return Wishes(row.weekly_cap, row.paused, row.paused_until)


def choose(actor: Actor, wishes: Wishes, *, now: datetime) -> Wishes:
    """Be asked so often from now on; what was asked already stays.

    Raise NotAllowed for guests, Refusal ``help.cap``, ``help.pause_past`` or ``help.pause_far``.
    """
    if actor.is_guest:
        raise NotAllowed("help.guest")
    checked = check(wishes, now.astimezone(ZoneInfo(actor.time_zone)).date())
    row = _row(actor.id)
    if as_wishes(row) != checked:
        row.weekly_cap = checked.weekly_cap
        row.paused, row.paused_until = checked.paused, checked.paused_until
        db.session.flush()
        told = RequestsLimited(actor_id=actor.id, site_id=actor.home_site_id, member_id=actor.id)
        record(told)
    return checked


def _row(member_id: int) -> Asking:
    usual = Wishes()
    insert_once(
        Asking,
        member_id=member_id,
        weekly_cap=usual.weekly_cap,
        paused=usual.paused,
        paused_until=usual.paused_until,
    )
    return db.session.get_one(Asking, member_id, with_for_update=True, populate_existing=True)
