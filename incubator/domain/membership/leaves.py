"""A leave: shown to the others while it lasts, over on the day of return."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.domain.membership import life_policy as policy
from incubator.domain.membership import processes
from incubator.domain.membership.life_events import LeaveBegan, LeaveEnded
from incubator.domain.membership.life_rows import locked_for, today_of
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.kernel.events import record
from incubator.network.members.absence import set_away, set_here

if TYPE_CHECKING:
    from datetime import date, datetime

    from incubator.domain.membership.life_models import Process
    from incubator.network.members.actor import Actor


def begin(process: Process, by: Actor | None, *, now: datetime) -> None:
    """The first day has come: the member is shown as away."""
    process.state = processes.after(process.kind, process.state, "begin")
    process.begun_at = now
    if process.ends_on is None:
        raise LookupError(f"leave {process.id} has no end")
    set_away(process.member_id, back_on=process.ends_on)
    record(
        LeaveBegan(
            actor_id=by.id if by else None,
            site_id=process.from_site_id,
            member_id=process.member_id,
            process_id=process.id,
            starts_on=process.starts_on,
            ends_on=process.ends_on,
        )
    )


def finish(process: Process, by: Actor | None, *, ended_on: date, now: datetime) -> None:
    """The day of return has come, or an earlier one was chosen: the member is here again."""
    process.state = processes.after(process.kind, process.state, "finish")
    process.ends_on, process.ended_at = ended_on, now
    set_here(process.member_id)
    db.session.flush()
    record(
        LeaveEnded(
            actor_id=by.id if by else None,
            site_id=process.from_site_id,
            member_id=process.member_id,
            process_id=process.id,
            ended_on=ended_on,
        )
    )


def come_back(actor: Actor, process_id: int, *, now: datetime) -> Process:
    """End a leave that lasts, today; on its first day it counts as that day.

    Raise NotFound, NotAllowed ``membership.not_yours``, Refusal ``membership.too_late``.
    """
    process = locked_for(actor, process_id)
    if not policy.may_come_back(actor, process):
        raise NotAllowed("membership.not_yours")
    if process.kind != processes.LEAVE:
        raise Refusal("membership.too_late")
    today = today_of(process.member_id, now)
    plan = processes.closed_by_exit(process.plan, today)
    finish(process, actor, ended_on=plan.ends_on or today, now=now)
    return process
