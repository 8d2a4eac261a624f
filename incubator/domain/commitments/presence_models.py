"""Rows of the presence: punches as they came, sessions made of them, corrections, looks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.kernel.db import Base, Id
from incubator.network.members.models import Member
from incubator.network.sites.models import Site

_OPEN = text("ended_at IS NULL")
_DOUBTFUL = text("state IN ('presumed', 'disputed')")
_TO_COUNT = text("state = 'closed'")
_FLAGGED = text("flags <> ''")
_ASKED = text("state = 'asked'")


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


class Correction(Base):
    """A change of a fact that somebody asks for; ``subject_id`` None proposes a missing one.

    ``member_id`` is whose fact it is, ``site_id`` whose managers decide, ``witness_id`` who was
    there and may decide in their place.
    """

    __tablename__ = "commitments_correction"
    __table_args__ = (
        CheckConstraint("subject IN ('session', 'contribution', 'punch')", name="subject"),
        CheckConstraint("state IN ('asked', 'accepted', 'refused', 'withdrawn')", name="state"),
        CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="decided"),
        CheckConstraint(
            "state NOT IN ('accepted', 'refused') OR decided_by_id <> member_id", name="other"
        ),
        CheckConstraint("witness_id <> member_id", name="witness"),
        UniqueConstraint("asked_by_id", "once"),
        Index("ix_commitments_correction_member_id", "member_id", "asked_at"),
        Index("ix_commitments_correction_subject", "subject", "subject_id"),
        Index(
            "ix_commitments_correction_waiting",
            "site_id",
            "asked_at",
            "id",
            sqlite_where=_ASKED,
            postgresql_where=_ASKED,
        ),
        Index(
            "ix_commitments_correction_witness",
            "witness_id",
            "asked_at",
            "id",
            sqlite_where=_ASKED,
            postgresql_where=_ASKED,
        ),
    )

    id: Mapped[Id]
    subject: Mapped[str] = mapped_column(String(12))
    subject_id: Mapped[int | None]
    member_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"))
    day: Mapped[date]
    proposal: Mapped[dict[str, Any]] = mapped_column(JSON)
    why: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[str] = mapped_column(String(9), default="asked")
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    asked_at: Mapped[datetime]
    witness_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(300), default="")
    once: Mapped[str] = mapped_column(String(40))

    member: Mapped[Member] = relationship(lazy="raise", foreign_keys=[member_id])


class HoursLook(Base):
    """A manager looked at a member's hours: one row a day and page, which that member sees."""

    __tablename__ = "commitments_look"
    __table_args__ = (
        CheckConstraint("viewer_id <> member_id", name="two_people"),
        UniqueConstraint("member_id", "viewer_id", "day", "page"),
        Index("ix_commitments_look_member_id", "member_id", "at", "id"),
    )

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    viewer_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"))
    page: Mapped[str] = mapped_column(String(24))
    day: Mapped[date]
    at: Mapped[datetime]

    viewer: Mapped[Member] = relationship(lazy="raise", foreign_keys=[viewer_id])
