"""What time does to rounds: a reminder the day before the end, and the end of answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from incubator.domain.exchanges.rounds import answering, records, rules
from incubator.domain.exchanges.rounds.models import Round, RoundNotice
from incubator.kernel.db import db
from incubator.kernel.jobs import later

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


def due(now: datetime) -> Sequence[int]:
    """The rounds that wait for answers and whose end is near or over."""
    waiting = (Round.state == "previewed", Round.answer_by <= now + rules.REMINDED_BEFORE)
    return db.session.scalars(select(Round.id).where(*waiting).order_by(Round.id)).all()


def pass_hour(round_id: int, *, now: datetime) -> None:
    """Remind who has not answered, once; leave them out when the time is over."""
    found = records.hold(round_id)
    if found.state != "previewed" or found.answer_by is None:
        return
    if now >= found.answer_by:
        if answering.leave_out(found, now=now):
            later(answering.RECOMPUTE, {"round_id": found.id, "reason": "silent"})
    elif now >= found.answer_by - rules.REMINDED_BEFORE:
        _remind(found, now=now)


def _remind(found: Round, *, now: datetime) -> None:
    silent = records.unanswered(found.id)
    fresh = (
        update(RoundNotice)
        .where(RoundNotice.round_id == found.id, RoundNotice.firm_id.in_(silent))
        .where(RoundNotice.reminded_at.is_(None))
        .values(reminded_at=now)
        .returning(RoundNotice.firm_id)
    )
    told = sorted(db.session.scalars(fresh))
    if told:
        records.tell(found, "reminded", by=None, firm_ids=told)
