"""The switch of mutual credit: off until an administrator has read what a lawyer must confirm."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from incubator.domain.exchanges.ledger import door, policy
from incubator.domain.exchanges.ledger.events import CreditSwitched
from incubator.domain.exchanges.ledger.limits import change_limits
from incubator.domain.exchanges.ledger.models import Account, Head, Switch
from incubator.domain.exchanges.ledger.rules import FUND_LINE, limits_of
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.kernel.events import record
from incubator.network.members.models import Member
from incubator.network.members.reader import Counter

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.members.actor import Actor

MOST_TEXT = 20_000
_ON = select(Head.id).where(Head.switched_on).subquery()
# 1 while mutual credit is on, read with the other counters of a page.
ON: Final = Counter(select(func.count()).select_from(_ON).scalar_subquery(), 1)


def switch(by: Actor, *, turned_on: bool, text_read: str = "", now: datetime) -> bool:
    """Switch mutual credit on or off; whether that changed anything.

    ``text_read`` is the very text that they were shown about credit monopoly, means of payment
    and membership fees (exchange.md, 2.3); it is kept with the act. The first time opens the
    common fund. Switched off, nothing new is given or reserved; reversals, releases and
    departures go on. Raise NotAllowed ``ledger.switch``; Refusal ``ledger.unread``.
    """
    if not policy.may_switch(by):
        raise NotAllowed("ledger.switch")
    text = text_read.strip()
    if turned_on and not 0 < len(text) <= MOST_TEXT:
        raise Refusal("ledger.unread")
    if door.enter(winding_down=True).switched_on == turned_on:
        return False
    db.session.add(Switch(turned_on=turned_on, text_read=text, by_id=by.id, at=now))
    db.session.flush()
    if turned_on:
        _open_fund(now)
    digest = hashlib.sha256(text.encode()).hexdigest()
    record(CreditSwitched(actor_id=by.id, turned_on=turned_on, text_sha256=digest))
    return True


def is_on() -> bool:
    """Whether mutual credit is on."""
    return door.head().switched_on


def history() -> list[Switch]:
    """Every act of the switch, the latest first."""
    return list(db.session.scalars(select(Switch).order_by(Switch.id.desc())))


def history_named() -> list[tuple[Switch, str]]:
    """The same with the name of who acted."""
    query = select(Switch, Member.name).join(Member, Member.id == Switch.by_id)
    return [(row, name) for row, name in db.session.execute(query.order_by(Switch.id.desc()))]


def _open_fund(now: datetime) -> None:
    if db.session.scalar(select(Account.id).where(Account.kind == "fund")) is not None:
        return
    fund = Account(kind="fund", opened_at=now)
    db.session.add(fund)
    db.session.flush()
    change_limits(fund.id, limits_of(FUND_LINE, upper=None), cause="opening", by_id=None, now=now)
