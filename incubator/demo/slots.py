"""Steps of the loader: reception duties that recur, who comes to them, sheets of last week."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from incubator.demo.stage import key_of, luck
from incubator.domain.commitments import signups, slot_series, slot_sheets
from incubator.domain.commitments.slot_models import Slot
from incubator.domain.commitments.slot_plans import SeriesPlan
from incubator.domain.commitments.slot_sheets import Answer
from incubator.domain.commitments.slot_store import COMING, signups_of
from incubator.kernel.db import as_of, db
from incubator.kernel.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.demo.stage import Stage
    from incubator.network.members.actor import Actor

LEFT_OPEN = 2  # sheets a site
PLANNED = timedelta(days=9)  # so long ago were the series planned
AHEAD = timedelta(days=12)  # so far ahead have members signed up
MOST_SIGNED = 8  # of ten slots


class _Duty(NamedTuple):
    """A series of a site: its title, weekdays, beginning and length in minutes, people."""

    site: str
    title: str
    weekdays: tuple[int, ...]
    start: int
    length: int
    people: tuple[int, int]
    note: str = ""


DUTIES = (
    _Duty("lyon", "Accueil du matin", (0, 1, 2, 3, 4), 540, 180, (1, 2), "Le café est prêt à 9 h."),
    _Duty("lyon", "Accueil des nouveaux", (3,), 1020, 90, (2, 3)),
    _Duty("lille", "Accueil du matin", (1, 4), 540, 180, (1, 2)),
    _Duty("nantes", "Permanence de l’atelier", (2, 4), 840, 180, (1, 2)),
    _Duty("montreal", "Accueil du matin", (0, 3), 540, 180, (1, 2)),
    _Duty("dakar", "Accueil du matin", (1, 3), 540, 180, (1, 1)),
)


def staff_slots(stage: Stage) -> str:
    """Plan the duties and let members sign up."""
    at = stage.now - PLANNED
    for duty in DUTIES:
        with as_of(at):
            _plan(stage, duty)
    booked = sum(_sign_up(stage, slot) for slot in _slots(stage))
    return f"{len(DUTIES)} recurring duties, {booked} sign-ups"


def lock_sheets(stage: Stage) -> str:
    """Lock the sheets of last week but the last ones of each site."""
    locked = sum(_lock(stage, site) for site in sorted({duty.site for duty in DUTIES}))
    return f"{locked} sheets locked"


def _plan(stage: Stage, duty: _Duty) -> None:
    at = stage.now - PLANNED
    least, most = duty.people
    plan = SeriesPlan(
        title=duty.title,
        note=duty.note,
        weekdays=frozenset(duty.weekdays),
        local_start=duty.start,
        duration=duty.length,
        capacity_min=least,
        capacity_max=most,
        valid_from=at.date(),
    )
    manager = stage.manager_of(duty.site, other_than="")
    slot_series.add_series(manager, site_id=stage.sites[duty.site], plan=plan, now=at)


def _slots(stage: Stage) -> Sequence[Slot]:
    return db.session.scalars(
        select(Slot).where(Slot.starts_at < stage.now + AHEAD).order_by(Slot.starts_at, Slot.id)
    ).all()


def _sign_up(stage: Stage, slot: Slot) -> int:
    """Let some members of the site come: most slots have somebody, some are short of people."""
    chance = luck("slot", slot.title, str(slot.site_id), slot.local_date.isoformat())
    wanted = chance.randint(1, slot.capacity_max) if chance.randint(1, 10) <= MOST_SIGNED else 0
    at = max(stage.now - PLANNED, min(stage.now, slot.starts_at) - timedelta(hours=20))
    done = 0
    for actor in chance.sample(_givers(stage, slot.site_id), k=wanted):
        once = key_of("slot", actor.slug, slot.title, slot.local_date.isoformat())
        # Who already comes to another slot at that time stays there.
        with as_of(at), suppress(Refusal):
            signups.sign_up(actor, slot.id, once=once, now=at)
            done += 1
    return done


def _givers(stage: Stage, site_id: int) -> list[Actor]:
    """Members of a site who promised hours and were there when the duties were planned."""
    known = stage.content.members
    return [
        stage.actors[member.email]
        for member in sorted(known, key=lambda each: each.email)
        if member.pledge_minutes
        and member.role != "guest"
        and stage.sites[member.site] == site_id
        and member.joined_days_ago > PLANNED.days
    ]


def _lock(stage: Stage, site: str) -> int:
    """The last sheets are left to lock, so that there is something to look at."""
    over = db.session.scalars(
        select(Slot)
        .where(Slot.site_id == stage.sites[site], Slot.ends_at <= stage.now)
        .order_by(Slot.ends_at, Slot.id)
    ).all()
    manager = stage.manager_of(site, other_than="")
    for slot in over[:-LEFT_OPEN]:
        came = {one.id: Answer("done") for one in signups_of(slot.id, COMING)}
        with as_of(stage.now):
            slot_sheets.settle(manager, slot.id, answers=came, team_size=None, now=stage.now)
    return len(over[:-LEFT_OPEN])
