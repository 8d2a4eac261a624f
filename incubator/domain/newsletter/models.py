"""Rows of the letters about a week: editions, what they point at, and what sites chose."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.kernel.db import Base, Id
from incubator.network.members.models import Member
from incubator.network.sites.models import Site

_DRAFT = text("state = 'draft'")


class Edition(Base):
    """The letter of a site for an ISO week; it tells of what was from ``since_at`` to ``until_at``.

    A «quiet» one was never written: too little happened, and the next one tells of it. Who
    decided is empty where the machine did. ``revision`` counts edits; a held draft does not leave
    at ``leaves_at`` by itself.
    """

    __tablename__ = "newsletter_edition"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'sent', 'skipped', 'quiet')", name="state"),
        CheckConstraint("(state = 'draft') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("week BETWEEN 1 AND 53", name="week"),
        CheckConstraint("until_at > since_at", name="span"),
        UniqueConstraint("site_id", "year", "week"),
        Index("ix_newsletter_edition_archive", "state", "decided_at", "id"),
        Index("ix_newsletter_edition_site", "site_id", "state", "decided_at", "id"),
        Index("ix_newsletter_edition_last", "site_id", "until_at", "id"),
        Index("ix_newsletter_edition_week", "year", "week", "site_id"),
        Index(
            "ix_newsletter_edition_due",
            "leaves_at",
            "id",
            sqlite_where=_DRAFT,
            postgresql_where=_DRAFT,
        ),
    )

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("sites_site.id"))
    year: Mapped[int]
    week: Mapped[int]
    since_at: Mapped[datetime]
    until_at: Mapped[datetime]
    drafted_at: Mapped[datetime]
    leaves_at: Mapped[datetime]
    held: Mapped[bool] = mapped_column(default=False, server_default=false())
    state: Mapped[str] = mapped_column(String(7))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    revision: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(String(120), default="")
    words_md: Mapped[str] = mapped_column(Text, default="")
    words_html: Mapped[str] = mapped_column(Text, default="")

    site: Mapped[Site] = relationship(lazy="raise")
    decided_by: Mapped[Member | None] = relationship(lazy="raise")
    items: Mapped[list[Item]] = relationship(
        lazy="raise", order_by="(Item.position, Item.id)", viewonly=True
    )


class Item(Base):
    """Something that a letter points at, by its kind and number: never a copy of a text.

    Whoever reads it sees of it what they may read today. Struck ones are not ``kept``.
    """

    __tablename__ = "newsletter_item"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('notice', 'solved', 'answer', 'member', 'hours', 'call', 'slot', 'closure')",
            name="kind",
        ),
        UniqueConstraint("edition_id", "kind", "subject_id"),
        Index("ix_newsletter_item_subject", "kind", "subject_id"),
    )

    id: Mapped[Id]
    edition_id: Mapped[int] = mapped_column(ForeignKey("newsletter_edition.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(8))
    subject_id: Mapped[int]
    position: Mapped[int]
    kept: Mapped[bool]
    line: Mapped[str] = mapped_column(String(200), default="")


class Habit(Base):
    """What a site chose: whether its letter leaves by itself. Without a row it does."""

    __tablename__ = "newsletter_habit"

    site_id: Mapped[int] = mapped_column(
        ForeignKey("sites_site.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    by_itself: Mapped[bool]
