"""Correcting what stands between two firms: one manager proposes, another agrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from incubator.domain.exchanges.ledger import door, policy, posting
from incubator.domain.exchanges.ledger.accounts import MOST_REASON
from incubator.domain.exchanges.ledger.events import (
    CreditAdjustmentAsked,
    CreditAdjustmentWithdrawn,
)
from incubator.domain.exchanges.ledger.models import Adjustment
from incubator.domain.exchanges.ledger.rules import whole_cents
from incubator.domain.exchanges.ledger.writing import Draft, Posted
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record
from incubator.network.accounts import queries as people

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from incubator.network.members.actor import Actor


def ask(
    by: Actor, *, giver_id: int, receiver_id: int, cents: int, reason: str, once: str, now: datetime
) -> int:
    """Propose that one account gains cents which another loses; the number of the proposal.

    The same form sent twice gives one. Raise NotFound ``ledger.account``; NotAllowed
    ``ledger.decide``; Refusal ``ledger.off``, ``ledger.cents``, ``ledger.same``, ``ledger.reason``.
    """
    words = reason.replace("\0", "").strip()
    if not 0 < len(words) <= MOST_REASON:
        raise Refusal("ledger.reason", field="reason")
    if whole_cents(cents) <= 0:
        raise Refusal("ledger.cents", field="cents")
    if giver_id == receiver_id:
        raise Refusal("ledger.same", field="other")
    door.enter()
    giver, receiver = _firms(giver_id, receiver_id)
    if not _may(by, [giver, receiver], today=now.date()):
        raise NotAllowed("ledger.decide")
    made = insert_once(
        Adjustment,
        giver_id=giver_id,
        receiver_id=receiver_id,
        cents=cents,
        reason=words,
        state="asked",
        once=once[:40],
        asked_by_id=by.id,
        asked_at=now,
    )
    mine = (Adjustment.asked_by_id == by.id, Adjustment.once == once[:40])
    row = db.session.scalars(select(Adjustment).where(*mine)).one()
    if made:
        record(
            CreditAdjustmentAsked(
                actor_id=by.id,
                firm_id=giver,
                receiver_firm_id=receiver,
                cents=cents,
                reason=words,
            )
        )
    return row.id


def agree(by: Actor, *, adjustment_id: int, now: datetime) -> Posted:
    """Agree as the second manager: it is posted. Raise as ``posting.post``.

    NotFound ``ledger.adjustment_gone``; NotAllowed ``ledger.second`` for who proposed it.
    """
    door.enter()
    row = _asked(adjustment_id)
    if row.asked_by_id == by.id:
        raise NotAllowed("ledger.second")
    first = people.account_of(row.asked_by_id)
    if first is None:
        raise NotAllowed("ledger.decide")
    draft = Draft(
        kind="adjustment",
        amounts={row.giver_id: row.cents, row.receiver_id: -row.cents},
        idem=f"adjustment:{row.id}",
        reason=row.reason,
    )
    posted = posting.post(people.actor_of(first), draft, now=now, second=by)
    row.state, row.decided_by_id, row.decided_at, row.txn_id = "agreed", by.id, now, posted.id
    db.session.flush()
    return posted


def withdraw(by: Actor, *, adjustment_id: int, now: datetime) -> None:
    """Let a proposal fall. Raise NotFound ``ledger.adjustment_gone``; NotAllowed."""
    door.enter(winding_down=True)
    row = _asked(adjustment_id)
    giver, receiver = _firms(row.giver_id, row.receiver_id)
    if not _may(by, [giver, receiver], today=now.date()):
        raise NotAllowed("ledger.decide")
    row.state, row.decided_by_id, row.decided_at = "withdrawn", by.id, now
    db.session.flush()
    told = {"firm_id": giver, "receiver_firm_id": receiver}
    record(CreditAdjustmentWithdrawn(actor_id=by.id, **told))


def waiting_of(account_id: int) -> Sequence[Adjustment]:
    """The corrections of an account that wait for a second manager, the oldest first."""
    either = or_(Adjustment.giver_id == account_id, Adjustment.receiver_id == account_id)
    query = select(Adjustment).where(either, Adjustment.state == "asked").order_by(Adjustment.id)
    return db.session.scalars(query).all()


def _may(by: Actor, firm_ids: list[int], *, today: date) -> bool:
    return policy.may_decide_between(by, door.seats(by, firm_ids, today=today))


def _firms(giver_id: int, receiver_id: int) -> tuple[int, int]:
    """The firms of two accounts; the fund is corrected by departures alone."""
    held = door.accounts([giver_id, receiver_id])
    giver, receiver = held[giver_id].firm_id, held[receiver_id].firm_id
    if giver is None or receiver is None:
        raise NotFound("ledger.account")
    return giver, receiver


def _asked(adjustment_id: int) -> Adjustment:
    row = db.session.get(Adjustment, adjustment_id, populate_existing=True)
    if row is None or row.state != "asked":
        raise NotFound("ledger.adjustment_gone")
    return row
