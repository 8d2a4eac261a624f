"""The only writer of transactions: opened, its entries, sealed as the next link of the chain."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, insert, select, update

from incubator.domain.exchanges.ledger.events import CreditSoftLimitPassed
from incubator.domain.exchanges.ledger.limits import give_earned
from incubator.domain.exchanges.ledger.models import Entry, Txn
from incubator.domain.exchanges.ledger.rules import (
    DELIVERIES,
    Part,
    excess,
    grown,
    link_hash,
    passes_soft_limit,
    shortfall,
    whole_cents,
)
from incubator.kernel.db import Base, db, rows
from incubator.kernel.errors import Conflict, Refusal
from incubator.kernel.events import record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from incubator.domain.exchanges.ledger.door import Held, Link

MOST_KEY, MOST_REASON, FEWEST = 80, 300, 2
TXN, ENTRY = (Base.metadata.tables[row.__tablename__] for row in (Txn, Entry))
# What the chain says of a transaction, besides its entries: all of its row but the hashes.
SAID: Final = (
    "id", "kind", "idem", "size", "reverses_id", "source_type", "source_id", "reason", "by_id",
    "second_by_id", "over_limit_by_id", "at", "link",
)  # fmt: skip
_OPEN = insert(TXN).returning(TXN.c.id)
_ENTRIES = insert(ENTRY)
_SEAL = (
    update(TXN)
    .where(TXN.c.id == bindparam("of"))
    .values(
        sealed=1, link=bindparam("at_link"), prev_hash=bindparam("before"), hash=bindparam("mine")
    )
)
_TOLD = select(TXN.c.id, TXN.c.kind, TXN.c.link, TXN.c.hash).where(TXN.c.idem == bindparam("idem"))
_TOLD_PARTS = select(ENTRY.c.account_id, ENTRY.c.amount).where(ENTRY.c.txn_id == bindparam("of"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """What is to move: by account, in cents; what a firm gives is positive, and all sum to zero.

    ``idem`` says what it is about, so that telling it twice writes it once. ``releases`` are
    reservations by key, and how much of each is received by this.
    """

    kind: str
    amounts: Mapping[int, int]
    idem: str
    source_type: str = ""
    source_id: int | None = None
    reason: str = ""
    releases: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Signed:
    """Who moves it: the author, the second manager where two agree, who lets it pass a limit."""

    by_id: int | None
    second_by_id: int | None = None
    over_limit_by_id: int | None = None
    reverses_id: int | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """A sealed transaction: its link and hash; ``new`` unless it had been told before."""

    id: int
    link: int
    hash: str
    new: bool


class Shortfall(Refusal):
    """An account has too little left: ``cents`` are missing of ``wanted``.

    Three ways out: pay the missing part in euros, receive a part, or ask for a longer line.
    """

    def __init__(self, held: Held, wanted: int) -> None:
        self.cents = shortfall(held.state, wanted)
        self.account_id, self.wanted = held.id, wanted
        self.available = held.state.available
        super().__init__(
            "ledger.short",
            cents=self.cents,
            wanted=wanted,
            available=self.available,
            account_id=held.id,
        )


class Excess(Refusal):
    """An account would stand above its upper limit, by ``cents``."""

    def __init__(self, held: Held, given: int) -> None:
        self.cents, self.account_id = excess(held.state, given), held.id
        super().__init__("ledger.full", cents=self.cents, account_id=held.id)


def checked(draft: Draft) -> None:
    """Refuse what can be no transaction, before anything is locked.

    Raise Refusal ``ledger.cents`` (not whole cents), ``ledger.sum`` (not zero, or fewer than two
    accounts), ``ledger.reason``; ValueError for a key that no caller may use.
    """
    amounts = [whole_cents(cents) for cents in draft.amounts.values()]
    if len(amounts) < FEWEST or sum(amounts) != 0 or 0 in amounts:
        raise Refusal("ledger.sum")
    if any(whole_cents(cents) <= 0 for cents in draft.releases.values()):
        raise Refusal("ledger.cents")
    if len(draft.reason) > MOST_REASON or "\x00" in draft.reason:
        raise Refusal("ledger.reason", field="reason")
    if not 0 < len(draft.idem) <= MOST_KEY:
        msg = f"no key: {draft.idem!r}"
        raise ValueError(msg)


def told_before(draft: Draft) -> Posted | None:
    """The transaction of this key; raise Conflict ``ledger.key`` if it says something else."""
    found = rows(_TOLD, {"idem": draft.idem}).one_or_none()
    if found is None:
        return None
    parts = {row.account_id: row.amount for row in rows(_TOLD_PARTS, {"of": found.id})}
    if (found.kind, parts) != (draft.kind, dict(draft.amounts)):
        raise Conflict("ledger.key")
    return Posted(found.id, found.link, found.hash, new=False)


def refuse_beyond(draft: Draft, held: Mapping[int, Held], *, over_limit: bool = False) -> None:
    """Say exactly what is missing, before the database would say that something is.

    Raise Shortfall, Excess; Refusal ``ledger.frozen`` or ``ledger.closed``.
    """
    for account_id, cents in draft.amounts.items():
        one = held[account_id]
        if one.closed_at is not None:
            raise Refusal("ledger.closed", account_id=account_id)
        if cents < 0 and one.state.limits.frozen:
            raise Refusal("ledger.frozen", account_id=account_id)
        if over_limit:
            continue
        if cents < 0 and shortfall(one.state, -cents):
            raise Shortfall(one, -cents)
        if cents > 0 and excess(one.state, cents):
            raise Excess(one, cents)


def write(
    draft: Draft, signed: Signed, *, held: Mapping[int, Held], link: Link, now: datetime
) -> Posted:
    """Write a transaction that was checked; the caller locked the door and these accounts."""
    values: dict[str, Any] = {
        "kind": draft.kind,
        "idem": draft.idem,
        "size": len(draft.amounts),
        "reverses_id": signed.reverses_id,
        "source_type": draft.source_type,
        "source_id": draft.source_id,
        "reason": draft.reason,
        "by_id": signed.by_id,
        "second_by_id": signed.second_by_id,
        "over_limit_by_id": signed.over_limit_by_id,
        "at": now.astimezone(UTC),
    }
    connection = db.session.connection()
    txn_id = connection.execute(_OPEN, values | {"sealed": 0}).scalar_one()
    parts = [
        Part(one, cents, held[one].entries + 1, held[one].state.balance + cents)
        for one, cents in sorted(draft.amounts.items())
    ]
    connection.execute(
        _ENTRIES,
        [
            {
                "txn_id": txn_id,
                "account_id": part.account_id,
                "amount": part.amount,
                "no": part.no,
                "balance_after": part.balance_after,
            }
            for part in parts
        ],
    )
    said = values | {"id": txn_id, "link": link.length + 1}
    digest = link_hash(link.hash, said, parts)
    connection.execute(
        _SEAL, {"of": txn_id, "at_link": link.length + 1, "before": link.hash, "mine": digest}
    )
    _follow(draft, signed, held, now=now)
    return Posted(txn_id, link.length + 1, digest, new=True)


def _follow(draft: Draft, signed: Signed, held: Mapping[int, Held], *, now: datetime) -> None:
    """Lines grow by what was delivered; who falls below the soft limit is told."""
    for account_id, cents in draft.amounts.items():
        one = held[account_id]
        if cents > 0 and draft.kind in DELIVERIES and one.kind == "firm":
            _grow(one, cents, now=now)
        free = one.state.balance - one.state.reserved
        if passes_soft_limit(one.state.limits, before=free, after=free + cents):
            record(
                CreditSoftLimitPassed(
                    actor_id=signed.by_id,
                    site_id=one.site_id,
                    firm_id=one.firm_id,
                    available_cents=max(0, one.state.available + cents),
                )
            )


def _grow(held: Held, cents: int, *, now: datetime) -> None:
    before = -held.state.limits.lower
    line = grown(held.policy, before, before=held.given, after=held.given + cents)
    if line is not None:
        give_earned(held, line, cause="growth", now=now)
