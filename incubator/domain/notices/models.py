"""Rows of the announcements and of who read them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.kernel.db import Base, Id
from incubator.network.members.models import Member
from incubator.network.sites.models import Site


class Notice(Base):
    """What a manager tells a site, or without ``site_id`` the whole network, until it expires."""

    __tablename__ = "notices_notice"
    __table_args__ = (
        CheckConstraint("expires_at > published_at", name="lasts"),
        UniqueConstraint("author_id", "once"),
        Index("ix_notices_notice_site_id_expires_at", "site_id", "expires_at"),
        Index("ix_notices_notice_site_id_published_at", "site_id", "published_at", "id"),
    )

    id: Mapped[Id]
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    once: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(120))
    body_md: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    author: Mapped[Member] = relationship(lazy="raise")
    site: Mapped[Site | None] = relationship(lazy="raise")

    def standing_at(self, now: datetime) -> str:
        """«live», «over» or «withdrawn» at an instant."""
        if self.withdrawn_at:
            return "withdrawn"
        return "live" if self.expires_at > now else "over"


class NoticeRead(Base):
    """Somebody said that they read an announcement."""

    __tablename__ = "notices_read"
    __table_args__ = (Index("ix_notices_read_notice_id", "notice_id", "read_at", "member_id"),)

    notice_id: Mapped[int] = mapped_column(
        ForeignKey("notices_notice.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    member_id: Mapped[int] = mapped_column(
        ForeignKey("members_member.id"), primary_key=True, autoincrement=False
    )
    read_at: Mapped[datetime]

    member: Mapped[Member] = relationship(lazy="raise")
