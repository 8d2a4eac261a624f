"""The minutes that members have signed up for and that are still to come, in their standings.

Those that keep the promise of a firm are in the firm's.

Whoever takes or gives back a place, or changes a slot, calls ``keep`` in the same transaction. What
begins and passes by itself the tick takes in (``refresh``).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, select, union, update

from incubator.domain.commitments import firm_planned
from incubator.domain.commitments.ledger_models import FirmStanding, Standing
from incubator.domain.commitments.models import Period
from incubator.domain.commitments.slot_models import Signup, Slot
from incubator.kernel.db import Base, BigId, UTCDateTime, db, transaction
from incubator.network.members.firm_models import FirmRole

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

BATCH = 500
MINUTE = timedelta(minutes=1)
_IDS = bindparam("ids", type_=BigId, expanding=True)
_NOW = bindparam("now", type_=UTCDateTime)
_TO_COME = and_(Signup.state == "booked", Slot.state == "planned", Slot.ends_at > _NOW)
_DUTIES = (
    select(
        Signup.member_id,
        Period.id.label("period_id"),
        Slot.local_date,
        Slot.starts_at,
        Slot.ends_at,
    )
    .join(Slot, Slot.id == Signup.slot_id)
    .join(Period, and_(Period.starts_on <= Slot.local_date, Period.ends_on > Slot.local_date))
    .where(Signup.member_id.in_(_IDS), _TO_COME)
)
_KNOWN = (
    select(Standing.member_id, Standing.period_id, Standing.planned)
    .where(Standing.member_id.in_(_IDS))
    .order_by(Standing.member_id, Standing.period_id)
)
# Who has anything to come, or had when last asked.
_CONCERNED = union(
    select(Signup.member_id).join(Slot, Slot.id == Signup.slot_id).where(_TO_COME),
    select(Standing.member_id).where(Standing.planned != 0),
    select(FirmRole.member_id)
    .join(FirmStanding, FirmStanding.firm_id == FirmRole.firm_id)
    .where(FirmStanding.planned != 0),
)
_TABLE = Base.metadata.tables[Standing.__tablename__]
_WRITE = (
    update(_TABLE)
    .where(_TABLE.c.member_id == bindparam("holder"), _TABLE.c.period_id == bindparam("period"))
    .values(planned=bindparam("minutes"))
)


def keep(member_ids: Iterable[int], *, now: datetime) -> int:
    """Let the standings of some members say what they have signed up for; how many said else."""
    ids = sorted(set(member_ids))
    db.session.flush()
    return sum(_keep(ids[start : start + BATCH], now=now) for start in range(0, len(ids), BATCH))


def concerned(now: datetime) -> Sequence[int]:
    """Who has anything to come, or had when last asked."""
    return sorted(db.session.scalars(_CONCERNED, {"now": now}))


def _keep(ids: Sequence[int], *, now: datetime) -> int:
    firms = firm_planned.people_of(firm_planned.firms_of(ids))
    whose = firm_planned.Whose()
    people = set().union(*firms.values())
    sums: dict[tuple[int, int], timedelta] = defaultdict(timedelta)
    duties = db.session.execute(_DUTIES, {"ids": sorted(people.union(ids)), "now": now}).all()
    for duty in duties:
        if duty.member_id not in people or whose.firm(duty.member_id, duty.local_date) is None:
            sums[duty.member_id, duty.period_id] += duty.ends_at - duty.starts_at
    wrong = [
        {"holder": member_id, "period": period_id, "minutes": minutes}
        for member_id, period_id, known in db.session.execute(_KNOWN, {"ids": ids})
        if (minutes := sums[member_id, period_id] // MINUTE) != known
    ]
    if wrong:
        db.session.execute(_WRITE, wrong)
    return len(wrong) + sum(firm_planned.keep(firm_id, duties, whose) for firm_id in firms)


def refresh(now: datetime) -> int:
    """The same for everybody whom it concerns, so many in a transaction."""
    with transaction():
        ids = concerned(now)
    changed = 0
    for start in range(0, len(ids), BATCH):
        with transaction():
            changed += keep(ids[start : start + BATCH], now=now)
    return changed
