"""What a firm says to a round that it was shown: yes, no, or nothing in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from incubator.domain.exchanges.ledger import door
from incubator.domain.exchanges.rounds import policy, records, rules
from incubator.domain.exchanges.rounds.events import RoundAnswered
from incubator.domain.exchanges.rounds.models import Round, RoundNotice
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, NotFound, Refusal
from incubator.kernel.events import record
from incubator.kernel.jobs import later

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.members.actor import Actor

# The job that computes a round anew once firms are out of it.
RECOMPUTE = "rounds.recompute"


def accept(by: Actor, round_id: int, *, firm_id: int, seen: rules.Shown, now: datetime) -> None:
    """Agree for a firm to what it has read: at most these cents, and what may be left of them.

    Twice is once. Raise NotFound ``rounds.round``; Conflict ``rounds.stale`` when there is more by
    now than was read; Refusal ``rounds.state``, ``rounds.late``, ``rounds.out``.
    """
    found, notice = _held(by, round_id, firm_id, now=now)
    if notice.out:
        raise Refusal("rounds.out")
    if notice.accepted_at is not None:
        return
    if found.state != "previewed" or not notice.concerned:
        raise Refusal("rounds.state")
    if found.answer_by is not None and now >= found.answer_by:
        raise Refusal("rounds.late")
    told = rules.Shown(notice.payables_cleared, notice.receivables_cleared, notice.ledger_delta)
    if not rules.within(told, seen):
        raise Conflict("rounds.stale")
    notice.accepted_at, notice.who_id = now, by.id
    db.session.flush()
    record(RoundAnswered(actor_id=by.id, round_id=found.id, firm_id=firm_id, accepted=True))
    records.settle(found, cleared=told.payables + told.receivables, now=now)


def refuse(by: Actor, round_id: int, *, firm_id: int, now: datetime) -> None:
    """Refuse for a firm, also after having agreed, until the round is executed; twice is once.

    The round is computed anew without it. Raise NotFound ``rounds.round``; Refusal
    ``rounds.state``.
    """
    found, notice = _held(by, round_id, firm_id, now=now)
    if notice.refused_at is not None:
        return
    if found.state not in rules.SHOWN or notice.out:
        raise Refusal("rounds.state")
    _drop(by, found, notice, now=now)


def withdraw(by: Actor, *, firm_id: int, now: datetime) -> None:
    """A firm takes part no more: it is out of the round that it was shown, if any runs."""
    mine = (
        select(RoundNotice.round_id)
        .join(Round, Round.id == RoundNotice.round_id)
        .where(RoundNotice.firm_id == firm_id, Round.state.in_(rules.SHOWN))
    )
    for round_id in db.session.scalars(mine).all():
        found = records.hold(round_id)
        notice = records.notice_of(found, firm_id)
        if found.state in rules.SHOWN and not notice.out:
            _drop(by, found, notice, now=now)


def leave_out(found: Round, *, now: datetime) -> list[int]:
    """Leave out who has not answered in time; the firms, by number. The round is held."""
    silent = records.unanswered(found.id)
    db.session.execute(
        update(RoundNotice)
        .where(RoundNotice.round_id == found.id, RoundNotice.firm_id.in_(silent))
        .values(silent_at=now)
    )
    return silent


def _held(by: Actor, round_id: int, firm_id: int, *, now: datetime) -> tuple[Round, RoundNotice]:
    """A round, held, and what a firm reads of it: only for the people of the firm."""
    found = records.hold(round_id)
    notice = records.notice_of(found, firm_id)
    (seat,) = door.seats(by, [firm_id], today=now.date())
    if not policy.may_answer(by, seat) or found.state in {"collecting", "computed"}:
        raise NotFound("rounds.round")
    return found, notice


def _drop(by: Actor, found: Round, notice: RoundNotice, *, now: datetime) -> None:
    notice.refused_at, notice.who_id = now, by.id
    db.session.flush()
    told = {"actor_id": by.id, "round_id": found.id, "firm_id": notice.firm_id}
    record(RoundAnswered(**told, accepted=False))
    later(RECOMPUTE, {"round_id": found.id, "reason": "refused"})
