"""Rows of what members were told: one a member and subject."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, false, true
from sqlalchemy.orm import Mapped, mapped_column

from incubator.kernel.db import Base


class Notification(Base):
    """News about one subject («thread», 12) for one member: each news raises the row again.

    ``kind`` and ``what`` tell the weightiest news since it was last read, ``times`` how many there
    were, ``people`` who made them, the last first. ``cause`` is the transaction or job that raised
    it last, which raises it once. ``title`` names a place or a thing, never a person. ``desk``
    rows are for who runs ``site_id`` (None: the network). A row that is not ``shown`` is for
    digests and pushes alone. ``digested_at`` is when a digest held it.
    """

    __tablename__ = "notifications_notification"
    __table_args__ = (
        CheckConstraint("times >= 1", name="times"),
        Index("ix_notifications_list", "member_id", "raised_at", "area", "item_id"),
        Index("ix_notifications_unread", "member_id", "read_at", "raised_at", "area", "item_id"),
    )

    member_id: Mapped[int] = mapped_column(
        ForeignKey("members_member.id", ondelete="CASCADE"), primary_key=True
    )
    area: Mapped[str] = mapped_column(String(16), primary_key=True)
    item_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(24))
    what: Mapped[str] = mapped_column(String(24))
    title: Mapped[str] = mapped_column(String(200), default="")
    desk: Mapped[bool] = mapped_column(default=False, server_default=false())
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"))
    people: Mapped[list[int]] = mapped_column(JSON)
    times: Mapped[int] = mapped_column(default=1, server_default="1")
    cause: Mapped[str] = mapped_column(String(32))
    shown: Mapped[bool] = mapped_column(default=True, server_default=true())
    muted: Mapped[bool] = mapped_column(default=False, server_default=false())
    raised_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]
    digested_at: Mapped[datetime | None]
