"""Rows of the life of a membership: leaves, transfers, exits, and requests to be erased."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.domain.membership.processes import Plan
from incubator.kernel.db import Base, Id
from incubator.network.members.models import Member
from incubator.network.sites.models import Site

_LIVE = text("state IN ('asked', 'planned', 'active')")
_ASKED = text("state = 'asked'")


class Process(Base):
    """A leave, a transfer or an exit: asked, agreed to, and taking place on its day.

    ``from_site_id`` is the member's home when it was asked for. The choices are those of an
    exit; ``balance_minutes`` is what the ledger of hours summed to on its day.
    """

    __tablename__ = "membership_process"
    __table_args__ = (
        CheckConstraint("kind IN ('leave', 'transfer', 'exit')", name="kind"),
        CheckConstraint(
            "state IN ('asked', 'planned', 'active', 'done', 'cancelled')", name="state"
        ),
        CheckConstraint("(kind = 'leave') = (ends_on IS NOT NULL)", name="end"),
        CheckConstraint("ends_on > starts_on", name="order"),
        CheckConstraint("(kind = 'transfer') = (to_site_id IS NOT NULL)", name="to_site"),
        CheckConstraint("from_site_id <> to_site_id", name="two_sites"),
        CheckConstraint("(kind = 'exit') = (access IS NOT NULL)", name="choices"),
        CheckConstraint("access IN ('alumni', 'closed')", name="access"),
        CheckConstraint("hours IN ('pool', 'lapse')", name="hours"),
        CheckConstraint("messages IN ('keep', 'anonymise')", name="messages"),
        UniqueConstraint("asked_by_id", "once"),
        Index(
            "uq_membership_process_live",
            "member_id",
            "kind",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index(
            "ix_membership_process_due",
            "state",
            "starts_on",
            "id",
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index("ix_membership_process_member_id", "member_id", "id"),
        Index("ix_membership_process_from", "from_site_id", "state", "id"),
        Index("ix_membership_process_to", "to_site_id", "state", "id"),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(9))
    member_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    from_site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"))
    to_site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"))
    reason: Mapped[str] = mapped_column(String(300), default="")
    access: Mapped[str | None] = mapped_column(String(6))
    hours: Mapped[str | None] = mapped_column(String(5))
    messages: Mapped[str | None] = mapped_column(String(9))
    balance_minutes: Mapped[int | None]
    once: Mapped[str] = mapped_column(String(36))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(String(300), default="")
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship(lazy="raise", foreign_keys=[member_id])
    asked_by: Mapped[Member] = relationship(lazy="raise", foreign_keys=[asked_by_id])
    decided_by: Mapped[Member | None] = relationship(lazy="raise", foreign_keys=[decided_by_id])
    from_site: Mapped[Site | None] = relationship(lazy="raise", foreign_keys=[from_site_id])
    to_site: Mapped[Site | None] = relationship(lazy="raise", foreign_keys=[to_site_id])

    @property
    def plan(self) -> Plan:
        """What the rules need of it."""
        return Plan(
            kind=self.kind, state=self.state, starts_on=self.starts_on, ends_on=self.ends_on
        )


class Erasure(Base):
    """A member's request to be forgotten, handled by a person; one waits at a time."""

    __tablename__ = "membership_erasure"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'done', 'withdrawn')", name="state"),
        Index(
            "uq_membership_erasure_waiting",
            "member_id",
            unique=True,
            sqlite_where=_ASKED,
            postgresql_where=_ASKED,
        ),
        Index("ix_membership_erasure_site", "site_id", "state", "id"),
    )

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"))
    state: Mapped[str] = mapped_column(String(9))
    asked_at: Mapped[datetime]
    handled_by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    handled_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship(lazy="raise", foreign_keys=[member_id])
