"""An exit: on its day the member is an alumni of their site, or gone, as they chose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.domain.membership import leaves, processes
from incubator.domain.membership.life_events import MemberExited, ProcessCancelled
from incubator.domain.membership.life_rows import live_of, locked, told
from incubator.kernel.db import db
from incubator.kernel.errors import Refusal
from incubator.kernel.events import record
from incubator.network.accounts.moving import leave_network

if TYPE_CHECKING:
    from datetime import date, datetime

    from incubator.domain.membership.life_models import Process
    from incubator.network.members.actor import Actor


def check_choices(access: str, hours: str, messages: str) -> None:
    """Raise Refusal ``membership.choice`` with the field that holds no known choice."""
    chosen = (
        ("access", access, processes.ACCESS),
        ("hours", hours, processes.HOURS),
        ("messages", messages, processes.MESSAGES),
    )
    for field, value, known in chosen:
        if value not in known:
            raise Refusal("membership.choice", field=field)


def finish(process: Process, by: Actor | None, *, today: date, now: datetime) -> None:
    """The day has come: what else lived ends, then roles, and what was written if so chosen.

    Raise Refusal ``accounts.last_administrator``.
    """
    process.state = processes.after(process.kind, process.state, "finish")
    process.begun_at = process.ended_at = now
    db.session.flush()
    _end_the_others(process, by, today=today, now=now)
    leave_network(
        by,
        member_id=process.member_id,
        keep_window=process.access == "alumni",
        today=today,
        now=now,
    )
    record(
        MemberExited(
            actor_id=by.id if by else None,
            site_id=process.from_site_id,
            member_id=process.member_id,
            process_id=process.id,
            left_on=today,
            access=process.access or "closed",
            hours=process.hours or "lapse",
            anonymise=process.messages == "anonymise",
        )
    )


def keep_balance(process_id: int, *, minutes: int) -> None:
    """Keep what the hours of who left summed to on that day."""
    locked(process_id).balance_minutes = minutes
    db.session.flush()


def _end_the_others(process: Process, by: Actor | None, *, today: date, now: datetime) -> None:
    for other in live_of(process.member_id):
        plan = processes.closed_by_exit(other.plan, today)
        if plan.state == "done" and plan.ends_on:
            leaves.finish(other, by, ended_on=plan.ends_on, now=now)
        else:
            other.state, other.ended_at = plan.state, now
            record(ProcessCancelled(**told(other, by)))
    db.session.flush()
