"""Rows of what others see and say of facts: corrections asked for, looks of managers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    exists,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.kernel.db import Base, Id
from incubator.network.members.models import Member

_ASKED = text("state = 'asked'")


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


def waits_for_a_word(session_id: Any) -> ColumnElement[bool]:
    """Whether somebody has yet to decide on a correction of a session (an id or its column)."""
    return exists().where(
        Correction.subject == "session",
        Correction.subject_id == session_id,
        Correction.state == "asked",
    )
