"""Rows of what was sent: an exact copy of each letter, for a while."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from incubator.kernel.db import Base


class MailCopy(Base):
    """A letter that left, or that its server refused; ``id`` is the letter's own.

    It is «handing» from just before its last line until the server answers. A machine that dies
    meanwhile leaves it «unsure»: it may have been sent, and is not sent again. ``message`` is what
    was sent, but for secret links, which stand there as «…».
    """

    __tablename__ = "mail_copy"
    __table_args__ = (
        CheckConstraint("state IN ('handing', 'sent', 'refused', 'unsure')", name="state"),
        Index("ix_mail_copy_member_id", "member_id", "at", "id"),
        Index("ix_mail_copy_at", "at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    member_id: Mapped[int | None] = mapped_column(
        ForeignKey("members_member.id", ondelete="CASCADE")
    )
    email: Mapped[str] = mapped_column(String(254))
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime]
    message: Mapped[str] = mapped_column(Text)
