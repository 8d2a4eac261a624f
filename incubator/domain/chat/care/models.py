"""Rows of care in rooms: a case for a message, who reported it, what was done."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.domain.chat.models import Room
from incubator.kernel.db import Base, Id
from incubator.network.members.models import Member

WAITS = text("waiting_since IS NOT NULL")
HIDDEN = text("undone_at IS NULL AND kind = 'hide'")


class ChatCase(Base):
    """A message that was reported or hidden, with its text as those who decide read it.

    ``site_id`` is the site whose managers decide: that of a site's room, or in a conversation
    that of who reported first; None for the rooms of everybody. ``waiting_since`` is when the
    first report came that nobody answered yet; ``version`` counts all that happened.
    """

    __tablename__ = "chat_case"
    __table_args__ = (
        Index("ix_chat_case_author_id", "author_id"),
        Index("ix_chat_case_room_id", "room_id"),
        Index(
            "ix_chat_case_waiting",
            "waiting_since",
            "id",
            sqlite_where=WAITS,
            postgresql_where=WAITS,
        ),
        Index("ix_chat_case_acted", "acted_at", "id"),
    )

    id: Mapped[Id]
    message_id: Mapped[int] = mapped_column(ForeignKey("chat_message.id"), unique=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("chat_room.id"))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    text_md: Mapped[str] = mapped_column(Text)
    text_html: Mapped[str] = mapped_column(Text)
    waiting_since: Mapped[datetime | None]
    acted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=0)

    room: Mapped[Room] = relationship(lazy="raise")
    author: Mapped[Member] = relationship(lazy="raise")


class ChatReport(Base):
    """What a member says is wrong with a message; one a member and message."""

    __tablename__ = "chat_report"
    __table_args__ = (
        CheckConstraint(
            "reason IN ('unkind', 'advertising', 'private', 'wrong', 'misplaced', 'other')",
            name="reason",
        ),
        Index("uq_chat_report_case", "case_id", "reporter_id", unique=True),
        Index("ix_chat_report_reporter_id", "reporter_id", "id"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("chat_case.id"))
    reporter_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    reason: Mapped[str] = mapped_column(String(11))
    words: Mapped[str] = mapped_column(String(1000), default="")
    reported_at: Mapped[datetime]

    case: Mapped[ChatCase] = relationship(lazy="raise")
    reporter: Mapped[Member] = relationship(lazy="raise")


class ChatMeasure(Base):
    """What was done about a message, by whom, when and why; undone, it stays with a second date.

    ``until`` is how long its author was asked to be silent in the room.
    """

    __tablename__ = "chat_measure"
    __table_args__ = (
        CheckConstraint("kind IN ('dismiss', 'hide', 'mute')", name="kind"),
        CheckConstraint("(kind = 'mute') = (until IS NOT NULL)", name="until"),
        Index("ix_chat_measure_case_id", "case_id", "id"),
        Index(
            "uq_chat_measure_hidden",
            "case_id",
            unique=True,
            sqlite_where=HIDDEN,
            postgresql_where=HIDDEN,
        ),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("chat_case.id"))
    kind: Mapped[str] = mapped_column(String(7))
    by_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    taken_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(String(1000), default="")
    until: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))

    by: Mapped[Member] = relationship(lazy="raise", foreign_keys=[by_id])
    undone_by: Mapped[Member | None] = relationship(lazy="raise", foreign_keys=[undone_by_id])
