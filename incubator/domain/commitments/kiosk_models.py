"""Rows of what may speak for people: enrolled screens, badges, codes of sites, calendar feeds.

Secrets are 128 random bits kept as hashes, one for each thing, and may be revoked.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from incubator.kernel.db import Base, Id

_VALID = text("revoked_at IS NULL")


class Device(Base):
    """A screen of a site: it is enrolled with a short code, then has a key of its own.

    ``clock_offset_s`` is how far its clock was ahead when it was last seen, in seconds.
    """

    __tablename__ = "commitments_device"
    __table_args__ = (
        CheckConstraint("key_hash IS NULL OR enrolled_at IS NOT NULL", name="enrolled"),
        CheckConstraint("(code_hash IS NULL) = (code_until IS NULL)", name="code"),
        Index("ix_commitments_device_site_id", "site_id", "id"),
    )

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("sites_site.id"))
    name: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(2), default="fr")
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    code_until: Mapped[datetime | None]
    key_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    made_at: Mapped[datetime]
    enrolled_at: Mapped[datetime | None]
    last_seen_at: Mapped[datetime | None]
    clock_offset_s: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int] = mapped_column(default=0)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    revoked_at: Mapped[datetime | None]


class Badge(Base):
    """A card or a number that speaks for a member at a screen; ``hint`` are its last signs.

    ``key_mark`` tells which of the server's secrets its hash was made with.
    """

    __tablename__ = "commitments_badge"
    __table_args__ = (
        CheckConstraint("kind IN ('number', 'card', 'qr')", name="kind"),
        Index("ix_commitments_badge_member_id", "member_id", "id"),
    )

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    kind: Mapped[str] = mapped_column(String(6), default="number")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hint: Mapped[str] = mapped_column(String(4), default="")
    key_mark: Mapped[str | None] = mapped_column(String(16))
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    issued_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    revoked_at: Mapped[datetime | None]


class SiteCode(Base):
    """A code on the wall of a site: printed with a token, or rotating on a device's screen.

    A rotating one is reckoned from its ``salt``, the server's key and the time: no token to keep.
    """

    __tablename__ = "commitments_site_code"
    __table_args__ = (
        CheckConstraint("kind IN ('printed', 'rotating')", name="kind"),
        CheckConstraint("(kind = 'printed') = (token_hash IS NOT NULL)", name="token"),
        CheckConstraint("(kind = 'rotating') = (salt IS NOT NULL)", name="salt"),
        Index(
            "ix_commitments_site_code_site_id",
            "site_id",
            "id",
            sqlite_where=_VALID,
            postgresql_where=_VALID,
        ),
    )

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("sites_site.id"))
    kind: Mapped[str] = mapped_column(String(8))
    place: Mapped[str] = mapped_column(String(60), default="")
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    salt: Mapped[str | None] = mapped_column(String(32))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    made_at: Mapped[datetime]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    revoked_at: Mapped[datetime | None]


class Feed(Base):
    """The private calendar address of a member's slots; a new one revokes the one before."""

    __tablename__ = "commitments_feed"
    __table_args__ = (
        Index(
            "uq_commitments_feed_valid",
            "member_id",
            unique=True,
            sqlite_where=_VALID,
            postgresql_where=_VALID,
        ),
    )

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    last_read_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
