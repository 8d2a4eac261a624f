"""Rows of the chat: rooms, seats, messages and the log that clients follow."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from incubator.kernel.db import Base, Id

KINDS = ("network", "site", "topic", "private", "group", "direct")
# Rooms whose words are for those who sit in them, and for nobody else.
CLOSED = ("private", "group", "direct")
# Of these, those that a seat alone opens.
BY_SEAT = ("private", "group")
# Compared byte by byte on every database, as pages by key need it.
KEY = String(80).with_variant(String(80, collation="C"), "postgresql")


class Room(Base):
    """A place to talk: one for the network, one per site, others by topic, some for a few.

    ``seq`` numbers the entries of the room's log and ``msg_no`` its messages; both grow by
    one, without a hole, under the lock of this row. ``key`` is what there is once: the folded
    name of an open topic, the set of people of a conversation; ``found_by`` are the folded words
    by which a topic is found. An archived room is read and not written in. ``calls`` counts
    messages to everybody in it, ``asides`` those of ``msg_no`` that are replies.
    """

    __tablename__ = "chat_room"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('network', 'site', 'topic', 'private', 'group', 'direct')", name="kind"
        ),
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
        Index("uq_chat_room_key", "key", unique=True),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(8))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"))
    slug: Mapped[str] = mapped_column(String(70), unique=True)
    name: Mapped[str] = mapped_column(String(80), default="")
    purpose: Mapped[str] = mapped_column(String(160), default="")
    seq: Mapped[int] = mapped_column(default=0)
    msg_no: Mapped[int] = mapped_column(default=0)
    calls: Mapped[int] = mapped_column(server_default="0")
    asides: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    once: Mapped[str | None] = mapped_column(String(36))
    key: Mapped[str | None] = mapped_column(KEY)
    found_by: Mapped[str] = mapped_column(Text, default="", server_default="")
    archived_at: Mapped[datetime | None]


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
    """A member in a room. ``read_no`` is the last message they have read; it only grows.

    Of a closed room they may read the entries after ``from_seq`` up to ``to_seq``, which is None
    while they sit there; ``left_name`` is what it was called when they left. Who was ``removed``
    comes back when somebody lets them.
    """

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
    moderator: Mapped[bool] = mapped_column(default=False, server_default=false())
    from_seq: Mapped[int] = mapped_column(default=0, server_default="0")
    to_seq: Mapped[int | None]
    muted_until: Mapped[datetime | None]
    removed: Mapped[bool] = mapped_column(default=False, server_default=false())
    left_name: Mapped[str | None] = mapped_column(String(80))


class Link(Base):
    """A way into a room for whoever of the network is given it, until it expires or is revoked.

    ``whole``: who comes by it reads what was said before, too.
    """

    __tablename__ = "chat_link"
    __table_args__ = (Index("ix_chat_link_room_id", "room_id", "id"),)

    id: Mapped[Id]
    room_id: Mapped[int] = mapped_column(ForeignKey("chat_room.id"))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    whole: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Message(Base):
    """What somebody said. ``cid`` is the name their browser gave it, so that it is said once.

    A reply hangs on its ``root_id``, which counts its ``replies``. ``rev`` is how often the text
    was changed. One that is gone has no text left; with ``gone_reason`` a moderator removed it.
    """

    __tablename__ = "chat_message"
    __table_args__ = (
        UniqueConstraint("author_id", "cid"),
        UniqueConstraint("room_id", "no"),
        Index(
            "ix_chat_message_flow",
            "room_id",
            "no",
            sqlite_where=sql("root_id IS NULL"),
            postgresql_where=sql("root_id IS NULL"),
        ),
        Index(
            "ix_chat_message_thread",
            "root_id",
            "no",
            sqlite_where=sql("root_id IS NOT NULL"),
            postgresql_where=sql("root_id IS NOT NULL"),
        ),
    )

    id: Mapped[Id]
    room_id: Mapped[int] = mapped_column(ForeignKey("chat_room.id"))
    no: Mapped[int]
    seq: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    cid: Mapped[str] = mapped_column(String(36))
    body_md: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    file_count: Mapped[int] = mapped_column(server_default="0")
    bot_id: Mapped[int | None] = mapped_column(ForeignKey("chat_bot.id"))
    root_id: Mapped[int | None] = mapped_column(ForeignKey("chat_message.id"))
    rev: Mapped[int] = mapped_column(server_default="0")
    edited_at: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]
    gone_reason: Mapped[str | None] = mapped_column(String(200))
    replies: Mapped[int] = mapped_column(server_default="0")
    replied_at: Mapped[datetime | None]

    @property
    def speaker_id(self) -> int:
        """Who said it: its author, or negative the machine for which the author answers."""
        return self.author_id if self.bot_id is None else -self.bot_id


class Entry(Base):
    """One line of a room's log: what clients replay in the order of ``seq``.

    ``member_id`` is whom it is about, where that is not who did it. ``cid`` is the name that the
    actor's browser gave to an act on a message.
    """

    __tablename__ = "chat_event"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('msg', 'member', 'topic', 'names', 'edit', 'del', 'react', 'pin')",
            name="kind",
        ),
        Index(
            "uq_chat_event_cid",
            "actor_id",
            "cid",
            unique=True,
            sqlite_where=sql("cid IS NOT NULL"),
            postgresql_where=sql("cid IS NOT NULL"),
        ),
        # What stands between messages in small print.
        Index(
            "ix_chat_event_quiet",
            "room_id",
            "seq",
            sqlite_where=sql("kind IN ('member', 'topic', 'pin')"),
            postgresql_where=sql("kind IN ('member', 'topic', 'pin')"),
        ),
    )

    room_id: Mapped[int] = mapped_column(ForeignKey("chat_room.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(8))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("chat_message.id"))
    actor_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime]
    cid: Mapped[str | None] = mapped_column(String(36))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
