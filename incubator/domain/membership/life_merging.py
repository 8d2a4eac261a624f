"""Leaves, transfers, exits and requests to be erased of two members who are one person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import String, cast, literal, select, update

from incubator.domain.membership.life_models import Erasure, Process
from incubator.domain.membership.life_rows import live_of
from incubator.kernel.db import db

if TYPE_CHECKING:
    from datetime import datetime


def merge(*, kept_id: int, gone_id: int, now: datetime) -> None:
    """Processes follow; where both live, the kept member's stands and the other is cancelled."""
    kinds = {process.kind for process in live_of(kept_id)}
    for process in live_of(gone_id):
        if process.kind in kinds:
            process.state, process.ended_at = "cancelled", now
    waiting = select(Erasure).where(Erasure.member_id == gone_id, Erasure.state == "asked")
    for erasure in db.session.scalars(waiting):
        # Who asks to be forgotten asks anew, for the whole person.
        erasure.state, erasure.handled_at = "withdrawn", now
    db.session.flush()
    once = literal("moved-").concat(cast(Process.id, String))
    changes = (
        update(Process)
        .where(Process.asked_by_id == gone_id)
        .values(asked_by_id=kept_id, once=once),
        update(Process).where(Process.member_id == gone_id).values(member_id=kept_id),
        update(Process).where(Process.decided_by_id == gone_id).values(decided_by_id=kept_id),
        update(Erasure).where(Erasure.member_id == gone_id).values(member_id=kept_id),
        update(Erasure).where(Erasure.handled_by_id == gone_id).values(handled_by_id=kept_id),
    )
    for change in changes:
        db.session.execute(change.execution_options(synchronize_session=False))
    db.session.expire_all()
