"""Rows of files in rooms."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from incubator.kernel.db import Base, Id
from incubator.kernel.orphans import kept_in

FOLDER: Final = "chat"
UNSENT: Final = sql("message_id IS NULL")


class ChatFile(Base):
    """A file for one room; without ``message_id`` it waits for its owner to send it.

    A picture was made anew («webp», with its ``width`` and ``height`` in pixels), anything else
    lies as sent; ``size`` is in bytes, ``alt`` says what a picture shows.
    """

    __tablename__ = "chat_file"
    __table_args__ = (
        CheckConstraint("size > 0", name="size"),
        Index("ix_chat_file_message_id", "message_id", "id"),
        Index("ix_chat_file_owner_id", "owner_id", "room_id", "id"),
        Index("ix_chat_file_unsent", "added_at", sqlite_where=UNSENT, postgresql_where=UNSENT),
    )

    id: Mapped[Id]
    owner_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    room_id: Mapped[int] = mapped_column(ForeignKey("chat_room.id"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("chat_message.id"))
    file_key: Mapped[str] = mapped_column(String(32), info=kept_in(FOLDER))
    file_name: Mapped[str] = mapped_column(String(140))
    kind: Mapped[str] = mapped_column(String(5))
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    alt: Mapped[str] = mapped_column(String(300), default="")
    added_at: Mapped[datetime]

    @property
    def is_picture(self) -> bool:
        """Whether it is shown in the room."""
        return self.width is not None
