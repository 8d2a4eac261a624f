"""Rows of the barter ledger. Amounts are whole cents of euros, instants UTC.

What keeps them true is in ``ddl``: balances, limits and the head of the chain are changed by rows
of history alone, and the database refuses every other way.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from incubator.domain.exchanges.ledger import ddl
from incubator.kernel.db import Base, Id

_FUND = text("kind = 'fund'")
_OWES = text("negative_since IS NOT NULL")
_OPEN = text("cents > 0")
_ASKED = text("state = 'asked'")


class Head(Base):
    """The one row of the ledger: whether it is on, and the last link of its chain.

    Whoever writes into the ledger locks this row first, so that writers wait in one line.
    """

    __tablename__ = "exchanges_head"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    length: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(String(64))
    switched_on: Mapped[bool] = mapped_column(default=False, server_default=false())


class Switch(Base):
    """Mutual credit was switched on or off: by whom, when, and the very text they had read."""

    __tablename__ = "exchanges_switch"
    __table_args__ = (CheckConstraint("NOT turned_on OR text_read <> ''", name="read"),)

    id: Mapped[Id]
    turned_on: Mapped[bool]
    text_read: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    at: Mapped[datetime]


class Account(Base):
    """What a firm has given and received, or the common fund that bears losses.

    ``balance`` is what was given less what was received; ``reserved`` what is promised to givers
    and not yet received; ``given`` the cents of accepted deliveries, from which the line grows.
    ``entries`` counts the account's entries. ``negative_since`` is when the balance fell below 0.
    """

    __tablename__ = "exchanges_account"
    __table_args__ = (
        CheckConstraint("kind IN ('firm', 'fund')", name="kind"),
        CheckConstraint("(kind = 'firm') = (firm_id IS NOT NULL)", name="owner"),
        CheckConstraint("reserved >= 0", name="reserved"),
        CheckConstraint("lower_limit <= 0", name="lower"),
        CheckConstraint("upper_limit >= 0", name="upper"),
        CheckConstraint("soft_limit BETWEEN lower_limit AND 0", name="soft"),
        CheckConstraint("(balance < 0) = (negative_since IS NOT NULL)", name="negative"),
        CheckConstraint("closed_at IS NULL OR (balance = 0 AND reserved = 0)", name="closed"),
        CheckConstraint("age IN ('fine', 'plan', 'settle')", name="age"),
        Index(
            "uq_exchanges_account_fund",
            "kind",
            unique=True,
            sqlite_where=_FUND,
            postgresql_where=_FUND,
        ),
        Index(
            "ix_exchanges_account_owes",
            "negative_since",
            "id",
            sqlite_where=_OWES,
            postgresql_where=_OWES,
        ),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(4))
    firm_id: Mapped[int | None] = mapped_column(ForeignKey("members_firm.id"), unique=True)
    balance: Mapped[int] = mapped_column(default=0)
    entries: Mapped[int] = mapped_column(default=0)
    given: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[int] = mapped_column(default=0)
    lower_limit: Mapped[int] = mapped_column(default=0)
    soft_limit: Mapped[int] = mapped_column(default=0)
    upper_limit: Mapped[int | None]
    frozen: Mapped[bool] = mapped_column(default=False, server_default=false())
    negative_since: Mapped[datetime | None]
    age: Mapped[str] = mapped_column(String(6), default="fine")
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Sealed(Base):
    """The number 1, alone: what ``sealed`` refers to when a transaction of the database ends."""

    __tablename__ = "exchanges_sealed"
    __table_args__ = (CheckConstraint("value = 1", name="value"),)

    value: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class Txn(Base):
    """What moved between accounts at once: its entries sum to zero, and it is never changed.

    Open (``sealed`` 0) while its entries are written; no commit passes before it is sealed, by its
    ``link`` in the chain. ``size`` is the number of its entries, ``idem`` what it is about, so that
    telling it twice writes it once. ``second_by_id`` is the other manager where two must agree.
    """

    __tablename__ = "exchanges_txn"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('settle', 'clearing', 'reversal', 'fee', 'opening', 'guarantee', "
            "'adjustment')",
            name="kind",
        ),
        CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name="reverses"),
        CheckConstraint(
            "kind <> 'reversal' OR (by_id IS NOT NULL AND reason <> '')", name="author"
        ),
        CheckConstraint(
            "kind NOT IN ('guarantee', 'adjustment') OR (reason <> '' AND by_id IS NOT NULL "
            "AND second_by_id IS NOT NULL AND second_by_id <> by_id)",
            name="two",
        ),
        CheckConstraint(
            "over_limit_by_id IS NULL OR (kind = 'reversal' AND over_limit_by_id = by_id)",
            name="over",
        ),
        CheckConstraint("size >= 2", name="size"),
        CheckConstraint(
            "(sealed = 1) = (link IS NOT NULL) AND (sealed = 1) = (hash IS NOT NULL) "
            "AND (sealed = 1) = (prev_hash IS NOT NULL)",
            name="sealed",
        ),
        CheckConstraint("length(hash) = 64", name="hash"),
        Index("ix_exchanges_txn_source", "source_type", "source_id"),
        Index("ix_exchanges_txn_at", "at", "id"),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(10))
    idem: Mapped[str] = mapped_column(String(80), unique=True)
    size: Mapped[int]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("exchanges_txn.id"), unique=True)
    source_type: Mapped[str] = mapped_column(String(16), default="")
    source_id: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(300), default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    second_by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    over_limit_by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    at: Mapped[datetime]
    sealed: Mapped[int] = mapped_column(
        ForeignKey("exchanges_sealed.value", deferrable=True, initially="DEFERRED"), default=0
    )
    link: Mapped[int | None] = mapped_column(unique=True)
    prev_hash: Mapped[str | None] = mapped_column(String(64))
    hash: Mapped[str | None] = mapped_column(String(64), unique=True)


class Entry(Base):
    """One account's part of a transaction: what it gave is positive, what it received negative.

    ``no`` counts the account's entries and ``balance_after`` is its balance then, so that a
    statement reads its rows and never adds up what came before.
    """

    __tablename__ = "exchanges_entry"
    __table_args__ = (
        CheckConstraint("amount <> 0", name="amount"),
        UniqueConstraint("account_id", "no"),
        UniqueConstraint("txn_id", "account_id"),
    )

    id: Mapped[Id]
    txn_id: Mapped[int] = mapped_column(ForeignKey("exchanges_txn.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("exchanges_account.id"))
    amount: Mapped[int]
    no: Mapped[int]
    balance_after: Mapped[int]


class Reservation(Base):
    """Cents kept of a line for what was signed and is not yet received; ``cents`` only falls."""

    __tablename__ = "exchanges_reservation"
    __table_args__ = (
        CheckConstraint("cents BETWEEN 0 AND first_cents", name="cents"),
        CheckConstraint("first_cents > 0", name="first"),
        Index(
            "ix_exchanges_reservation_open",
            "account_id",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("exchanges_account.id"))
    key: Mapped[str] = mapped_column(String(80), unique=True)
    first_cents: Mapped[int]
    cents: Mapped[int]
    at: Mapped[datetime]


class LimitChange(Base):
    """The limits that an account has from here on, and why: writing one is how they change."""

    __tablename__ = "exchanges_limit_change"
    __table_args__ = (
        CheckConstraint("cause IN ('opening', 'growth', 'reversal', 'decision')", name="cause"),
        CheckConstraint(
            "cause <> 'decision' OR (comment <> '' AND by_id IS NOT NULL)", name="decision"
        ),
        Index("ix_exchanges_limit_change_account", "account_id", "id"),
    )

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("exchanges_account.id"))
    cause: Mapped[str] = mapped_column(String(8))
    lower_limit: Mapped[int]
    soft_limit: Mapped[int]
    upper_limit: Mapped[int | None]
    frozen: Mapped[bool]
    comment: Mapped[str] = mapped_column(String(300), default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    at: Mapped[datetime]


class SitePolicy(Base):
    """What the firms of a site start with and how their line grows; no row is the house's."""

    __tablename__ = "exchanges_site_policy"
    __table_args__ = (
        CheckConstraint("start_cents BETWEEN 25000 AND 100000", name="start"),
        CheckConstraint("growth_pct BETWEEN 0 AND 100", name="growth"),
        CheckConstraint("cap_cents >= start_cents", name="cap"),
        CheckConstraint("upper_cents > 0", name="upper"),
    )

    site_id: Mapped[int] = mapped_column(
        ForeignKey("sites_site.id"), primary_key=True, autoincrement=False
    )
    start_cents: Mapped[int]
    growth_pct: Mapped[int]
    cap_cents: Mapped[int]
    upper_cents: Mapped[int]


class Departure(Base):
    """A firm leaves with a balance that the fund takes over, once a second manager agrees."""

    __tablename__ = "exchanges_departure"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'agreed', 'withdrawn')", name="state"),
        CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="decided"),
        CheckConstraint(
            "state <> 'agreed' OR (decided_by_id <> asked_by_id AND txn_id IS NOT NULL)",
            name="two",
        ),
        CheckConstraint("reason <> ''", name="reason"),
        Index(
            "uq_exchanges_departure_asked",
            "account_id",
            unique=True,
            sqlite_where=_ASKED,
            postgresql_where=_ASKED,
        ),
    )

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("exchanges_account.id"))
    balance: Mapped[int]
    reason: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(9), default="asked")
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    decided_at: Mapped[datetime | None]
    txn_id: Mapped[int | None] = mapped_column(ForeignKey("exchanges_txn.id"))


class Adjustment(Base):
    """A correction between two firms that one manager proposes and another agrees to.

    ``giver_id`` is the account that gains ``cents``, ``receiver_id`` the one that loses them.
    """

    __tablename__ = "exchanges_adjustment"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'agreed', 'withdrawn')", name="state"),
        CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="decided"),
        CheckConstraint(
            "state <> 'agreed' OR (decided_by_id <> asked_by_id AND txn_id IS NOT NULL)",
            name="two",
        ),
        CheckConstraint("giver_id <> receiver_id", name="accounts"),
        CheckConstraint("cents > 0", name="cents"),
        CheckConstraint("reason <> ''", name="reason"),
        UniqueConstraint("asked_by_id", "once"),
        Index("ix_exchanges_adjustment_giver", "giver_id", "state", "id"),
        Index("ix_exchanges_adjustment_receiver", "receiver_id", "state", "id"),
    )

    id: Mapped[Id]
    giver_id: Mapped[int] = mapped_column(ForeignKey("exchanges_account.id"))
    receiver_id: Mapped[int] = mapped_column(ForeignKey("exchanges_account.id"))
    cents: Mapped[int]
    reason: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(9), default="asked")
    once: Mapped[str] = mapped_column(String(40))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    decided_at: Mapped[datetime | None]
    txn_id: Mapped[int | None] = mapped_column(ForeignKey("exchanges_txn.id"))


def _complete(
    target: MetaData, connection: Connection, *, tables: list[Table], **_more: object
) -> None:
    """Add guards and first rows after ``create_all``; the migration runs the same text."""
    del target
    if any(table.name == Head.__tablename__ for table in tables):
        for statement in ddl.statements(connection.dialect.name):
            connection.exec_driver_sql(statement)


event.listen(Base.metadata, "after_create", _complete)
