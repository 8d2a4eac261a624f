"""Slots and sign-ups for tests, made by the commands that pages call."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from incubator.domain.commitments import signups, slot_commands, slot_series
from incubator.domain.commitments.slot_models import Signup, Slot, SlotSeries
from incubator.domain.commitments.slot_plans import DayPlan, SeriesPlan
from incubator.kernel.db import db, transaction

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.accounts.models import Account
    from incubator.network.sites.models import Site
    from tests.factories import Make

_numbers = count()


def day_plan(make: Make, **more: Any) -> DayPlan:
    """Three hours at nine in five days, for one or two."""
    values: dict[str, Any] = {
        "title": "Accueil",
        "day": make.now.date() + timedelta(days=5),
        "local_start": 540,
        "duration": 180,
        "capacity_max": 2,
    }
    return DayPlan(**(values | more))


def weekly(make: Make, **more: Any) -> SeriesPlan:
    """Mondays at nine from today on, three hours for one or two."""
    values: dict[str, Any] = {
        "title": "Accueil",
        "weekdays": frozenset({0}),
        "valid_from": make.now.date(),
        "local_start": 540,
        "duration": 180,
        "capacity_max": 2,
    }
    return SeriesPlan(**(values | more))


def a_slot(make: Make, by: Account, site: Site, **more: Any) -> Slot:
    """A slot of one day."""
    with transaction():
        plan = day_plan(make, **more)
        return slot_commands.add_slot(make.actor(by), site_id=site.id, plan=plan, now=make.now)


def a_series(make: Make, by: Account, site: Site, **more: Any) -> SlotSeries:
    """A recurring duty, with its slots."""
    with transaction():
        plan = weekly(make, **more)
        return slot_series.add_series(make.actor(by), site_id=site.id, plan=plan, now=make.now)


def signed_up(make: Make, member: Account, slot: Slot, now: datetime | None = None) -> Signup:
    """A member's place in a slot."""
    with transaction():
        return signups.sign_up(
            make.actor(member), slot.id, once=f"once-{next(_numbers)}", now=now or make.now
        )


def slots_of(series: SlotSeries, *states: str) -> list[Slot]:
    """The slots of a series in some states (planned), by day."""
    query = select(Slot).where(Slot.series_id == series.id)
    query = query.where(Slot.state.in_(states or ("planned",)))
    return list(db.session.scalars(query.order_by(Slot.local_date)))
