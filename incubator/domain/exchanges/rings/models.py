"""Rows of rings: who would give what to whom, what each said, and which listings they hold."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.domain.exchanges.listings.models import Listing
from incubator.domain.exchanges.rings import ddl, rules
from incubator.kernel.db import Base, Id
from incubator.network.members.firm_models import Firm
from incubator.network.members.models import Skill

if TYPE_CHECKING:
    from sqlalchemy import Connection, MetaData, Table

_RING = "exchanges_ring.id"
_LISTING = "exchanges_listing.id"
_SIZES = f"size >= {rules.SMALLEST} AND size <= {rules.LARGEST}"


class Ring(Base):
    """An idea of a ring: each of its ``size`` firms gives to the next, the last to the first.

    ``value_cents`` is before tax, ``score`` only ranks. ``input_hash`` names what it was made of.
    ``cause`` says why it ended, for nobody but its firms: «time», «listing», «taken» by another
    ring, «refused», or the end of its «deal».
    """

    __tablename__ = "exchanges_ring"
    __table_args__ = (
        CheckConstraint(f"state IN {rules.STATES}", name="state"),
        CheckConstraint(f"cause IN {rules.CAUSES}", name="cause"),
        CheckConstraint(_SIZES, name="size"),
        CheckConstraint("value_cents > 0", name="value"),
        CheckConstraint("state <> 'became_deal' OR deal_id IS NOT NULL", name="deal"),
        CheckConstraint(f"(state IN {rules.ENDED}) = (cause <> '')", name="ended"),
        Index("ix_exchanges_ring_expires", "state", "expires_at", "id"),
        Index("ix_exchanges_ring_newest", "suggested_at", "id"),
    )

    id: Mapped[Id]
    size: Mapped[int]
    value_cents: Mapped[int]
    score: Mapped[int]
    state: Mapped[str] = mapped_column(String(11), default="suggested")
    cause: Mapped[str] = mapped_column(String(8), default="")
    input_hash: Mapped[str] = mapped_column(String(64), unique=True)
    deal_id: Mapped[int | None] = mapped_column(ForeignKey("exchanges_deal.id"), unique=True)
    suggested_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    members: Mapped[list[RingMember]] = relationship(lazy="raise", order_by="RingMember.seq")


class RingMember(Base):
    """A firm of a ring: its offer goes to the next, its need is met by the one before.

    ``skill_id`` is what it gives, in a word that names nobody; ``vat_bp`` the VAT it charges
    (None: franchise, or nothing said yet). ``told_at`` is when a letter spoke of the idea.
    """

    __tablename__ = "exchanges_ring_member"
    __table_args__ = (
        CheckConstraint(f"said IN {rules.SAID}", name="said"),
        CheckConstraint("(said = '') = (said_at IS NULL)", name="said_at"),
        CheckConstraint("seq >= 0 AND seq < 4", name="seq"),
        CheckConstraint("offer_id <> need_id", name="listings"),
        CheckConstraint("vat_bp >= 0 AND vat_bp <= 10000", name="rate"),
        UniqueConstraint("ring_id", "firm_id"),
        Index("ix_exchanges_ring_member_firm", "firm_id", "ring_id"),
        Index("ix_exchanges_ring_member_offer", "offer_id"),
        Index("ix_exchanges_ring_member_need", "need_id"),
        Index("ix_exchanges_ring_member_skill", "skill_id"),
    )

    ring_id: Mapped[int] = mapped_column(ForeignKey(_RING), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    firm_id: Mapped[int] = mapped_column(ForeignKey("members_firm.id"))
    offer_id: Mapped[int] = mapped_column(ForeignKey(_LISTING))
    need_id: Mapped[int] = mapped_column(ForeignKey(_LISTING))
    skill_id: Mapped[int] = mapped_column(ForeignKey("members_skill.id"))
    said: Mapped[str] = mapped_column(String(10), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    said_by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    said_at: Mapped[datetime | None]
    vat_bp: Mapped[int | None]
    told_at: Mapped[datetime | None]

    firm: Mapped[Firm] = relationship(lazy="raise")
    skill: Mapped[Skill] = relationship(lazy="raise")
    offer: Mapped[Listing] = relationship(lazy="raise", foreign_keys=[offer_id])
    need: Mapped[Listing] = relationship(lazy="raise", foreign_keys=[need_id])


class RingHold(Base):
    """A listing that a ring took to its deal: no other ring may have it meanwhile."""

    __tablename__ = "exchanges_ring_hold"
    __table_args__ = (Index("ix_exchanges_ring_hold_ring", "ring_id"),)

    listing_id: Mapped[int] = mapped_column(
        ForeignKey(_LISTING), primary_key=True, autoincrement=False
    )
    ring_id: Mapped[int] = mapped_column(ForeignKey(_RING))


def _guard(
    target: MetaData, connection: Connection, *, tables: list[Table], **_more: object
) -> None:
    """Add the guards after ``create_all``; the migration runs the same text."""
    del target
    if any(table.name == "exchanges_ring" for table in tables):
        for statement in ddl.statements(connection.dialect.name):
            connection.exec_driver_sql(statement)


event.listen(Base.metadata, "after_create", _guard)
