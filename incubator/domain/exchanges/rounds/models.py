"""Rows of netting: the switch, who takes part, rounds, what each computing of one gave.

Amounts are whole cents of euros, instants UTC. ``guards`` says what the database refuses.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.domain.exchanges.rounds import ddl, rules
from incubator.kernel.db import Base, Id
from incubator.network.members.firm_models import Firm

if TYPE_CHECKING:
    from sqlalchemy import Connection, MetaData, Table

_FIRM = "members_firm.id"
_MEMBER = "members_member.id"
_ROUND = "exchanges_round.id"
_TAKES_PART = text("ended_at IS NULL")


class NettingSwitch(Base):
    """Netting was switched on or off: by whom, when, and the very text they had read."""

    __tablename__ = "exchanges_netting_switch"
    __table_args__ = (CheckConstraint("NOT turned_on OR text_read <> ''", name="read"),)

    id: Mapped[Id]
    turned_on: Mapped[bool]
    text_read: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey(_MEMBER))
    at: Mapped[datetime]


class NettingPart(Base):
    """A firm takes part in rounds, from when one of its keepers said so until one says no more."""

    __tablename__ = "exchanges_netting_part"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended"),
        Index(
            "uq_exchanges_netting_part_firm",
            "firm_id",
            unique=True,
            sqlite_where=_TAKES_PART,
            postgresql_where=_TAKES_PART,
        ),
    )

    id: Mapped[Id]
    firm_id: Mapped[int] = mapped_column(ForeignKey(_FIRM))
    by_id: Mapped[int] = mapped_column(ForeignKey(_MEMBER))
    at: Mapped[datetime]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey(_MEMBER))
    ended_at: Mapped[datetime | None]


class Round(Base):
    """A round: debts due until ``cutoff`` (a day) are netted once each firm has agreed.

    ``revision`` counts how often it was computed; ``seed`` breaks ties, drawn before anybody
    knows the debts. ``running`` is true while it is under way and NULL after, so that one is.
    """

    __tablename__ = "exchanges_round"
    __table_args__ = (
        CheckConstraint(f"state IN {rules.STATES}", name="state"),
        CheckConstraint(f"mode IN {rules.MODES}", name="mode"),
        CheckConstraint(f"(running IS NOT NULL) = (state IN {rules.RUNNING})", name="running"),
        CheckConstraint(f"(state IN {rules.DONE}) = (executed_at IS NOT NULL)", name="executed"),
        CheckConstraint(f"(state IN {rules.DONE}) = (setoff_id IS NOT NULL)", name="setoff"),
        CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name="published"),
        CheckConstraint("(state = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled"),
        CheckConstraint("answer_days BETWEEN 2 AND 30", name="days"),
        CheckConstraint("mode = 'credit' OR txn_id IS NULL", name="pure"),
        UniqueConstraint("running"),
        UniqueConstraint("opened_by_id", "once"),
        Index("ix_exchanges_round_state", "state", "answer_by"),
    )

    id: Mapped[Id]
    state: Mapped[str] = mapped_column(String(10), default="collecting")
    mode: Mapped[str] = mapped_column(String(6))
    cutoff: Mapped[date]
    seed: Mapped[int]
    answer_days: Mapped[int]
    answer_by: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=0)
    running: Mapped[bool | None] = mapped_column(default=True)
    once: Mapped[str] = mapped_column(String(40))
    opened_by_id: Mapped[int] = mapped_column(ForeignKey(_MEMBER))
    opened_at: Mapped[datetime]
    executed_by_id: Mapped[int | None] = mapped_column(ForeignKey(_MEMBER))
    executed_at: Mapped[datetime | None]
    setoff_id: Mapped[int | None] = mapped_column(ForeignKey("exchanges_setoff.id"), unique=True)
    txn_id: Mapped[int | None] = mapped_column(ForeignKey("exchanges_txn.id"), unique=True)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey(_MEMBER))
    published_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(String(rules.WORDS_MOST), default="")


class Revision(Base):
    """What one computing of a round gave: by which solver, from what, and its file as a text.

    ``lengths`` are the cents cleared in circles of two, three, four firms, «0» those of more.
    """

    __tablename__ = "exchanges_round_revision"
    __table_args__ = (
        CheckConstraint(f"reason IN {rules.REASONS}", name="reason"),
        CheckConstraint("0 <= cleared_cents AND cleared_cents <= owed_cents", name="cents"),
        UniqueConstraint("round_id", "no"),
    )

    id: Mapped[Id]
    round_id: Mapped[int] = mapped_column(ForeignKey(_ROUND))
    no: Mapped[int]
    reason: Mapped[str] = mapped_column(String(7))
    input_sha: Mapped[str] = mapped_column(String(64))
    solver: Mapped[str] = mapped_column(String(7))
    solver_version: Mapped[str] = mapped_column(String(40))
    owed_cents: Mapped[int]
    cleared_cents: Mapped[int]
    firms: Mapped[int]
    debts: Mapped[int]
    lengths: Mapped[dict[str, Any]] = mapped_column(JSON)
    file: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int | None] = mapped_column(ForeignKey(_MEMBER))
    at: Mapped[datetime]


class RoundLine(Base):
    """What a revision clears of an invoice: ``owed_cents`` was its rest then."""

    __tablename__ = "exchanges_round_line"
    __table_args__ = (
        CheckConstraint("debtor_id <> creditor_id", name="firms"),
        CheckConstraint("0 < cleared_cents AND cleared_cents <= owed_cents", name="cleared"),
        UniqueConstraint("round_id", "revision", "invoice_id"),
        Index("ix_exchanges_round_line_debtor", "round_id", "revision", "debtor_id"),
        Index("ix_exchanges_round_line_creditor", "round_id", "revision", "creditor_id"),
    )

    id: Mapped[Id]
    round_id: Mapped[int] = mapped_column(ForeignKey(_ROUND))
    revision: Mapped[int]
    invoice_id: Mapped[int] = mapped_column(ForeignKey("exchanges_invoice.id"))
    debtor_id: Mapped[int] = mapped_column(ForeignKey(_FIRM))
    creditor_id: Mapped[int] = mapped_column(ForeignKey(_FIRM))
    owed_cents: Mapped[int]
    cleared_cents: Mapped[int]


class RoundNotice(Base):
    """A firm in a round: its number there, what it reads of it, and what it answered.

    ``payables_cleared`` is what it has less to pay, ``receivables_cleared`` less to receive;
    ``ledger_delta`` what its account rises by, or falls by below 0. A firm that did not answer in
    time is left out at ``silent_at``. ``who_id`` answered for it.
    """

    __tablename__ = "exchanges_round_notice"
    __table_args__ = (
        CheckConstraint("payables_cleared >= 0 AND receivables_cleared >= 0", name="cents"),
        CheckConstraint("ledger_delta = receivables_cleared - payables_cleared", name="delta"),
        CheckConstraint("refused_at IS NULL OR silent_at IS NULL", name="out"),
        CheckConstraint("silent_at IS NULL OR accepted_at IS NULL", name="silent"),
        UniqueConstraint("round_id", "firm_id"),
        UniqueConstraint("round_id", "number"),
        Index("ix_exchanges_round_notice_firm", "firm_id", "round_id"),
    )

    id: Mapped[Id]
    round_id: Mapped[int] = mapped_column(ForeignKey(_ROUND))
    firm_id: Mapped[int] = mapped_column(ForeignKey(_FIRM))
    number: Mapped[int]
    payables_cleared: Mapped[int] = mapped_column(default=0)
    receivables_cleared: Mapped[int] = mapped_column(default=0)
    ledger_delta: Mapped[int] = mapped_column(default=0)
    accepted_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    silent_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    who_id: Mapped[int | None] = mapped_column(ForeignKey(_MEMBER))

    firm: Mapped[Firm] = relationship(lazy="raise")

    @property
    def concerned(self) -> bool:
        """Whether the round clears anything of this firm."""
        return bool(self.payables_cleared or self.receivables_cleared)

    @property
    def out(self) -> bool:
        """Whether the firm is no longer in the round."""
        return self.refused_at is not None or self.silent_at is not None


def _guard(
    target: MetaData, connection: Connection, *, tables: list[Table], **_more: object
) -> None:
    """Add the guards after ``create_all``; the migration runs the same text."""
    del target
    if any(table.name == Round.__tablename__ for table in tables):
        for statement in ddl.statements(connection.dialect.name):
            connection.exec_driver_sql(statement)


event.listen(Base.metadata, "after_create", _guard)
