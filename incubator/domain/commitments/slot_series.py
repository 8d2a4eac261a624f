"""Duties that recur, planned by the managers of a site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from incubator.domain.commitments import slot_policy
from incubator.domain.commitments.slot_events import SeriesPlanned
from incubator.domain.commitments.slot_expansion import held_series, keep_in_step
from incubator.domain.commitments.slot_models import Slot, SlotSeries
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.kernel.events import record
from incubator.network.members.models import Skill

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.commitments.slot_plans import SeriesPlan
    from incubator.network.members.actor import Actor


def add_series(actor: Actor, *, site_id: int, plan: SeriesPlan, now: datetime) -> SlotSeries:
    """Let a duty recur at a site; its slots of the next weeks are there at once.

    Raise NotAllowed ``commitments.not_your_site`` and the refusals of ``SeriesPlan.check``.
    """
    _check(actor, site_id, plan)
    row = SlotSeries(site_id=site_id, made_by_id=actor.id, made_at=now, **plan.stored)
    db.session.add(row)
    db.session.flush()
    record(SeriesPlanned(actor_id=actor.id, site_id=site_id, series_id=row.id, again=False))
    keep_in_step(held_series(row.id), now=now, by_id=actor.id)
    return row


def change_series(actor: Actor, series_id: int, *, plan: SeriesPlan, now: datetime) -> SlotSeries:
    """Plan a series otherwise: its coming slots move along, whoever signed up keeps their place.

    Slots that were changed by hand stay as they are. Raise as ``add_series`` does.
    """
    row = held_series(series_id)
    _check(actor, row.site_id, plan)
    for name, value in plan.stored.items():
        setattr(row, name, value)
    row.revision += 1
    db.session.flush()
    record(SeriesPlanned(actor_id=actor.id, site_id=row.site_id, series_id=row.id, again=True))
    keep_in_step(row, now=now, by_id=actor.id)
    return row


def _check(actor: Actor, site_id: int, plan: SeriesPlan) -> None:
    if not slot_policy.may_plan(actor, site_id):
        raise NotAllowed("commitments.not_your_site")
    plan.check()
    check_skill(plan.skill_id)


def check_skill(skill_id: int | None) -> None:
    """Refuse a skill that is not in the vocabulary."""
    if skill_id is not None and db.session.get(Skill, skill_id) is None:
        raise Refusal("commitments.slot_skill", field="skill_id")


def move_skill(gone_id: int, kept_id: int) -> None:
    """Let duties ask for ``kept_id`` where they asked for ``gone_id``: nobody has that any more."""
    for row in (SlotSeries, Slot):
        asked = row.skill_id == gone_id
        db.session.execute(update(row).where(asked).values(skill_id=kept_id))
