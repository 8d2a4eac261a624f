"""Taking a transaction back: once, by its opposite, with a reason that both parties are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.domain.exchanges.ledger import door, policy
from incubator.domain.exchanges.ledger.events import CreditReversed
from incubator.domain.exchanges.ledger.limits import give_earned
from incubator.domain.exchanges.ledger.posting import tell
from incubator.domain.exchanges.ledger.rules import DELIVERIES, FINAL_KINDS, shrunk
from incubator.domain.exchanges.ledger.writing import (
    ENTRY,
    MOST_REASON,
    TXN,
    Draft,
    Posted,
    Signed,
    refuse_beyond,
    write,
)
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, NotAllowed, NotFound, Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from incubator.network.members.actor import Actor


def reverse(
    by: Actor, *, txn_id: int, reason: str, now: datetime, over_limit: bool = False
) -> Posted:
    """Write the opposite of a transaction, in the name of a manager who is no party.

    ``over_limit`` lets it leave an account beyond its limits, for all to see; a frozen account
    must be thawed first. Possible while mutual credit is off. Raise NotFound ``ledger.txn``;
    NotAllowed ``ledger.reverse``; Conflict ``ledger.reversed``; Refusal ``ledger.reason``,
    ``ledger.not_reversible`` (a reversal, or a round, of which the set-off stays); Shortfall,
    Excess, ``ledger.frozen``, ``ledger.closed``.
    """
    words = reason.strip()
    if not 0 < len(words) <= MOST_REASON or "\x00" in words:
        raise Refusal("ledger.reason", field="reason")
    link = door.enter(winding_down=True)
    amounts = _opposite(txn_id)
    held = door.accounts(amounts)
    ids = [one.firm_id for one in held.values() if one.firm_id]
    if not policy.may_decide_between(by, door.seats(by, ids, today=now.date())):
        raise NotAllowed("ledger.reverse")
    kind = _reversible(txn_id)
    draft = Draft(kind="reversal", amounts=amounts, idem=f"reversal:{txn_id}", reason=words)
    refuse_beyond(draft, held, over_limit=over_limit)
    signed = Signed(by_id=by.id, over_limit_by_id=by.id if over_limit else None, reverses_id=txn_id)
    posted = write(draft, signed, held=held, link=link, now=now)
    tell(
        CreditReversed,
        draft,
        held=held,
        posted=posted,
        by_id=by.id,
        reverses_id=txn_id,
        over_limit=over_limit,
    )
    if kind in DELIVERIES:
        _shorten(amounts, held, now=now)
    return posted


def _shorten(amounts: Mapping[int, int], held: Mapping[int, door.Held], *, now: datetime) -> None:
    """A line grows by what was delivered, and not by what was taken back: its firm is told."""
    for account_id, cents in amounts.items():
        one = held[account_id]
        if cents < 0 and one.kind == "firm":
            present = -one.state.limits.lower
            line = shrunk(one.policy, present, before=one.given, after=one.given + cents)
            if line is not None:
                give_earned(one, line, cause="reversal", now=now)


def _opposite(txn_id: int) -> Mapping[int, int]:
    mine = ENTRY.c.txn_id == txn_id
    # By account, so that of several reasons to refuse always the same is told.
    query = select(ENTRY.c.account_id, ENTRY.c.amount).where(mine).order_by(ENTRY.c.account_id)
    amounts = {account_id: -amount for account_id, amount in db.session.execute(query)}
    if not amounts:
        raise NotFound("ledger.txn")
    return amounts


def _reversible(txn_id: int) -> str | None:
    """The kind of what is taken back; refuse what never is, and what was."""
    kind = db.session.scalar(select(TXN.c.kind).where(TXN.c.id == txn_id))
    if kind in FINAL_KINDS:
        raise Refusal("ledger.not_reversible")
    if db.session.scalar(select(TXN.c.id).where(TXN.c.reverses_id == txn_id)) is not None:
        raise Conflict("ledger.reversed")
    return kind
