"""Rows of machines in rooms."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, false
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from incubator.kernel.db import Base, Id

WORKS = sql("revoked_at IS NULL")


class Bot(Base):
    """A machine of one room, made and answered for by a member.

    It speaks by an address whose token only ``token_hash`` remembers. With a ``url`` it is told
    when it is called by «@handle»; the secret that signs this is made from ``salt``, never stored.
    ``to_all``: it may call everybody in the room.
    """

    __tablename__ = "chat_bot"
    __table_args__ = (
        Index("ix_chat_bot_room_id", "room_id", "id"),
        Index(
            "uq_chat_bot_handle",
            "room_id",
            "handle",
            unique=True,
            sqlite_where=WORKS,
            postgresql_where=WORKS,
        ),
    )

    id: Mapped[Id]
    room_id: Mapped[int] = mapped_column(ForeignKey("chat_room.id"))
    name: Mapped[str] = mapped_column(String(40))
    handle: Mapped[str] = mapped_column(String(40))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    url: Mapped[str] = mapped_column(String(500), default="")
    salt: Mapped[str] = mapped_column(String(40))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    made_at: Mapped[datetime]
    spoke_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    to_all: Mapped[bool] = mapped_column(default=False, server_default=false())
    # How the last call of its address ended, in a word or two: empty when well.
    trouble: Mapped[str] = mapped_column(String(200), default="")
