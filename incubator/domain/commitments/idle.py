"""Whether a member who promised hours has done, declared or planned any this week."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import exists, or_, select

from incubator.domain.commitments.models import Contribution
from incubator.domain.commitments.presence_models import Presence
from incubator.domain.commitments.promise_models import Pledge
from incubator.domain.commitments.slot_models import Signup, Slot
from incubator.domain.commitments.slot_store import LIVE
from incubator.kernel.db import db

GONE = ("withdrawn", "refused")


def idle_this_week(member_id: int, *, now: datetime, time_zone: str) -> bool:
    """A promise of theirs holds today, and since Monday, by their clocks, nothing is written.

    Nothing: no visit, no hours declared, no place in a slot of this week or to come.
    """
    zone = ZoneInfo(time_zone)
    today = now.astimezone(zone).date()
    first = today - timedelta(days=today.weekday())
    began = datetime.combine(first, time(), zone).astimezone(UTC)
    promised = exists().where(
        Pledge.member_id == member_id,
        Pledge.minutes_per_period > 0,
        Pledge.valid_from <= today,
        or_(Pledge.valid_to.is_(None), Pledge.valid_to > today),
    )
    given = exists().where(
        Contribution.giver_id == member_id,
        Contribution.day >= first,
        Contribution.state.not_in(GONE),
    )
    came = exists().where(
        Presence.member_id == member_id, Presence.started_at >= began, Presence.state != "void"
    )
    comes = exists().where(
        Signup.member_id == member_id,
        Signup.state.in_(LIVE),
        Slot.id == Signup.slot_id,
        Slot.state != "cancelled",
        Slot.ends_at >= began,
    )
    return bool(db.session.scalar(select(promised & ~given & ~came & ~comes)))
