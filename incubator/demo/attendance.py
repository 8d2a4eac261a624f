"""Step of the loader: who came to the sites these two weeks, and who is there now."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from incubator.demo.moments import When, day_zero
from incubator.demo.stage import key_of, luck
from incubator.domain.commitments import (
    checkin_rules,
    presence,
    rounds,
)
from incubator.domain.commitments import presence_changes as changes
from incubator.domain.commitments.models import Contribution
from incubator.domain.commitments.presence_models import Presence
from incubator.domain.commitments.presses import Press
from incubator.domain.commitments.slot_models import Signup, Slot
from incubator.kernel.db import as_of, db
from incubator.network.members import audiences, whereabouts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incubator.demo.shapes import Shown
    from incubator.demo.stage import Stage

DAYS = 14
COMES = 70  # of a hundred usual half-days
MORNING, AFTERNOON = time(8, 45), time(13, 50)
SOURCES = ("web", "qr", "kiosk")
FORGETFUL = "olivier.faure@"  # left without a word, the last time


class _Visit(NamedTuple):
    """A stay: from when, to when if they said so; by what means."""

    since: datetime
    until: datetime | None
    email: str
    source: str


def come_and_go(stage: Stage) -> str:
    """Let people come on some of their usual half-days, then be there now; choose who sees it."""
    for shown in stage.content.house.presences:
        person = stage.actors[shown.email]
        audiences.set_audience(person, name="presence", audience=shown.audience)
        whereabouts.choose(person, usual=shown.usual, awaited=shown.audience == "network")
    busy = _busy(stage)
    visits = [
        visit for shown in stage.content.house.presences for visit in _visits(stage, shown, busy)
    ]
    for visit in sorted(visits, key=lambda each: (each.since, each.email)):
        _stay(stage, visit)
    _presume_forgotten(stage)
    return f"{len(visits)} visits"


def _busy(stage: Stage) -> set[tuple[int, date]]:
    """Days on which members told of hours already: no minute is told twice."""
    since = stage.now - timedelta(days=DAYS + 1)
    told = select(Contribution.giver_id, Contribution.day).where(Contribution.day >= since.date())
    signed = (
        select(Signup.member_id, Slot.local_date)
        .join(Slot, Slot.id == Signup.slot_id)
        .where(Slot.starts_at >= since)
    )
    return {
        (member_id, day)
        for query in (told, signed)
        for member_id, day in db.session.execute(query).all()
    }


def _visits(stage: Stage, shown: Shown, busy: set[tuple[int, date]]) -> Iterator[_Visit]:
    """The stays of one person, at most one a half-day, never today but the one under way."""
    site = stage.members[shown.email].site
    zone, chance = stage.zones[site], luck("visits", shown.email)
    zero, member_id = day_zero(stage.now, zone), stage.actors[shown.email].id
    past = []
    for ago in range(DAYS, 0, -1):
        day = zero - timedelta(days=ago)
        for half, at in enumerate((MORNING, AFTERNOON)):
            comes = chance.randrange(100) < COMES and day.weekday() * 2 + half in shown.usual
            since = When(ago, at, zone).instant(stage.now) + _some(chance.randint(0, 40))
            until = since + _some(chance.randint(80, 210))
            source = chance.choice(SOURCES)
            if comes and (member_id, day) not in busy:
                past.append(_Visit(since, until, shown.email, source))
    if past and shown.email.startswith(FORGETFUL):
        past[-1] = past[-1]._replace(until=None)
    yield from past
    if shown.minutes is not None:
        since = _since(stage, site, stage.now - _some(shown.minutes))
        yield _Visit(since, None, shown.email, "web")


def _some(minutes: int) -> timedelta:
    return timedelta(minutes=minutes)


def _since(stage: Stage, site: str, instant: datetime) -> datetime:
    """The instant, or the last evening's end of the site when that lies between: nobody stays."""
    place = changes.place_of(changes.site_of(stage.sites[site]))
    limit = checkin_rules.cut_off(instant, place)
    return limit if limit <= stage.now else instant


def _stay(stage: Stage, visit: _Visit) -> None:
    """Check in, and out again."""
    person = stage.actors[visit.email]
    site_id = stage.sites[stage.members[visit.email].site]
    for way, at in ((presence.check_in, visit.since), (presence.check_out, visit.until)):
        if at is None:
            continue
        uid = key_of(way.__name__, visit.email, at.isoformat())
        with as_of(at):
            way(person, Press(uid=uid, site_id=site_id, source=visit.source), now=at)


def _presume_forgotten(stage: Stage) -> None:
    """What was left open the evening before has the end that the site gives it."""
    rows = db.session.scalars(select(Presence).where(Presence.ended_at.is_(None))).all()
    for row in rows:
        with as_of(stage.now):
            rounds.presume_one(row.id, row.member_id, now=stage.now)
