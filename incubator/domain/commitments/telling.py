"""Telling people what the calendar brings: half of a period, a closed one, a desk that waits.

Everything is told once, however often one asks: a mark (``JobRun``) is written in the transaction
that tells. Members are taken by ranges of their ids, so that a range is the same at each try.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from incubator.domain.commitments.fitting import fitting_slots
from incubator.domain.commitments.history import ENDINGS
from incubator.domain.commitments.kiosk_models import Device
from incubator.domain.commitments.ledger_models import JobRun, Line, Standing
from incubator.domain.commitments.models import Period
from incubator.domain.commitments.presence_models import Presence
from incubator.domain.commitments.telling_events import DeskWaits, HalfTimeCome, StatementReady
from incubator.kernel.db import db, insert_once, transaction
from incubator.kernel.events import record
from incubator.network.members.models import Member
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date, datetime

RANGE = 500
SLOTS = 3
# A letter that comes later would tell nothing new.
WINDOW = timedelta(days=3)
# Stays without an end that one morning's look at the board would not have missed.
PILE = 3
# A screen may rest from Friday evening to Monday morning.
SILENT = timedelta(hours=72)
MORNING = 8  # o'clock at the site


def tell(now: datetime) -> int:
    """Tell what has come to be told by an instant; how many were told something."""
    told = 0
    for period in _periods(now):
        if period.state == "closed":
            told += _by_ranges(period, "closed", now, say=partial(_statements, period))
        elif _half_over(period, now.date()):
            told += _by_ranges(period, "half", now, say=partial(_halves, period, now))
    return told + _desks(now)


def _periods(now: datetime) -> Sequence[Any]:
    """Those just closed, and those that run."""
    with transaction():
        return db.session.execute(
            select(Period.id, Period.state, Period.starts_on, Period.ends_on)
            .where(
                (Period.closed_at >= now - WINDOW)
                | ((Period.state != "closed") & (Period.starts_on <= now.date()))
            )
            .order_by(Period.starts_on)
        ).all()


def _half_over(period: Any, today: date) -> bool:
    half: date = period.starts_on + (period.ends_on - period.starts_on) / 2
    return half <= today < half + WINDOW


def _by_ranges(
    period: Any, what: str, now: datetime, *, say: Callable[[Sequence[Any]], int]
) -> int:
    """Take the accounts of a period range by range, each once and in a transaction of its own."""
    told = 0
    for number in _ranges(period.id):
        with transaction():
            if _first(f"told:{what}:{period.id}:{number}", now):
                told += say(_accounts(period.id, number))
    return told


def _ranges(period_id: int) -> Iterator[int]:
    with transaction():
        last = db.session.scalar(
            select(func.max(Standing.member_id)).where(Standing.period_id == period_id)
        )
    return iter(range((last or 0) // RANGE + 1) if last else ())


def _first(key: str, now: datetime) -> bool:
    """Whether nobody told this before."""
    return insert_once(
        JobRun, name="hours.told", key=key, started_at=now, finished_at=now, result={}
    )


def _accounts(period_id: int, number: int) -> Sequence[Any]:
    """The sums of a range of members who are still there."""
    return db.session.execute(
        select(Standing, Member.home_site_id)
        .join(Member, (Member.id == Standing.member_id) & Member.active)
        .where(
            Standing.period_id == period_id,
            Standing.member_id >= number * RANGE,
            Standing.member_id < (number + 1) * RANGE,
        )
        .order_by(Standing.member_id)
    ).all()


def _statements(period: Any, rows: Sequence[Any]) -> int:
    """One for everybody who owed or gave something."""
    ends = _endings(period.id, [sums.member_id for sums, _ in rows])
    told = 0
    for sums, site_id in rows:
        # Closing brings the sum to nothing: what stood there before is what counts.
        before = sums.balance - ends.get(sums.member_id, 0)
        given = before + sums.owed - sums.carry_in
        if not (sums.owed or given):
            continue
        told += 1
        record(
            StatementReady(
                actor_id=None,
                site_id=site_id,
                member_id=sums.member_id,
                starts_on=period.starts_on,
                given=given,
                owed=sums.owed,
                balance=before,
            )
        )
    return told


def _endings(period_id: int, members: Sequence[int]) -> dict[int, int]:
    """What closing took from the accounts, or gave them."""
    rows = db.session.execute(
        select(Line.member_id, func.sum(Line.minutes).label("minutes"))
        .where(
            Line.period_id == period_id,
            Line.member_id.in_(members),
            Line.firm_id.is_(None),
            Line.kind.in_(ENDINGS),
        )
        .group_by(Line.member_id)
    )
    return {row.member_id: int(row.minutes) for row in rows}


def _halves(period: Any, now: datetime, rows: Sequence[Any]) -> int:
    """Whoever is on the way to hold their promise is left in peace."""
    behind = [(sums, site) for sums, site in rows if sums.balance + sums.planned < 0]
    for sums, site_id in behind:
        free = fitting_slots(
            sums.member_id, site_id, now=now, until=now + (period.ends_on - now.date()), most=SLOTS
        )
        record(
            HalfTimeCome(
                actor_id=None,
                site_id=site_id,
                member_id=sums.member_id,
                given=sums.balance + sums.owed,
                planned=sums.planned,
                owed=sums.owed,
                last_day=period.ends_on - timedelta(days=1),
                slots=tuple(slot.id for slot in free),
            )
        )
    return len(behind)


def _desks(now: datetime) -> int:
    """The sites whose managers have something to see to, once a morning."""
    with transaction():
        sites = db.session.execute(select(Site.id, Site.time_zone)).all()
        presumed = {row.site_id: int(row.number) for row in db.session.execute(_PRESUMED)}
        silent = _silent_screens(now)
    told = 0
    for site_id, zone in sites:
        local = now.astimezone(ZoneInfo(zone))
        piled, screens = presumed.get(site_id, 0), silent.get(site_id, ())
        if local.hour < MORNING or not (piled >= PILE or screens):
            continue
        with transaction():
            if _first(f"told:desk:{site_id}:{local.date()}", now):
                told += 1
                record(
                    DeskWaits(
                        actor_id=None, site_id=site_id, presumed=piled, screens=tuple(screens)
                    )
                )
    return told


_PRESUMED = (
    select(Presence.site_id, func.count().label("number"))
    .where(Presence.state == "presumed")
    .group_by(Presence.site_id)
)


def _silent_screens(now: datetime) -> dict[int, list[str]]:
    """Names of screens that showed signs of life before, but not lately."""
    rows = db.session.execute(
        select(Device.site_id, Device.name)
        .where(
            Device.key_hash.is_not(None),
            Device.revoked_at.is_(None),
            Device.last_seen_at < now - SILENT,
        )
        .order_by(Device.name)
    )
    found: dict[int, list[str]] = {}
    for site_id, name in rows:
        found.setdefault(site_id, []).append(name)
    return found
