"""Rows of what members chose about their letters; without a row what is usual holds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from incubator.kernel.db import Base


class LetterChoice(Base):
    """What a member wants of a kind by a channel, where it is not what is usual."""

    __tablename__ = "letters_choice"

    member_id: Mapped[int] = mapped_column(
        ForeignKey("members_member.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    channel: Mapped[str] = mapped_column(String(8), primary_key=True)
    wanted: Mapped[bool]


class QuietHours(Base):
    """A member's quiet hours in minutes after midnight, where they are not the usual ones."""

    __tablename__ = "letters_quiet"
    __table_args__ = (
        CheckConstraint("starts BETWEEN 0 AND 1439", name="starts"),
        CheckConstraint("ends BETWEEN 0 AND 1439 AND ends <> starts", name="ends"),
    )

    member_id: Mapped[int] = mapped_column(
        ForeignKey("members_member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    nights: Mapped[bool]
    starts: Mapped[int]
    ends: Mapped[int]
    weekends: Mapped[bool]


class DigestPace(Base):
    """When a member's digests come, where it is not as usual; ``minutes`` after midnight."""

    __tablename__ = "letters_pace"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 0 AND 1439", name="minutes"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
    )

    member_id: Mapped[int] = mapped_column(
        ForeignKey("members_member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    minutes: Mapped[int]
    weekday: Mapped[int]


class Pause(Base):
    """Until when a member wants nothing to come."""

    __tablename__ = "letters_pause"

    member_id: Mapped[int] = mapped_column(
        ForeignKey("members_member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    until: Mapped[datetime]


class RefusedAddress(Base):
    """An address that its mail server refused for good: nothing is sent there any more."""

    __tablename__ = "letters_refused"

    email: Mapped[str] = mapped_column(String(254), primary_key=True)
    code: Mapped[int]
    said: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
