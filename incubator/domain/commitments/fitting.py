"""Duties with a free place that fit a member: at their home site, on the weekday they usually come.

Half-days that the member named are taken at their word; else the weekday on which they came most
often in the last eight weeks, twice at least.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import joinedload

from incubator.domain.commitments.presence_models import Presence
from incubator.domain.commitments.slot_models import Signup, Slot
from incubator.kernel.db import BigId, UTCDateTime, db
from incubator.network.members.whereabouts_models import Whereabouts
from incubator.network.members.whereabouts_rules import usual_half_days

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

LOOK_BACK = timedelta(weeks=8)
MOST_SLOTS = 100
OFTEN = 2
NOON = 13  # o'clock: what begins later is of the afternoon
# Who holds a place; whoever looks for a stand-in holds it until they find one.
HOLDING = ("booked", "stand_in_wanted", "done", "partial", "missed")


def usual_weekdays(half_days: Iterable[int], came_on: Iterable[date]) -> frozenset[int]:
    """The weekdays (Monday is 0) on which somebody usually comes; none when nothing tells."""
    named = frozenset(half_day // 2 for half_day in half_days)
    if named:
        return named
    seen = Counter(day.weekday() for day in came_on).most_common(1)
    return frozenset({seen[0][0]}) if seen and seen[0][1] >= OFTEN else frozenset()


def fits(
    starts_at: datetime, zone: str, *, weekdays: frozenset[int], half_days: frozenset[int]
) -> bool:
    """Whether a duty begins when somebody usually comes; half-days, where named, are exact."""
    local = starts_at.astimezone(ZoneInfo(zone))
    if half_days:
        return local.weekday() * 2 + (local.hour >= NOON) in half_days
    return local.weekday() in weekdays


def fitting_slots(
    member_id: int, site_id: int | None, *, now: datetime, until: datetime, most: int
) -> Sequence[Slot]:
    """The next duties that fit, with a free place and without this member, soonest first."""
    if site_id is None:
        return []
    named = db.session.scalar(_NAMED, {"member_id": member_id}) or 0
    half_days = frozenset(usual_half_days(named))
    came = db.session.scalars(_CAME_ON, {"member_id": member_id, "since": now - LOOK_BACK})
    weekdays = usual_weekdays(half_days, came)
    values = {"member_id": member_id, "site_id": site_id, "now": now, "until": until}
    free = db.session.scalars(_FREE, values).all() if weekdays else []
    fitting = (
        slot
        for slot in free
        if fits(slot.starts_at, slot.site.time_zone, weekdays=weekdays, half_days=half_days)
    )
    return list(islice(fitting, most))


_MEMBER = bindparam("member_id", type_=BigId)
_NAMED = select(Whereabouts.usual).where(Whereabouts.member_id == _MEMBER)
_CAME_ON = (
    select(Presence.day)
    .where(
        Presence.member_id == _MEMBER,
        Presence.started_at >= bindparam("since", type_=UTCDateTime),
    )
    .distinct()
)
_holders = (
    select(func.count())
    .where(Signup.slot_id == Slot.id, Signup.state.in_(HOLDING))
    .correlate(Slot)
    .scalar_subquery()
)
_FREE = (
    select(Slot)
    .where(
        Slot.site_id == bindparam("site_id", type_=BigId),
        Slot.state == "planned",
        Slot.starts_at > bindparam("now", type_=UTCDateTime),
        Slot.starts_at < bindparam("until", type_=UTCDateTime),
        _holders < Slot.capacity_max,
        ~exists().where(
            Signup.slot_id == Slot.id, Signup.member_id == _MEMBER, Signup.state.in_(HOLDING)
        ),
    )
    .options(joinedload(Slot.site, innerjoin=True))
    .order_by(Slot.starts_at, Slot.id)
    .limit(MOST_SLOTS)
)
