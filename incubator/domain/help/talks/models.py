"""Rows that join threads and chat rooms; rooms are known by their number only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.kernel.db import Base, Id
from incubator.network.members.models import Member


class Origin(Base):
    """The room in which a question began; ``chosen`` is the key of the messages it was made of.

    The same member makes one question of the same messages, however often it is asked.
    """

    __tablename__ = "help_origin"
    __table_args__ = (UniqueConstraint("room_id", "by_id", "chosen"),)

    question_id: Mapped[int] = mapped_column(
        ForeignKey("help_question.id", ondelete="CASCADE"), primary_key=True
    )
    room_id: Mapped[int]
    by_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    chosen: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime]


class Quote(Base):
    """A message as it stood when it was quoted: it never changes.

    ``seq`` and ``no`` are its numbers in its room. ``consent`` is «free» where everybody could
    read the message, else «asked», «given» or «refused» by its author.
    """

    __tablename__ = "help_quote"
    __table_args__ = (
        CheckConstraint("consent IN ('free', 'asked', 'given', 'refused')", name="consent"),
        UniqueConstraint("question_id", "seq"),
        Index("ix_help_quote_author_id", "author_id", "consent"),
    )

    id: Mapped[Id]
    question_id: Mapped[int] = mapped_column(ForeignKey("help_question.id", ondelete="CASCADE"))
    seq: Mapped[int]
    no: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    said_at: Mapped[datetime]
    body_html: Mapped[str] = mapped_column(Text)
    consent: Mapped[str] = mapped_column(String(7))
    answered_at: Mapped[datetime | None]

    author: Mapped[Member] = relationship(lazy="raise")


class Talk(Base):
    """A thread talked through by two in a room; ``answer_id`` is what they concluded."""

    __tablename__ = "help_talk"
    __table_args__ = (
        UniqueConstraint("question_id", "room_id"),
        Index("ix_help_talk_room_id", "room_id"),
    )

    id: Mapped[Id]
    question_id: Mapped[int] = mapped_column(ForeignKey("help_question.id", ondelete="CASCADE"))
    room_id: Mapped[int]
    by_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    with_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    opened_at: Mapped[datetime]
    answer_id: Mapped[int | None] = mapped_column(
        ForeignKey("help_answer.id", ondelete="CASCADE"), unique=True
    )
    concluded_at: Mapped[datetime | None]
