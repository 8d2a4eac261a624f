"""Rows of the promises: pledges, reliefs, what was owed and why."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.domain.commitments.rules import Promise
from incubator.kernel.db import Base, Id
from incubator.network.members.models import Member

_OF_FIRM = text("firm_id IS NOT NULL")
_WAITING = text("state = 'requested'")


class Pledge(Base):
    """A promise of minutes per period by a member or a firm.

    A superseded one keeps its row and has no days left. Two promises of one holder never share a
    day: the database refuses it. ``min_home_pct`` only warns. ``charter_version_id`` is the
    charter that was signed with it.
    """

    __tablename__ = "commitments_pledge"
    __table_args__ = (
        CheckConstraint("minutes_per_period >= 0", name="minutes"),
        CheckConstraint("valid_to >= valid_from", name="order"),
        CheckConstraint("(member_id IS NULL) <> (firm_id IS NULL)", name="holder"),
        CheckConstraint("min_home_pct BETWEEN 0 AND 100", name="min_home_pct"),
        CheckConstraint("help_max_pct BETWEEN 0 AND 100", name="help_max_pct"),
        Index("ix_commitments_pledge_member_id", "member_id", "valid_from"),
        Index(
            "ix_commitments_pledge_firm_id",
            "firm_id",
            "valid_from",
            sqlite_where=_OF_FIRM,
            postgresql_where=_OF_FIRM,
        ),
    )

    id: Mapped[Id]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    firm_id: Mapped[int | None] = mapped_column(ForeignKey("members_firm.id"))
    minutes_per_period: Mapped[int]
    home_site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    min_home_pct: Mapped[int] = mapped_column(default=0, server_default="0")
    help_max_pct: Mapped[int | None]
    signed_at: Mapped[datetime]
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    charter_version_id: Mapped[int | None]

    @property
    def promise(self) -> Promise:
        """What the rules need of it."""
        return Promise(self.minutes_per_period, self.valid_from, self.valid_to)


class PledgeRevision(Base):
    """What a promise said from ``recorded_at`` on, until its next revision; never changed.

    The last one known at an instant tells who had promised where and for which days, then.
    """

    __tablename__ = "commitments_pledge_rev"
    __table_args__ = (
        CheckConstraint("valid_to >= valid_from", name="order"),
        CheckConstraint("(member_id IS NULL) <> (firm_id IS NULL)", name="holder"),
        Index("ix_commitments_pledge_rev_pledge_id", "pledge_id", "id"),
    )

    id: Mapped[Id]
    pledge_id: Mapped[int] = mapped_column(ForeignKey("commitments_pledge.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    firm_id: Mapped[int | None] = mapped_column(ForeignKey("members_firm.id"))
    home_site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    recorded_at: Mapped[datetime]


class Relief(Base):
    """Days on which a member owes less, by ``pct`` percent; it runs once approved.

    ``site_id`` is whose managers decide. ``process_id`` is the leave of membership that it came
    with. ``private_reason`` is read by those who decide and by nobody else.
    """

    __tablename__ = "commitments_relief"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('leave', 'parental', 'sickness', 'role', 'hardship', 'other')", name="kind"
        ),
        CheckConstraint("pct BETWEEN 1 AND 100", name="pct"),
        CheckConstraint("ends_on > starts_on", name="order"),
        CheckConstraint("state IN ('requested', 'approved', 'refused', 'cancelled')", name="state"),
        CheckConstraint("(state = 'requested') = (decided_at IS NULL)", name="decided"),
        CheckConstraint(
            "state NOT IN ('approved', 'refused') OR decided_by_id <> member_id", name="other"
        ),
        UniqueConstraint("asked_by_id", "once"),
        Index("ix_commitments_relief_member_id", "member_id", "starts_on"),
        Index(
            "ix_commitments_relief_waiting",
            "site_id",
            "asked_at",
            "id",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
    )

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    kind: Mapped[str] = mapped_column(String(8))
    pct: Mapped[int] = mapped_column(default=100)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(9), default="requested")
    private_reason: Mapped[str] = mapped_column(String(500), default="")
    release_signups: Mapped[bool] = mapped_column(default=True)
    may_still_give: Mapped[bool] = mapped_column(default=True)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"))
    process_id: Mapped[int | None] = mapped_column(unique=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(String(300), default="")
    once: Mapped[str] = mapped_column(String(40))

    member: Mapped[Member] = relationship(lazy="raise", foreign_keys=[member_id])


class Obligation(Base):
    """What a holder owed for a period, and the days, pledges, reliefs and closures that made it.

    A new reckoning is a new ``rev``; the database lets none change.
    """

    __tablename__ = "commitments_obligation"
    __table_args__ = (
        CheckConstraint("minutes >= 0", name="minutes"),
        CheckConstraint("(member_id IS NULL) <> (firm_id IS NULL)", name="holder"),
        UniqueConstraint("member_id", "period_id", "rev"),
        UniqueConstraint("firm_id", "period_id", "rev"),
        Index("ix_commitments_obligation_period_id", "period_id"),
    )

    id: Mapped[Id]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    firm_id: Mapped[int | None] = mapped_column(ForeignKey("members_firm.id"))
    period_id: Mapped[int] = mapped_column(ForeignKey("commitments_period.id"))
    rev: Mapped[int]
    minutes: Mapped[int]
    explanation: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    made_at: Mapped[datetime]
