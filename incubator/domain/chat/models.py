"""Rows of the chat: rooms, seats, messages and the log that clients follow."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from incubator.kernel.db import Base, Id

KINDS = ("network", "site", "topic", "direct")


class Room(Base):
    """A place to talk: one for the network, one per site, others by topic, some for two.

    ``seq`` numbers the entries of the room's log and ``msg_no`` its messages; both grow by
    one, without a hole, under the lock of this row.
    """

    __tablename__ = "chat_room"
    __table_args__ = (
        CheckConstraint("kind IN ('network', 'site', 'topic', 'direct')", name="kind"),
        CheckConstraint("kind <> 'site' OR site_id IS NOT NULL", name="site"),
        CheckConstraint("kind <> 'network' OR site_id IS NULL", name="network"),
        UniqueConstraint("created_by_id", "once"),
        Index(
            "uq_chat_room_network",
            "kind",
            unique=True,
            sqlite_where=sql("kind = 'network'"),
            postgresql_where=sql("kind = 'network'"),
        ),
        Index(
            "uq_chat_room_site",
            "site_id",
            unique=True,
            sqlite_where=sql("kind = 'site'"),
            postgresql_where=sql("kind = 'site'"),
        ),
        Index("ix_chat_room_kind_name", "kind", "name", "id"),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(8))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"))
    slug: Mapped[str] = mapped_column(String(70), unique=True)
    name: Mapped[str] = mapped_column(String(80), default="")
    purpose: Mapped[str] = mapped_column(String(160), default="")
    seq: Mapped[int] = mapped_column(default=0)
    msg_no: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    once: Mapped[str | None] = mapped_column(String(36))


class Pair(Base):
    """The two members of a direct conversation; ``current`` is the one that writing leads to.

    After a merge of members, two conversations may be those of the same two: both stay readable.
    """

    __tablename__ = "chat_pair"
    __table_args__ = (
        CheckConstraint("low_id <= high_id", name="order"),
        Index(
            "uq_chat_pair_current",
            "low_id",
            "high_id",
            unique=True,
            sqlite_where=sql("current"),
            postgresql_where=sql("current"),
        ),
        Index("ix_chat_pair_high_id", "high_id"),
        Index("ix_chat_pair_low_id", "low_id"),
    )

    room_id: Mapped[int] = mapped_column(
        ForeignKey("chat_room.id"), primary_key=True, autoincrement=False
    )
    low_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    high_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    current: Mapped[bool] = mapped_column(default=True)


class Seat(Base):
    """A member in a room. ``read_no`` is the last message they have read; it only grows."""

    __tablename__ = "chat_seat"
    __table_args__ = (
        CheckConstraint("involvement IN ('all', 'mentions', 'none', 'hidden')", name="involvement"),
        Index("ix_chat_seat_member_id", "member_id", "left_at"),
    )

    room_id: Mapped[int] = mapped_column(ForeignKey("chat_room.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"), primary_key=True)
    read_no: Mapped[int] = mapped_column(default=0)
    involvement: Mapped[str] = mapped_column(String(8), default="all")
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]


class Message(Base):
    """What somebody said. ``cid`` is the name their browser gave it, so that it is said once."""

    __tablename__ = "chat_message"
    __table_args__ = (UniqueConstraint("author_id", "cid"), UniqueConstraint("room_id", "no"))

    id: Mapped[Id]
    room_id: Mapped[int] = mapped_column(ForeignKey("chat_room.id"))
    no: Mapped[int]
    seq: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    cid: Mapped[str] = mapped_column(String(36))
    body_md: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class Entry(Base):
    """One line of a room's log: what clients replay in the order of ``seq``."""

    __tablename__ = "chat_event"
    __table_args__ = (CheckConstraint("kind IN ('msg', 'member')", name="kind"),)

    room_id: Mapped[int] = mapped_column(ForeignKey("chat_room.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(8))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("chat_message.id"))
    actor_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime]
