"""Rows of what was suggested to whom."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, false
from sqlalchemy.orm import Mapped, mapped_column

from incubator.kernel.db import Base


class Suggested(Base):
    """A suggestion that a member was shown: on how many days, the last one, whether it ended.

    Days are those of the member's time zone.
    """

    __tablename__ = "suggestions_suggested"
    __table_args__ = (CheckConstraint("days >= 0", name="days"),)

    member_id: Mapped[int] = mapped_column(
        ForeignKey("members_member.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(String(24), primary_key=True)
    days: Mapped[int]
    last_on: Mapped[date | None]
    ended: Mapped[bool] = mapped_column(default=False, server_default=false())
