"""What the calendar owes: leaves that begin and end, transfers, exits, each on its site's day."""

from __future__ import annotations

import logging
from datetime import timedelta, timezone
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from incubator.domain.membership import exits, leaves, processes, transfers
from incubator.domain.membership.life_models import Process
from incubator.domain.membership.life_rows import live_of, locked_person, today_of
from incubator.kernel.db import db, transaction, utcnow
from incubator.kernel.errors import Refusal
from incubator.kernel.schedule import hourly
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from incubator.network.members.actor import Actor

log = logging.getLogger(__name__)

TICK = "membership.tick"
AT_ONCE = 500
# Where a day begins first.
FIRST_TO_WAKE = timezone(timedelta(hours=14))


def advance(member_id: int, *, now: datetime, by: Actor | None = None) -> int:
    """Do what the calendar owes to one member, in the order of the days; how many acts.

    Runs in the caller's transaction and may be repeated. Raise Refusal
    ``accounts.last_administrator``, NotFound for who has left.
    """
    locked_person(member_id)
    done = 0
    while (owed := _next(member_id, now)) is not None:
        _do(*owed, by, now=now)
        done += 1
    return done


def _next(member_id: int, now: datetime) -> tuple[Process, str] | None:
    """The first act that is owed: the earliest day, and on one day in ``ORDER``."""
    today = today_of(member_id, now)
    owed = [
        (process, acts[0])
        for process in live_of(member_id)
        if (acts := processes.due(process.plan, today))
    ]
    return min(owed, key=_when) if owed else None


def _when(owed: tuple[Process, str]) -> tuple[object, ...]:
    process, act = owed
    lasts = process.kind == processes.LEAVE and act == "finish"
    day = process.ends_on if lasts else process.starts_on
    return (day, processes.ORDER[process.kind], process.id)


def _do(process: Process, act: str, by: Actor | None, *, now: datetime) -> None:
    if process.kind == processes.TRANSFER:
        transfers.finish(process, by, now=now)
    elif process.kind == processes.EXIT:
        exits.finish(process, by, today=today_of(process.member_id, now), now=now)
    elif act == "begin":
        leaves.begin(process, by, now=now)
    else:
        leaves.finish(process, by, ended_on=process.ends_on or process.starts_on, now=now)
    db.session.flush()


def waiting_for_their_day(now: datetime) -> Sequence[int]:
    """The members to whom the calendar may owe something, wherever it is already tomorrow.

    Whose account is closed is not among them: their days are caught up if it opens again.
    """
    latest = now.astimezone(FIRST_TO_WAKE).date()
    starts = (Process.state == "planned") & (Process.starts_on <= latest)
    ends = (Process.state == "active") & (Process.ends_on <= latest)
    return db.session.scalars(
        select(Process.member_id)
        .join(Member, Member.id == Process.member_id)
        .where(or_(starts, ends), Member.active)
        .distinct()
        .limit(AT_ONCE)
    ).all()


def tick(now: datetime) -> int:
    """Do what the calendar owes to everybody, a transaction each; how many acts.

    What cannot be done (the last administrator cannot go) is left for a person and logged.
    """
    done = 0
    for member_id in waiting_for_their_day(now):
        try:
            with transaction():
                done += advance(member_id, now=now)
        except Refusal as refusal:
            log.warning("the membership of member %d waits: %s", member_id, refusal.code)
    return done


@hourly(TICK)
def job(payload: Mapping[str, Any]) -> None:
    """The hourly job; catches up with whatever was missed."""
    del payload
    tick(utcnow())
