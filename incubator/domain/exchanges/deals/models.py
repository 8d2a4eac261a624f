"""Rows of the deals: terms, who signed them, what was delivered, and what happened when."""

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

from incubator.domain.exchanges.deals import ddl, rules
from incubator.kernel.db import Base, Id
from incubator.network.members.firm_models import Firm
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from sqlalchemy import Connection, MetaData, Table

_DEAL = "exchanges_deal.id"
_LEG = "exchanges_deal_leg.id"
_FIRM = "members_firm.id"
_MEMBER = "members_member.id"
_OPEN = "state IN ('opened', 'answered', 'mediated')"


class Deal(Base):
    """An agreement between firms. ``revision`` counts its wordings, from 1.

    ``turn_id`` is the firm that wrote the last one; ``due_at`` the next instant at which the
    clock has something to do, None when it has not.
    """

    __tablename__ = "exchanges_deal"
    __table_args__ = (
        CheckConstraint(f"kind IN {rules.KINDS}", name="kind"),
        CheckConstraint(f"state IN {rules.DEAL_STATES}", name="state"),
        CheckConstraint("currency = 'EUR'", name="currency"),
        CheckConstraint("revision >= 1", name="revision"),
        UniqueConstraint("created_by_id", "once"),
        Index("ix_exchanges_deal_due", "due_at", "id"),
        Index("ix_exchanges_deal_changed", "changed_at", "id"),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(6))
    state: Mapped[str] = mapped_column(String(12))
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    title: Mapped[str] = mapped_column(String(250))
    expires_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    terms_hash: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int] = mapped_column(default=1)
    turn_id: Mapped[int] = mapped_column(ForeignKey(_FIRM))
    created_by_id: Mapped[int] = mapped_column(ForeignKey(_MEMBER))
    once: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    parties: Mapped[list[DealParty]] = relationship(lazy="raise", order_by="DealParty.seq")
    legs: Mapped[list[DealLeg]] = relationship(lazy="raise", order_by="DealLeg.seq")
    soulte: Mapped[Soulte | None] = relationship(lazy="raise")
    signatures: Mapped[list[DealSignature]] = relationship(
        lazy="raise", order_by="DealSignature.id"
    )
    disputes: Mapped[list[Dispute]] = relationship(lazy="raise", order_by="Dispute.id")


class DealParty(Base):
    """A firm of a deal, who acted for it last, and when it asked to call the deal off."""

    __tablename__ = "exchanges_deal_party"
    __table_args__ = (Index("ix_exchanges_deal_party_firm", "firm_id", "deal_id"),)

    deal_id: Mapped[int] = mapped_column(ForeignKey(_DEAL), primary_key=True)
    firm_id: Mapped[int] = mapped_column(ForeignKey(_FIRM), primary_key=True)
    seq: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(ForeignKey(_MEMBER))
    cancel_at: Mapped[datetime | None]

    firm: Mapped[Firm] = relationship(lazy="raise")
    person: Mapped[Member | None] = relationship(lazy="raise")


class DealLeg(Base):
    """What one firm gives another: its terms in cents, and how far it is.

    ``vat_bp`` None is the franchise of article 293 B; ``listing_id`` is plain, a listing may go.
    """

    __tablename__ = "exchanges_deal_leg"
    __table_args__ = (
        CheckConstraint("giver_id <> receiver_id", name="firms"),
        CheckConstraint(f"mode IN {rules.MODES}", name="mode"),
        CheckConstraint(f"state IN {rules.LEG_STATES}", name="state"),
        CheckConstraint("ht_cents >= 0 AND vat_cents >= 0", name="cents"),
        CheckConstraint("ttc_cents = ht_cents + vat_cents", name="total"),
        CheckConstraint("vat_bp IS NOT NULL OR vat_cents = 0", name="franchise"),
        CheckConstraint("vat_bp >= 0 AND vat_bp <= 10000", name="rate"),
        CheckConstraint("(mode = 'gift') = (ttc_cents = 0)", name="gift"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("accepted_cents >= 0 AND accepted_cents <= ttc_cents", name="accepted"),
        CheckConstraint("accepted_cents IS NULL OR accepted_at IS NOT NULL", name="accepted_at"),
        CheckConstraint("accepted_at IS NULL OR delivered_at IS NOT NULL", name="delivered"),
        UniqueConstraint("deal_id", "seq"),
        Index("ix_exchanges_deal_leg_skill", "skill_id"),
    )

    id: Mapped[Id]
    deal_id: Mapped[int] = mapped_column(ForeignKey(_DEAL))
    seq: Mapped[int]
    giver_id: Mapped[int] = mapped_column(ForeignKey(_FIRM))
    receiver_id: Mapped[int] = mapped_column(ForeignKey(_FIRM))
    mode: Mapped[str] = mapped_column(String(6))
    title: Mapped[str] = mapped_column(String(rules.TITLE_MOST))
    details: Mapped[str] = mapped_column(Text, default="")
    quantity: Mapped[int | None]
    unit: Mapped[str] = mapped_column(String(rules.UNIT_MOST), default="")
    skill_id: Mapped[int | None] = mapped_column(ForeignKey("members_skill.id"))
    listing_id: Mapped[int | None]
    ht_cents: Mapped[int]
    vat_bp: Mapped[int | None]
    vat_cents: Mapped[int]
    ttc_cents: Mapped[int]
    due_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(13), default="committed")
    delivered_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    accepted_cents: Mapped[int | None]
    reminded_at: Mapped[datetime | None]


class DealSignature(Base):
    """That a firm agreed to terms, by whom and when: never changed, never removed."""

    __tablename__ = "exchanges_deal_signature"
    __table_args__ = (UniqueConstraint("deal_id", "firm_id", "terms_hash"),)

    id: Mapped[Id]
    deal_id: Mapped[int] = mapped_column(ForeignKey(_DEAL))
    firm_id: Mapped[int] = mapped_column(ForeignKey(_FIRM))
    person_id: Mapped[int] = mapped_column(ForeignKey(_MEMBER))
    terms_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class Soulte(Base):
    """Euros beside a swap, paid outside of the product; the payee says when they came."""

    __tablename__ = "exchanges_soulte"
    __table_args__ = (
        CheckConstraint("payer_id <> payee_id", name="firms"),
        CheckConstraint("cents > 0", name="cents"),
    )

    deal_id: Mapped[int] = mapped_column(ForeignKey(_DEAL), primary_key=True)
    payer_id: Mapped[int] = mapped_column(ForeignKey(_FIRM))
    payee_id: Mapped[int] = mapped_column(ForeignKey(_FIRM))
    cents: Mapped[int]
    paid_at: Mapped[datetime | None]
    ref: Mapped[str] = mapped_column(String(rules.REF_MOST), default="")


class DealStep(Base):
    """A line of the timeline; by whom (None is the clock) and for which firm. It only grows."""

    __tablename__ = "exchanges_deal_event"
    __table_args__ = (Index("ix_exchanges_deal_event_deal", "deal_id", "id"),)

    id: Mapped[Id]
    deal_id: Mapped[int] = mapped_column(ForeignKey(_DEAL))
    verb: Mapped[str] = mapped_column(String(12))
    by_id: Mapped[int | None] = mapped_column(ForeignKey(_MEMBER))
    firm_id: Mapped[int | None] = mapped_column(ForeignKey(_FIRM))
    leg_id: Mapped[int | None]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime]

    by: Mapped[Member | None] = relationship(lazy="raise")


class Dispute(Base):
    """A leg that its receiver does not accept as it is: what both say, and the amount discussed.

    ``cents`` is the amount proposed last; it holds once both firms agree to it, or a mediator
    decides when the time is over.
    """

    __tablename__ = "exchanges_dispute"
    __table_args__ = (
        CheckConstraint(f"state IN {rules.DISPUTE_STATES}", name="state"),
        CheckConstraint(f"outcome IN {rules.OUTCOMES}", name="outcome"),
        CheckConstraint("(state = 'resolved') = (outcome IS NOT NULL)", name="resolved"),
        CheckConstraint("cents >= 0", name="cents"),
        Index("ix_exchanges_dispute_deal", "deal_id", "id"),
        Index("ix_exchanges_dispute_state", "state", "opened_at", "id"),
        Index(
            "uq_exchanges_dispute_open",
            "leg_id",
            unique=True,
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
    )

    id: Mapped[Id]
    deal_id: Mapped[int] = mapped_column(ForeignKey(_DEAL))
    leg_id: Mapped[int] = mapped_column(ForeignKey(_LEG))
    state: Mapped[str] = mapped_column(String(9), default="opened")
    reason: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text, default="")
    advice: Mapped[str] = mapped_column(Text, default="")
    cents: Mapped[int]
    giver_agrees: Mapped[bool] = mapped_column(default=False)
    receiver_agrees: Mapped[bool] = mapped_column(default=True)
    outcome: Mapped[str | None] = mapped_column(String(7))
    opened_by_id: Mapped[int] = mapped_column(ForeignKey(_MEMBER))
    mediator_id: Mapped[int | None] = mapped_column(ForeignKey(_MEMBER))
    opened_at: Mapped[datetime]
    called_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    mediator: Mapped[Member | None] = relationship(lazy="raise", foreign_keys=[mediator_id])


def _guard(
    target: MetaData, connection: Connection, *, tables: list[Table], **_more: object
) -> None:
    """Add the guards after ``create_all``; the migration runs the same text."""
    del target
    if any(table.name == "exchanges_deal" for table in tables):
        for statement in ddl.statements(connection.dialect.name):
            connection.exec_driver_sql(statement)


event.listen(Base.metadata, "after_create", _guard)
