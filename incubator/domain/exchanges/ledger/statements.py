"""What a firm has given and received: a page of its entries costs the same at any depth."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from incubator.domain.exchanges.ledger import door, policy
from incubator.domain.exchanges.ledger.models import Account, Entry, Reservation, Txn
from incubator.domain.exchanges.ledger.rules import FINAL_KINDS, GENESIS
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound, Refusal
from incubator.kernel.keyset import Page, keyset_page
from incubator.network.members.firm_models import Firm

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from sqlalchemy import Select

    from incubator.domain.exchanges.ledger.door import Held
    from incubator.kernel.keyset import Cursor
    from incubator.network.members.actor import Actor

PAIR = 2
MOST_LINES = 20_000


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

    @property
    def reversible(self) -> bool:
        """Whether a manager may take it back."""
        return self.kind not in FINAL_KINDS and not self.reversed_by


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


def line_of(account_id: int, txn_id: int) -> Line:
    """The line of an account that a transaction made; raise NotFound ``ledger.txn``."""
    mine = (Entry.account_id == account_id, Entry.txn_id == txn_id)
    found = _lines(account_id, db.session.scalars(select(Entry.id).where(*mine)).all())
    if not found:
        raise NotFound("ledger.txn")
    return found[0]


def reserved_of(account_id: int) -> list[Reservation]:
    """What is kept of an account's line for what was signed, the oldest first."""
    open_ones = (Reservation.account_id == account_id, Reservation.cents > 0)
    return list(db.session.scalars(select(Reservation).where(*open_ones).order_by(Reservation.id)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """The entries of an account between two instants (the end excluded), the oldest first.

    ``opening`` and ``closing`` are balances in cents, ``head`` the chain as it was at the end.
    """

    held: Held
    opening: int
    lines: list[Line]
    closing: int
    head: door.Link


def period(reader: Actor, *, firm_id: int, first: datetime, until: datetime, today: date) -> Period:
    """A statement of a period; raise NotFound as ``statement``, Refusal ``ledger.period``."""
    if first >= until:
        raise Refusal("ledger.period", field="first")
    account_id = visible_to(reader, firm_id=firm_id, today=today)
    begin, end = _entries_before(account_id, first), _entries_before(account_id, until)
    if end - begin > MOST_LINES:
        raise Refusal("ledger.period", field="first")
    within = (Entry.account_id == account_id, Entry.no > begin, Entry.no <= end)
    ids = db.session.scalars(select(Entry.id).where(*within).order_by(Entry.no)).all()
    opening = _balance_after(account_id, begin)
    lines = [
        line
        for start in range(0, len(ids), door.AT_ONCE)
        for line in reversed(_lines(account_id, ids[start : start + door.AT_ONCE]))
    ]
    return Period(
        held=door.account(account_id, locked=False),
        opening=opening,
        lines=lines,
        closing=opening + sum(line.cents for line in lines),
        head=head_at(until),
    )


def head_at(until: datetime) -> door.Link:
    """The last link of the chain before an instant; none is link 0 of zeros."""
    present = door.head()
    length = _before(present.length, until, at=lambda n: select(Txn.at).where(Txn.link == n))
    found = db.session.scalar(select(Txn.hash).where(Txn.link == length))
    return door.Link(length, found or GENESIS, present.switched_on)


def _entries_before(account_id: int, instant: datetime) -> int:
    """How many entries of an account came before an instant."""
    mine = Entry.account_id == account_id
    last = db.session.scalar(select(func.max(Entry.no)).where(mine)) or 0
    at = select(Txn.at).join(Entry, Entry.txn_id == Txn.id).where(mine)
    return _before(last, instant, at=lambda no: at.where(Entry.no == no))


def _balance_after(account_id: int, no: int) -> int:
    """The balance in cents that an account's first ``no`` entries left."""
    left = select(Entry.balance_after).where(Entry.account_id == account_id, Entry.no == no)
    return db.session.scalar(left) or 0


def _before(length: int, instant: datetime, *, at: Callable[[int], Select[datetime]]) -> int:
    """How many of rows numbered 1 to ``length`` came before an instant; ``at`` asks when one did.

    One row is read a halving: what it costs hardly grows with the history.
    """
    numbers = range(1, length + 1)
    return bisect_left(numbers, instant, key=lambda no: db.session.scalars(at(no)).one())


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
