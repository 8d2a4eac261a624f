"""Rows of the messages to many and of their recipients."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.kernel.db import Base, Id
from incubator.network.members.models import Member


class Mailing(Base):
    """One message to many; ``site_id`` is the site it was sent for, None for several."""

    __tablename__ = "mailings_mailing"
    __table_args__ = (
        UniqueConstraint("author_id", "once"),
        Index("ix_mailings_mailing_author_id", "author_id", "sent_at", "id"),
    )

    id: Mapped[Id]
    author_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    once: Mapped[str] = mapped_column(String(40))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"))
    subject: Mapped[str] = mapped_column(String(120))
    body_md: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime]
    how_many: Mapped[int]

    author: Mapped[Member] = relationship(lazy="raise")


class Recipient(Base):
    """Who was written to by a message to many."""

    __tablename__ = "mailings_recipient"
    __table_args__ = (Index("ix_mailings_recipient_member_id", "member_id"),)

    mailing_id: Mapped[int] = mapped_column(
        ForeignKey("mailings_mailing.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )
    member_id: Mapped[int] = mapped_column(
        ForeignKey("members_member.id"), primary_key=True, autoincrement=False
    )
