"""Leaving with a balance: the common fund takes it over once two managers agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.domain.exchanges.ledger import door, policy
from incubator.domain.exchanges.ledger.accounts import MOST_REASON, shut
from incubator.domain.exchanges.ledger.events import (
    CreditDepartureAsked,
    CreditDepartureDecided,
    CreditMoved,
)
from incubator.domain.exchanges.ledger.models import Departure
from incubator.domain.exchanges.ledger.posting import tell
from incubator.domain.exchanges.ledger.writing import Draft, Posted, Signed, refuse_beyond, write
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, NotAllowed, NotFound, Refusal
from incubator.kernel.events import record

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.members.actor import Actor


def ask(by: Actor, *, account_id: int, reason: str, now: datetime) -> int:
    """Propose that the fund takes over the balance of a firm that leaves; the proposal's number.

    Raise NotAllowed ``ledger.decide``; Refusal ``ledger.reason``, ``ledger.reserved`` while
    something is reserved, ``ledger.nothing`` when there is no balance; Conflict
    ``ledger.departure`` while another proposal waits.
    """
    words = reason.strip()
    if not 0 < len(words) <= MOST_REASON or "\x00" in words:
        raise Refusal("ledger.reason", field="reason")
    door.enter(winding_down=True)
    held = _leaving(by, account_id, now)
    if waiting_of(account_id) is not None:
        raise Conflict("ledger.departure")
    row = Departure(
        account_id=account_id,
        balance=held.state.balance,
        reason=words,
        asked_by_id=by.id,
        asked_at=now,
    )
    db.session.add(row)
    db.session.flush()
    record(
        CreditDepartureAsked(
            actor_id=by.id,
            site_id=held.site_id,
            firm_id=held.firm_id or 0,
            balance_cents=held.state.balance,
            reason=words,
        )
    )
    return row.id


def agree(by: Actor, *, departure_id: int, now: datetime) -> Posted:
    """Agree as the second manager: the fund takes over, and the account is closed.

    Raise NotFound ``ledger.departure_gone``; NotAllowed ``ledger.decide`` or ``ledger.second``
    for whoever proposed it; Conflict ``ledger.moved`` when the balance is no longer the one that
    was proposed; Refusal as ``ask``; Shortfall when the fund has too little left.
    """
    link = door.enter(winding_down=True)
    row = _asked(departure_id)
    held = _leaving(by, row.account_id, now)
    if row.asked_by_id == by.id:
        raise NotAllowed("ledger.second")
    if row.balance != held.state.balance:
        raise Conflict("ledger.moved")
    fund = door.account(door.fund_id())
    draft = Draft(
        kind="guarantee",
        amounts={held.id: -row.balance, fund.id: row.balance},
        idem=f"departure:{row.id}",
        reason=row.reason,
    )
    both = {held.id: held, fund.id: fund}
    refuse_beyond(draft, both)
    signed = Signed(by_id=row.asked_by_id, second_by_id=by.id)
    posted = write(draft, signed, held=both, link=link, now=now)
    row.state, row.decided_by_id, row.decided_at, row.txn_id = "agreed", by.id, now, posted.id
    db.session.flush()
    tell(CreditMoved, draft, held=both, posted=posted, by_id=by.id)
    shut(by.id, door.account(held.id), now=now)
    _decided(by, held, agreed=True)
    return posted


def withdraw(by: Actor, *, departure_id: int, now: datetime) -> None:
    """Let a proposal fall. Raise NotFound ``ledger.departure_gone``; NotAllowed."""
    door.enter(winding_down=True)
    row = _asked(departure_id)
    held = door.account(row.account_id)
    (seat,) = door.seats(by, [held.firm_id or 0], today=now.date())
    if not policy.may_decide(by, seat):
        raise NotAllowed("ledger.decide")
    row.state, row.decided_by_id, row.decided_at = "withdrawn", by.id, now
    db.session.flush()
    _decided(by, held, agreed=False)


def _decided(by: Actor, held: door.Held, *, agreed: bool) -> None:
    record(
        CreditDepartureDecided(
            actor_id=by.id, site_id=held.site_id, firm_id=held.firm_id or 0, agreed=agreed
        )
    )


def _leaving(by: Actor, account_id: int, now: datetime) -> door.Held:
    held = door.account(account_id)
    if held.firm_id is None:
        raise NotFound("ledger.account")
    (seat,) = door.seats(by, [held.firm_id], today=now.date())
    if not policy.may_decide(by, seat):
        raise NotAllowed("ledger.decide")
    if held.state.reserved:
        raise Refusal("ledger.reserved")
    if not held.state.balance:
        raise Refusal("ledger.nothing")
    return held


def waiting_of(account_id: int) -> Departure | None:
    """The departure of an account that waits for a second manager."""
    asked = (Departure.account_id == account_id, Departure.state == "asked")
    return db.session.scalar(select(Departure).where(*asked))


def _asked(departure_id: int) -> Departure:
    row = db.session.get(Departure, departure_id, populate_existing=True)
    if row is None or row.state != "asked":
        raise NotFound("ledger.departure_gone")
    return row
