"""Proving the ledger again, from its first link: the chain, and what no data may break.

What the database itself refuses is proven too: rows may have been written by other hands, past
its guards.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby, islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select

from incubator.domain.exchanges.ledger.models import (
    Account,
    Entry,
    Head,
    LimitChange,
    Reservation,
    Switch,
    Txn,
)
from incubator.domain.exchanges.ledger.rules import GENESIS, Part, link_hash
from incubator.domain.exchanges.ledger.writing import SAID, TXN
from incubator.kernel.db import db

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

MOST = 20
DAYS = 7
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that must not be: the number of the invariant in exchange.md, and a sentence."""

    invariant: int
    words: str


@dataclass(frozen=True, slots=True)
class DayHead:
    """The last link of a day (UTC): what a statement of that day can be held against."""

    day: str
    length: int
    hash: str


def verify() -> list[Fault]:
    """Every fault, at most twenty of a kind; none is well."""
    return [fault for proof in PROOFS for fault in islice(proof(), MOST)]


def heads(now: datetime, *, days: int = DAYS) -> list[DayHead]:
    """The last link of each of the latest days (UTC) on which something moved, latest first."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    found = [head_until(now), *(head_until(midnight - n * _DAY) for n in range(days - 1))]
    kept = {one.length: one for one in found if one}
    return list(kept.values())


def head_until(instant: datetime) -> DayHead | None:
    """The last link written until an instant, None when there was none yet."""
    last = select(func.max(Txn.link)).where(Txn.sealed == 1, Txn.at <= instant).scalar_subquery()
    row = db.session.execute(select(Txn.at, Txn.link, Txn.hash).where(Txn.link == last)).first()
    return DayHead(row.at.date().isoformat(), row.link, row.hash) if row else None


def chain_holds() -> Iterator[Fault]:
    """15: every link is the hash of what its rows say and of the link before it."""
    before, number = GENESIS, 0
    for txn, parts in _links():
        number += 1
        said = {name: getattr(txn, name) for name in SAID}
        if txn.link != number or txn.prev_hash != before:
            yield Fault(15, f"link {txn.link} does not follow link {number - 1}")
            number = txn.link
        if link_hash(txn.prev_hash, said, parts) != txn.hash:
            yield Fault(15, f"link {txn.link} is not the hash of transaction {txn.id}")
        before = txn.hash
    row = db.session.execute(select(Head.length, Head.hash)).one_or_none()
    if row != (number, before):
        yield Fault(15, "the head is not the last link")


def _links() -> Iterator[tuple[Any, list[Part]]]:
    """Sealed transactions in the order of the chain, each with its entries."""
    columns = [TXN.c[name] for name in (*SAID, "prev_hash", "hash")]
    rows = db.session.execute(
        select(
            *columns,
            Entry.account_id,
            Entry.amount.label("cents"),
            Entry.no,
            Entry.balance_after,
        )
        .outerjoin(Entry, Entry.txn_id == TXN.c.id)
        .where(TXN.c.sealed == 1)
        .order_by(TXN.c.link, Entry.account_id)
        .execution_options(yield_per=1_000)
    )
    for _, some in groupby(rows, key=attrgetter("link")):
        entries = list(some)
        yield (
            entries[0],
            [
                Part(row.account_id, row.cents, row.no, row.balance_after)
                for row in entries
                if row.account_id is not None
            ],
        )


def transactions_sum_to_zero() -> Iterator[Fault]:
    """1, 11 and 17: each is sealed, whole, and nothing is made or lost by it."""
    size, total = func.count(Entry.id), func.coalesce(func.sum(Entry.amount), 0)
    query = (
        select(Txn.id, size, total)
        .outerjoin(Entry, Entry.txn_id == Txn.id)
        .group_by(Txn.id, Txn.size, Txn.sealed)
        .having(or_(size != Txn.size, total != 0, Txn.sealed != 1))
        .order_by(Txn.id)
    )
    for txn_id, entries, cents in db.session.execute(query):
        yield Fault(1, f"transaction {txn_id} has {entries} entries of {cents} cents, or is open")


def balances_sum_to_zero() -> Iterator[Fault]:
    """2: what all have given is what all have received."""
    total = db.session.scalar(select(func.coalesce(func.sum(Account.balance), 0)))
    if total:
        yield Fault(2, f"all balances sum to {total} cents")


def balances_follow_entries() -> Iterator[Fault]:
    """3 and 4: a balance is the sum of its entries, none of which is missing."""
    last, total = func.max(Entry.no), func.coalesce(func.sum(Entry.amount), 0)
    query = (
        select(Account.id)
        .outerjoin(Entry, Entry.account_id == Account.id)
        .group_by(Account.id, Account.balance, Account.entries)
        .having(
            or_(
                total != Account.balance,
                func.count(Entry.id) != Account.entries,
                func.coalesce(last, 0) != Account.entries,
            )
        )
        .order_by(Account.id)
    )
    for account_id in db.session.scalars(query):
        yield Fault(3, f"account {account_id} is not the sum of its entries")


def running_balances_add_up() -> Iterator[Fault]:
    """3: each entry carries its account on from the one before it."""
    before = func.coalesce(
        func.lag(Entry.balance_after).over(partition_by=Entry.account_id, order_by=Entry.no), 0
    )
    told = select(Entry.id, Entry.balance_after, (before + Entry.amount).label("due")).subquery()
    query = select(told.c.id).where(told.c.balance_after != told.c.due).order_by(told.c.id)
    for entry_id in db.session.scalars(query):
        yield Fault(3, f"entry {entry_id} does not carry its account on")


def reversals_are_opposite() -> Iterator[Fault]:
    """9: a reversal takes back exactly what it reverses, and no reversal is reversed."""
    query = select(Txn.id, Txn.reverses_id).where(Txn.kind == "reversal").order_by(Txn.link)
    for txn_id, reverses_id in db.session.execute(query):
        back, there = _amounts(txn_id), _amounts(reverses_id)
        if back != Counter({one: -cents for one, cents in there.items()}):
            yield Fault(9, f"transaction {txn_id} is not the opposite of {reverses_id}")


def _amounts(txn_id: int | None) -> dict[int, int]:
    query = select(Entry.account_id, Entry.amount).where(Entry.txn_id == txn_id)
    return {row.account_id: row.amount for row in db.session.execute(query)}


def reservations_add_up() -> Iterator[Fault]:
    """14: what is reserved of a line is the sum of what was signed and not received."""
    kept = func.coalesce(func.sum(Reservation.cents), 0)
    query = (
        select(Account.id)
        .outerjoin(Reservation, Reservation.account_id == Account.id)
        .group_by(Account.id, Account.reserved)
        .having(kept != Account.reserved)
        .order_by(Account.id)
    )
    for account_id in db.session.scalars(query):
        yield Fault(14, f"account {account_id} reserves another sum than its reservations")


def limits_follow_history() -> Iterator[Fault]:
    """6 and 7: limits are those of the last change; the switch is as it was last turned."""
    latest = select(func.max(LimitChange.id)).group_by(LimitChange.account_id)
    query = (
        select(Account.id)
        .outerjoin(LimitChange, (LimitChange.account_id == Account.id) & LimitChange.id.in_(latest))
        .where(
            or_(
                func.coalesce(LimitChange.lower_limit, 0) != Account.lower_limit,
                func.coalesce(LimitChange.soft_limit, 0) != Account.soft_limit,
                func.coalesce(LimitChange.upper_limit, -1)
                != func.coalesce(Account.upper_limit, -1),
                func.coalesce(LimitChange.frozen, False) != Account.frozen,
            )
        )
        .order_by(Account.id)
    )
    for account_id in db.session.scalars(query):
        yield Fault(6, f"account {account_id} has other limits than its history says")
    turned = db.session.scalar(select(Switch.turned_on).order_by(Switch.id.desc()).limit(1))
    if db.session.scalar(select(Head.switched_on)) != bool(turned):
        yield Fault(6, "the switch is not as it was last turned")


PROOFS: tuple[Callable[[], Iterator[Fault]], ...] = (
    chain_holds,
    transactions_sum_to_zero,
    balances_sum_to_zero,
    balances_follow_entries,
    running_balances_add_up,
    reversals_are_opposite,
    reservations_add_up,
    limits_follow_history,
)
