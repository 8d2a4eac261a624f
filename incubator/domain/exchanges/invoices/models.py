"""Rows of the invoices: who writes them under what name, the invoices, and what settles them."""

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

from incubator.domain.exchanges.invoices import ddl, rules
from incubator.kernel.db import Base, Id
from incubator.kernel.orphans import kept_in
from incubator.network.members.firm_models import Firm
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from sqlalchemy import Connection, MetaData, Table

FOLDER = "invoices"
_DEAL = "exchanges_deal.id"
_FIRM = "members_firm.id"
_MEMBER = "members_member.id"
_INVOICE = "exchanges_invoice.id"
_SETOFF = "exchanges_setoff.id"
_LIVE = "kind = 'invoice' AND status <> 'credited'"
_OPEN = "kind = 'deal' AND state IN ('draft', 'signed')"


class Books(Base):
    """What is held while a firm numbers or closes: no invoice is dated until ``closed_until``."""

    __tablename__ = "exchanges_books"

    firm_id: Mapped[int] = mapped_column(ForeignKey(_FIRM), primary_key=True)
    closed_until: Mapped[date | None]


class Identity(Base):
    """What the law wants to read of a firm on an invoice; the newest row holds, none changes."""

    __tablename__ = "exchanges_identity"
    __table_args__ = (
        CheckConstraint(f"regime IN {rules.REGIMES}", name="regime"),
        CheckConstraint(f"vat_on IN {rules.VAT_ON}", name="vat_on"),
        Index("ix_exchanges_identity_firm", "firm_id", "id"),
    )

    id: Mapped[Id]
    firm_id: Mapped[int] = mapped_column(ForeignKey(_FIRM))
    legal_name: Mapped[str] = mapped_column(String(120))
    legal_form: Mapped[str] = mapped_column(String(80))
    street: Mapped[str] = mapped_column(String(200))
    postcode: Mapped[str] = mapped_column(String(12))
    city: Mapped[str] = mapped_column(String(80))
    country: Mapped[str] = mapped_column(String(2))
    siren: Mapped[str] = mapped_column(String(40))
    vat_number: Mapped[str] = mapped_column(String(20))
    regime: Mapped[str] = mapped_column(String(14))
    vat_on: Mapped[str] = mapped_column(String(7))
    prefix: Mapped[str] = mapped_column(String(12))
    by_id: Mapped[int] = mapped_column(ForeignKey(_MEMBER))
    at: Mapped[datetime]


class Series(Base):
    """The last number that a firm was given in a year: each is the one before and one more."""

    __tablename__ = "exchanges_series"
    __table_args__ = (CheckConstraint("last_no >= 0", name="last_no"),)

    firm_id: Mapped[int] = mapped_column(ForeignKey(_FIRM), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last_no: Mapped[int] = mapped_column(default=0)


class Invoice(Base):
    """An invoice of a leg of a deal, or a credit note that takes one back; amounts in cents.

    ``seller`` and ``buyer`` are the firms as they were at issue; ``vat_by_rate`` lists, by rate in
    basis points, the amount before tax and the tax. ``applied_cents`` is what was set off, which
    the database keeps; ``paid_cents`` what was paid in euros or by mutual credit, of which
    ``credit_cents``, the sum of its lines, by mutual credit. ``words`` say why it is contested or
    taken back. ``booked_on`` is its day in the books of who receives it where they had closed
    ``issued_on`` when it came; None otherwise.
    """

    __tablename__ = "exchanges_invoice"
    __table_args__ = (
        CheckConstraint(f"kind IN {rules.KINDS}", name="kind"),
        CheckConstraint(f"origin IN {rules.ORIGINS}", name="origin"),
        CheckConstraint(f"status IN {rules.STATUSES}", name="status"),
        CheckConstraint(f"regime IN {rules.REGIMES}", name="regime"),
        CheckConstraint(f"vat_on IN {rules.VAT_ON}", name="vat_on"),
        CheckConstraint(f"operation IN {rules.OPERATIONS}", name="operation"),
        CheckConstraint("issuer_id <> recipient_id", name="firms"),
        CheckConstraint("(status = 'draft') = (number IS NULL)", name="number"),
        CheckConstraint("(status = 'draft') = (issued_on IS NULL)", name="issued_on"),
        CheckConstraint("(series_no IS NULL) = (series_year IS NULL)", name="series"),
        CheckConstraint("(kind = 'credit') = (credits_id IS NOT NULL)", name="credits"),
        CheckConstraint("ht_cents >= 0 AND vat_cents >= 0 AND ttc_cents > 0", name="cents"),
        CheckConstraint("ttc_cents = ht_cents + vat_cents", name="total"),
        CheckConstraint("regime = 'normal' OR vat_cents = 0", name="untaxed"),
        CheckConstraint("applied_cents >= 0 AND paid_cents >= 0", name="settled"),
        CheckConstraint("applied_cents + paid_cents <= ttc_cents", name="applied"),
        CheckConstraint(
            "status NOT IN ('compensated', 'paid') OR applied_cents + paid_cents = ttc_cents",
            name="whole",
        ),
        UniqueConstraint("issuer_id", "number"),
        UniqueConstraint("issuer_id", "series_year", "series_no"),
        UniqueConstraint("credits_id"),
        Index(
            "uq_exchanges_invoice_leg_live",
            "leg_id",
            unique=True,
            sqlite_where=text(_LIVE),
            postgresql_where=text(_LIVE),
        ),
        Index("ix_exchanges_invoice_deal", "deal_id", "id"),
        Index("ix_exchanges_invoice_issuer", "issuer_id", "issued_on", "id"),
        Index("ix_exchanges_invoice_recipient", "recipient_id", "issued_on", "id"),
        Index("ix_exchanges_invoice_due", "status", "due_on", "id"),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(7), default="invoice")
    origin: Mapped[str] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(11), default="draft")
    deal_id: Mapped[int] = mapped_column(ForeignKey(_DEAL))
    leg_id: Mapped[int] = mapped_column(ForeignKey("exchanges_deal_leg.id"))
    credits_id: Mapped[int | None] = mapped_column(ForeignKey(_INVOICE))
    issuer_id: Mapped[int] = mapped_column(ForeignKey(_FIRM))
    recipient_id: Mapped[int] = mapped_column(ForeignKey(_FIRM))
    number: Mapped[str | None] = mapped_column(String(rules.NUMBER_MOST))
    series_year: Mapped[int | None]
    series_no: Mapped[int | None]
    issued_on: Mapped[date | None]
    booked_on: Mapped[date | None]
    supplied_on: Mapped[date]
    due_on: Mapped[date]
    title: Mapped[str] = mapped_column(String(120))
    quantity: Mapped[int | None]
    unit: Mapped[str] = mapped_column(String(30), default="")
    in_cash: Mapped[bool]
    ht_cents: Mapped[int]
    vat_cents: Mapped[int]
    ttc_cents: Mapped[int]
    vat_by_rate: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    regime: Mapped[str] = mapped_column(String(14))
    vat_on: Mapped[str] = mapped_column(String(7))
    operation: Mapped[str] = mapped_column(String(8))
    mention: Mapped[str] = mapped_column(Text)
    seller: Mapped[dict[str, Any]] = mapped_column(JSON)
    buyer: Mapped[dict[str, Any]] = mapped_column(JSON)
    issuer_siren: Mapped[str] = mapped_column(String(40))
    recipient_siren: Mapped[str] = mapped_column(String(40))
    file_key: Mapped[str | None] = mapped_column(String(32), info=kept_in(FOLDER))
    file_name: Mapped[str] = mapped_column(String(130), default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    applied_cents: Mapped[int] = mapped_column(default=0)
    paid_cents: Mapped[int] = mapped_column(default=0)
    credit_cents: Mapped[int] = mapped_column(server_default="0")
    words: Mapped[str] = mapped_column(Text, default="")
    made_by_id: Mapped[int] = mapped_column(ForeignKey(_MEMBER))
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    issuer: Mapped[Firm] = relationship(lazy="raise", foreign_keys=[issuer_id])
    recipient: Mapped[Firm] = relationship(lazy="raise", foreign_keys=[recipient_id])

    @property
    def left_cents(self) -> int:
        """What is neither set off nor paid, in cents."""
        return self.ttc_cents - self.applied_cents - self.paid_cents


class Setoff(Base):
    """Debts that extinguish one another: their lines are written as it takes effect.

    ``plan_hash`` is what the firms of a deal agree to; ``round_id`` names a netting round.
    """

    __tablename__ = "exchanges_setoff"
    __table_args__ = (
        CheckConstraint(f"kind IN {rules.SETOFF_KINDS}", name="kind"),
        CheckConstraint(f"basis IN {rules.BASES}", name="basis"),
        CheckConstraint(f"state IN {rules.SETOFF_STATES}", name="state"),
        CheckConstraint("(kind = 'round') = (round_id IS NOT NULL)", name="round"),
        CheckConstraint("kind <> 'deal' OR deal_id IS NOT NULL", name="deal"),
        CheckConstraint("(state = 'effective') = (effective_on IS NOT NULL)", name="effective"),
        UniqueConstraint("round_id"),
        Index(
            "uq_exchanges_setoff_open",
            "deal_id",
            unique=True,
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
        Index("ix_exchanges_setoff_deal", "deal_id", "id"),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(9))
    basis: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(9), default="draft")
    deal_id: Mapped[int | None] = mapped_column(ForeignKey(_DEAL))
    round_id: Mapped[int | None]
    plan_hash: Mapped[str] = mapped_column(String(64), default="")
    effective_on: Mapped[date | None]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey(_MEMBER))
    made_at: Mapped[datetime]

    lines: Mapped[list[SetoffLine]] = relationship(lazy="raise", order_by="SetoffLine.id")
    consents: Mapped[list[SetoffConsent]] = relationship(lazy="raise", order_by="SetoffConsent.id")


class SetoffLine(Base):
    """How much of an invoice a set-off extinguishes, in cents: never changed, never removed."""

    __tablename__ = "exchanges_setoff_line"
    __table_args__ = (
        CheckConstraint("applied_cents > 0", name="applied"),
        UniqueConstraint("setoff_id", "invoice_id"),
        Index("ix_exchanges_setoff_line_invoice", "invoice_id", "id"),
    )

    id: Mapped[Id]
    setoff_id: Mapped[int] = mapped_column(ForeignKey(_SETOFF))
    invoice_id: Mapped[int] = mapped_column(ForeignKey(_INVOICE))
    applied_cents: Mapped[int]

    invoice: Mapped[Invoice] = relationship(lazy="raise")
    setoff: Mapped[Setoff] = relationship(lazy="raise", viewonly=True)


class CreditLine(Base):
    """What mutual credit pays of an invoice by a transaction, in cents; below 0 what goes back.

    Never changed, never removed: the database keeps the sum, and opens again what is not paid.
    """

    __tablename__ = "exchanges_credit_line"
    __table_args__ = (
        CheckConstraint("cents <> 0", name="cents"),
        UniqueConstraint("txn_id"),
        Index("ix_exchanges_credit_line_invoice", "invoice_id", "id"),
        Index("ix_exchanges_credit_line_day", "applied_on", "id"),
    )

    id: Mapped[Id]
    invoice_id: Mapped[int] = mapped_column(ForeignKey(_INVOICE))
    txn_id: Mapped[int] = mapped_column(ForeignKey("exchanges_txn.id"))
    cents: Mapped[int]
    applied_on: Mapped[date]

    invoice: Mapped[Invoice] = relationship(lazy="raise")


class SetoffConsent(Base):
    """That a firm agreed to a set-off as it read it, by whom and when."""

    __tablename__ = "exchanges_setoff_consent"
    __table_args__ = (UniqueConstraint("setoff_id", "firm_id", "plan_hash"),)

    id: Mapped[Id]
    setoff_id: Mapped[int] = mapped_column(ForeignKey(_SETOFF))
    firm_id: Mapped[int] = mapped_column(ForeignKey(_FIRM))
    person_id: Mapped[int] = mapped_column(ForeignKey(_MEMBER))
    plan_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]

    person: Mapped[Member] = relationship(lazy="raise")


def _guard(
    target: MetaData, connection: Connection, *, tables: list[Table], **_more: object
) -> None:
    """Add the guards after ``create_all``; the migration runs the same text."""
    del target
    if any(table.name == "exchanges_invoice" for table in tables):
        for statement in ddl.statements(connection.dialect.name):
            connection.exec_driver_sql(statement)


event.listen(Base.metadata, "after_create", _guard)
