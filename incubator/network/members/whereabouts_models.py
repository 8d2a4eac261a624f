"""Rows of who is where: present for now, usually, and awaited by whom."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from incubator.kernel.db import Base


class Whereabouts(Base):
    """Where a member said they are, from ``since`` to ``until`` (excluded); one row a member.

    ``usual`` tells the half-days they usually spend at their home site: bit
    2 × weekday is a morning, the next one an afternoon, Monday first. ``awaited`` tells whether
    others may ask to be told when they come.
    """

    __tablename__ = "members_whereabouts"
    __table_args__ = (
        CheckConstraint("usual BETWEEN 0 AND 16383", name="usual"),
        CheckConstraint(
            "(site_id IS NULL) = (since IS NULL) AND (since IS NULL) = (until IS NULL)",
            name="whole",
        ),
        Index("ix_members_whereabouts_site_id_until", "site_id", "until"),
    )

    member_id: Mapped[int] = mapped_column(
        ForeignKey("members_member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"))
    since: Mapped[datetime | None]
    until: Mapped[datetime | None]
    usual: Mapped[int] = mapped_column(default=0)
    awaited: Mapped[bool] = mapped_column(default=False)


class ArrivalWatch(Base):
    """A wish to be told, once, when somebody comes on site."""

    __tablename__ = "members_arrival_watch"
    __table_args__ = (
        CheckConstraint("watcher_id <> watched_id", name="other"),
        Index("ix_members_arrival_watch_watched_id", "watched_id"),
    )

    watcher_id: Mapped[int] = mapped_column(
        ForeignKey("members_member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    watched_id: Mapped[int] = mapped_column(
        ForeignKey("members_member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    asked_at: Mapped[datetime]
