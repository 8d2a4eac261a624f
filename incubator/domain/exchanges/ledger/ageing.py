"""Negative balances grow old: nine months make a plan due, twelve a settlement in euros."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from incubator.domain.exchanges.ledger import door
from incubator.domain.exchanges.ledger.events import CreditAged
from incubator.domain.exchanges.ledger.models import Account
from incubator.domain.exchanges.ledger.rules import age_of
from incubator.kernel.db import db
from incubator.kernel.events import record_all
from incubator.network.members.firm_models import Firm

if TYPE_CHECKING:
    from datetime import datetime


def tick(now: datetime) -> int:
    """Note which firms came of another age; how many. Twice is once, and late catches up."""
    door.enter(winding_down=True)
    owing = db.session.execute(
        select(Account.id, Account.firm_id, Account.negative_since, Account.age, Firm.site_id)
        .join(Firm, Firm.id == Account.firm_id)
        .where(Account.negative_since.is_not(None))
        .order_by(Account.negative_since, Account.id)
    ).all()
    older = [(row, age_of(row.negative_since, now)) for row in owing]
    changed = [(row, age) for row, age in older if age != row.age]
    for row, age in changed:
        db.session.execute(update(Account).where(Account.id == row.id).values(age=age))
    record_all(
        [
            CreditAged(actor_id=None, site_id=row.site_id, firm_id=row.firm_id, age=age)
            for row, age in changed
        ]
    )
    return len(changed)
