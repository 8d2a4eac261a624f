"""How well a network's mutual credit is, for those who run it (exchange.md, 3.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased

from incubator.domain.exchanges.ledger import health_rules
from incubator.domain.exchanges.ledger.models import Account, Entry, Txn
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.members.actor import Actor

QUARTER, YEAR = timedelta(days=90), timedelta(days=365)
MONTHS = 3
TRADES = ("settle", "fee", "clearing")
_DAY = timedelta(days=1)
_reversal, _before = aliased(Txn), aliased(Txn)
# What was taken back was no trade.
_BACK = select(_reversal.id).where(_reversal.reverses_id == Txn.id)


@dataclass(frozen=True, kw_only=True, slots=True)
class Health:
    """Figures of a network; None where there is nothing to reckon from.

    ``months_owed`` is the sum of negative balances in average months of the last 90 days;
    ``days_to_spend`` a median weighted by cents over the trades of the last 365;
    ``idle_share`` firms without trade in 90 days; ``top_share`` what the top 5 % hold of all
    positive balances. Cents.
    """

    firms: int
    negative_cents: int
    quarter_cents: int
    months_owed: float | None
    days_to_spend: float | None
    idle_share: float | None
    top_share: float | None


def health(by: Actor, *, now: datetime) -> Health:
    """The figures of the whole network; raise NotAllowed ``ledger.health``."""
    if not by.is_administrator:
        raise NotAllowed("ledger.health")
    firms = select(Account.balance).where(Account.kind == "firm", Account.closed_at.is_(None))
    balances = list(db.session.scalars(firms))
    negative = sum(cents for cents in balances if cents < 0)
    volume = int(db.session.scalar(_volume(now - QUARTER)) or 0)
    busy = int(db.session.scalar(_busy(now - QUARTER)) or 0)
    return Health(
        firms=len(balances),
        negative_cents=negative,
        quarter_cents=volume,
        months_owed=health_rules.months_owed(negative, volume, months=MONTHS),
        days_to_spend=health_rules.median_weighted(_waits(now - YEAR)),
        idle_share=1 - busy / len(balances) if balances else None,
        top_share=health_rules.concentration(balances),
    )


def _volume(since: datetime) -> Select[Any]:
    return (
        select(func.sum(Entry.amount))
        .join(Txn)
        .where(Txn.at >= since, Txn.kind.in_(TRADES), Entry.amount > 0, ~_BACK.exists())
    )


def _busy(since: datetime) -> Select[Any]:
    return (
        select(func.count(Entry.account_id.distinct()))
        .join(Txn)
        .join(Account)
        .where(
            Txn.at >= since,
            Txn.kind.in_(TRADES),
            ~_BACK.exists(),
            Account.kind == "firm",
            Account.closed_at.is_(None),
        )
    )


def _waits(since: datetime) -> list[tuple[float, int]]:
    """The waits of all firms: of trades alone, and none of what was taken back."""
    # Of what was taken back within this time neither side is looked at; of the rest one is.
    undone = or_(_BACK.exists(), _before.at >= since)
    rows = db.session.execute(
        select(Entry.account_id, Entry.amount, Entry.balance_after, Txn.at)
        .add_columns(Txn.kind.in_(TRADES).label("trade"), undone.label("undone"))
        .select_from(Entry)
        .join(Txn)
        .join(Account)
        .outerjoin(_before, _before.id == Txn.reverses_id)
        .where(Txn.at >= since, Account.kind == "firm")
        .order_by(Entry.account_id, Entry.no)
        .execution_options(yield_per=1_000)
    )
    told: list[tuple[float, int]] = []
    for _, some in groupby(rows, key=attrgetter("account_id")):
        entries = list(some)
        told += health_rules.waits(
            [
                ((row.at - since) / _DAY if row.trade else None, row.amount)
                for row in entries
                if not row.undone
            ],
            before=entries[0].balance_after - entries[0].amount,
        )
    return told
