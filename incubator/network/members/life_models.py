"""Rows of what becomes of a member: absences, and two rows that were one person."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from incubator.kernel.db import Base


class Absence(Base):
    """A member who is away now; ``back_on`` is the first day on which they are here again."""

    __tablename__ = "members_absence"

    member_id: Mapped[int] = mapped_column(
        ForeignKey("members_member.id", ondelete="CASCADE"), primary_key=True
    )
    back_on: Mapped[date]


class Merged(Base):
    """A row that was a double: its page leads to ``kept_id``, which is never a double itself."""

    __tablename__ = "members_merged"
    __table_args__ = (
        CheckConstraint("gone_id <> kept_id", name="two_rows"),
        Index("ix_members_merged_kept_id", "kept_id"),
    )

    gone_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"), primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    merged_by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    merged_at: Mapped[datetime]
