"""Rows that hang on messages: former texts, reactions, mentions, pins, what search knows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from incubator.kernel.db import Base, Id
from incubator.kernel.fulltext import Tokens


class Revision(Base):
    """A text that a message had before it was changed, and since when it stood there."""

    __tablename__ = "chat_revision"

    message_id: Mapped[int] = mapped_column(ForeignKey("chat_message.id"), primary_key=True)
    rev: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body_md: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class Reaction(Base):
    """What a member answers a message by one sign; each sign once."""

    __tablename__ = "chat_reaction"
    __table_args__ = (Index("ix_chat_reaction_member_id", "member_id"),)

    message_id: Mapped[int] = mapped_column(ForeignKey("chat_message.id"), primary_key=True)
    emoji: Mapped[str] = mapped_column(String(16), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"), primary_key=True)
    at: Mapped[datetime]


class Mention(Base):
    """Whom a message calls: a member, or without ``member_id`` everybody who sits in the room.

    ``no`` and ``by_id`` are those of the message, so that counting reads this table alone.
    """

    __tablename__ = "chat_mention"
    __table_args__ = (
        UniqueConstraint("message_id", "member_id"),
        Index("ix_chat_mention_count", "room_id", "member_id", "no"),
        Index("ix_chat_mention_member_id", "member_id"),
        Index("ix_chat_mention_by_id", "by_id"),
    )

    id: Mapped[Id]
    message_id: Mapped[int] = mapped_column(ForeignKey("chat_message.id"))
    room_id: Mapped[int] = mapped_column(ForeignKey("chat_room.id"))
    no: Mapped[int]
    by_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))


class Pin(Base):
    """A message that a room keeps at hand."""

    __tablename__ = "chat_pin"
    __table_args__ = (
        Index("ix_chat_pin_room_id", "room_id", "at"),
        Index("ix_chat_pin_by_id", "by_id"),
    )

    message_id: Mapped[int] = mapped_column(
        ForeignKey("chat_message.id"), primary_key=True, autoincrement=False
    )
    room_id: Mapped[int] = mapped_column(ForeignKey("chat_room.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    at: Mapped[datetime]


class MessageDocument(Base):
    """What is searched of a message."""

    __tablename__ = "chat_document"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    message_id: Mapped[int] = mapped_column(ForeignKey("chat_message.id"), unique=True)
    tokens: Mapped[str] = mapped_column(Tokens)


class Indexed(Base):
    """How far search has read the log of a room."""

    __tablename__ = "chat_indexed"

    room_id: Mapped[int] = mapped_column(
        ForeignKey("chat_room.id"), primary_key=True, autoincrement=False
    )
    seq: Mapped[int]
