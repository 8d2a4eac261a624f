"""Rows of the presence: punches as they came, sessions made of them, and their changes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.kernel.db import Base, Id
from incubator.network.members.models import Member
from incubator.network.sites.models import Site

_OPEN = text("ended_at IS NULL")
_DOUBTFUL = text("state IN ('presumed', 'disputed')")
_TO_COUNT = text("state = 'closed'")
_FLAGGED = text("flags <> ''")


class Punch(Base):
    """Somebody came, went, or was seen; kept as it came, for three months at least.

    ``uid`` is made on the device, so that sending it again is harmless. ``outcome`` is what it
    did: applied, repeated (already in, or already out), ahead (of the server's clock), late (too
    old for the device's queue), refused (a closed site). ``clock_offset_s`` is how far the
    device's clock was ahead of the server's, in seconds.
    """

    __tablename__ = "commitments_punch"
    __table_args__ = (
        CheckConstraint("kind IN ('in', 'out', 'ping')", name="kind"),
        CheckConstraint(
            "source IN ('kiosk', 'qr', 'badge', 'wifi', 'web', 'manager')", name="source"
        ),
        CheckConstraint(
            "outcome IN ('applied', 'repeated', 'ahead', 'late', 'refused')", name="outcome"
        ),
        Index("ix_commitments_punch_member_id", "member_id", "occurred_at"),
        Index("ix_commitments_punch_site_id", "site_id", "occurred_at"),
        Index("ix_commitments_punch_device_id", "device_id", "received_at"),
        Index("ix_commitments_punch_received_at", "received_at"),
        Index("ix_commitments_punch_session_id", "session_id"),
    )

    id: Mapped[Id]
    uid: Mapped[str] = mapped_column(String(36), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites_site.id"))
    kind: Mapped[str] = mapped_column(String(4))
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]
    source: Mapped[str] = mapped_column(String(7))
    outcome: Mapped[str] = mapped_column(String(8), default="applied")
    device_id: Mapped[int | None] = mapped_column(ForeignKey("commitments_device.id"))
    clock_offset_s: Mapped[int] = mapped_column(default=0)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("commitments_session.id"))


class Presence(Base):
    """A session of a member at a site; at most one is open, which the database sees to.

    ``day`` is the site's civil day of its beginning. A presumed one has a provisional end and
    counts nothing. ``planned_end_at`` is when they said they would leave; ``flags`` are codes by
    commas for the manager's eyes.
    """

    __tablename__ = "commitments_session"
    __table_args__ = (
        CheckConstraint("ended_at >= started_at", name="order"),
        CheckConstraint(
            "state IN ('open', 'presumed', 'closed', 'counted', 'disputed', 'void')", name="state"
        ),
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="open"),
        CheckConstraint("(ended_at IS NULL) = (end_source IS NULL)", name="end"),
        CheckConstraint(
            "end_source IN ('out', 'next_checkin', 'cutoff', 'auto', 'member', 'manager', 'merge')",
            name="end_source",
        ),
        Index(
            "uq_commitments_session_open",
            "member_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index(
            "ix_commitments_session_site_open",
            "site_id",
            "started_at",
            "id",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_commitments_session_member_id", "member_id", "started_at", "id"),
        Index("ix_commitments_session_site_id", "site_id", "day", "id"),
        Index(
            "ix_commitments_session_doubtful",
            "site_id",
            "started_at",
            "id",
            sqlite_where=_DOUBTFUL,
            postgresql_where=_DOUBTFUL,
        ),
        Index(
            "ix_commitments_session_to_count",
            "ended_at",
            "id",
            sqlite_where=_TO_COUNT,
            postgresql_where=_TO_COUNT,
        ),
        Index(
            "ix_commitments_session_flagged",
            "site_id",
            "id",
            sqlite_where=_FLAGGED,
            postgresql_where=_FLAGGED,
        ),
    )

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites_site.id"))
    kind_code: Mapped[str] = mapped_column(
        "kind", String(24), ForeignKey("commitments_kind.code"), default="coworking"
    )
    day: Mapped[date]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(8), default="open")
    source: Mapped[str] = mapped_column(String(7))
    end_source: Mapped[str | None] = mapped_column(String(12))
    planned_end_at: Mapped[datetime | None]
    last_ping_at: Mapped[datetime | None]
    signup_id: Mapped[int | None] = mapped_column(ForeignKey("commitments_signup.id"))
    rev: Mapped[int] = mapped_column(default=1)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    confirmed_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    flags: Mapped[str] = mapped_column(String(80), default="")

    member: Mapped[Member] = relationship(lazy="raise", foreign_keys=[member_id])
    site: Mapped[Site] = relationship(lazy="raise")


class PresenceRevision(Base):
    """What a session was before a change and after it, why, and by whom; never changed itself."""

    __tablename__ = "commitments_session_rev"
    __table_args__ = (CheckConstraint("reason <> ''", name="reason"),)

    session_id: Mapped[int] = mapped_column(ForeignKey("commitments_session.id"), primary_key=True)
    rev: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(300))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    on_behalf_of_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    at: Mapped[datetime]
