"""What a firm has given and received: a page of its entries costs the same at any depth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import aliased

from incubator.domain.exchanges.ledger import door, policy
from incubator.domain.exchanges.ledger.models import Account, Entry, Txn
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.kernel.keyset import Page, keyset_page
from incubator.network.members.firm_models import Firm

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from incubator.domain.exchanges.ledger.door import Held
    from incubator.kernel.keyset import Cursor
    from incubator.network.members.actor import Actor

PAIR = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """An entry as its firm reads it: what it gave (positive) or received, and the balance then.

    ``with_name`` is the other firm of a pair, or None: the fund, or many at once.
    """

    no: int
    txn_id: int
    at: datetime
    kind: str
    cents: int
    balance_after: int
    size: int
    reason: str
    source_type: str
    source_id: int | None
    link: int
    over_limit: bool
    reversed_by: int | None
    with_id: int | None = None
    with_name: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """A page of an account, how it stands, and the head of the chain that proves it."""

    held: Held
    lines: Page[Line]
    head: door.Link


def statement(reader: Actor, *, firm_id: int, cursor: Cursor, today: date) -> Statement:
    """The entries of a firm, the latest first; raise NotFound for others than may see them."""
    account_id = visible_to(reader, firm_id=firm_id, today=today)
    mine = select(Entry.id).where(Entry.account_id == account_id)
    page = keyset_page(mine, [Entry.no], cursor, newest_first=True)
    return Statement(
        held=door.account(account_id, locked=False),
        lines=Page(_lines(account_id, page.rows), page.next, page.previous),
        head=door.head(),
    )


def visible_to(reader: Actor, *, firm_id: int, today: date) -> int:
    """The number of a firm's account; raise NotFound ``ledger.account`` if it is hidden."""
    account_id = door.of_firm(firm_id)
    if account_id is None:
        raise NotFound("ledger.account")
    (seat,) = door.seats(reader, [firm_id], today=today)
    if not policy.may_see(reader, seat):
        raise NotFound("ledger.account")
    return account_id


def _lines(account_id: int, entry_ids: Sequence[int]) -> list[Line]:
    back = aliased(Txn)
    found = db.session.execute(
        select(Entry.no, Entry.amount, Entry.balance_after, Txn, back.id)
        .join(Txn, Txn.id == Entry.txn_id)
        .outerjoin(back, back.reverses_id == Txn.id)
        .where(Entry.id.in_(entry_ids))
        .order_by(Entry.no.desc())
    ).all()
    others = _others(account_id, [txn.id for _, _, _, txn, _ in found if txn.size == PAIR])
    return [
        _line(
            txn,
            (no, amount, after),
            reversed_by=reversed_by,
            other=others.get(txn.id, (None, None)),
        )
        for no, amount, after, txn, reversed_by in found
    ]


def _line(
    txn: Txn,
    part: tuple[int, int, int],
    *,
    reversed_by: int | None,
    other: tuple[int | None, str | None],
) -> Line:
    no, amount, after = part
    return Line(
        no=no,
        txn_id=txn.id,
        at=txn.at,
        kind=txn.kind,
        cents=amount,
        balance_after=after,
        size=txn.size,
        reason=txn.reason,
        source_type=txn.source_type,
        source_id=txn.source_id,
        link=txn.link or 0,
        over_limit=txn.over_limit_by_id is not None,
        reversed_by=reversed_by,
        with_id=other[0],
        with_name=other[1],
    )


def _others(account_id: int, txn_ids: Sequence[int]) -> dict[int, tuple[int | None, str | None]]:
    """The other firm of each transaction between two."""
    rows = db.session.execute(
        select(Entry.txn_id, Firm.id, Firm.name)
        .join(Account, Account.id == Entry.account_id)
        .join(Firm, Firm.id == Account.firm_id)
        .where(Entry.txn_id.in_(txn_ids), Entry.account_id != account_id)
    )
    return {txn_id: (firm_id, name) for txn_id, firm_id, name in rows}
