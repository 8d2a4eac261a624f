"""Rows of how members stand with their promises, and of what they chose for their hours."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from incubator.kernel.db import Base, Id

_NOW = text("until_at IS NULL")


class Status(Base):
    """How a member stands with their promise since an instant; the last row has no end.

    ``cause_id`` is the line that made it so. ``plan_until_on`` is the day by which sign-ups of an
    agreed plan cover the debt.
    """

    __tablename__ = "commitments_status"
    __table_args__ = (
        CheckConstraint(
            "state IN ('ok', 'watch', 'late', 'plan', 'paused', 'exiting', 'left')", name="state"
        ),
        CheckConstraint("until_at >= since_at", name="order"),
        CheckConstraint("state <> 'plan' OR plan_until_on IS NOT NULL", name="plan"),
        CheckConstraint("state <> 'paused' OR decided_by_id IS NOT NULL", name="paused"),
        CheckConstraint("decided_by_id <> member_id", name="other"),
        Index(
            "uq_commitments_status_now",
            "member_id",
            unique=True,
            sqlite_where=_NOW,
            postgresql_where=_NOW,
        ),
        Index("ix_commitments_status_member_id", "member_id", "since_at"),
        Index(
            "ix_commitments_status_site",
            "home_site_id",
            "state",
            "since_at",
            "member_id",
            sqlite_where=_NOW,
            postgresql_where=_NOW,
        ),
        Index(
            "ix_commitments_status_review",
            "next_review_on",
            sqlite_where=_NOW,
            postgresql_where=_NOW,
        ),
    )

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    home_site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"))
    state: Mapped[str] = mapped_column(String(7))
    since_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    cause_id: Mapped[int | None] = mapped_column(ForeignKey("commitments_ledger.id"))
    next_review_on: Mapped[date | None]
    warned_at: Mapped[datetime | None]
    plan_until_on: Mapped[date | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    note: Mapped[str] = mapped_column(String(300), default="")


class Choice(Base):
    """What a member chose for their hours; no row is the usual.

    ``reminder_days`` before a slot (None: the house's); ``gives_surplus``: what they give beyond
    what they owe goes to the pool.
    """

    __tablename__ = "commitments_choice"
    __table_args__ = (CheckConstraint("reminder_days BETWEEN 0 AND 14", name="reminder_days"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"), primary_key=True)
    gives_surplus: Mapped[bool] = mapped_column(default=False)
    reminder_days: Mapped[int | None]
