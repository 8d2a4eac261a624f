"""Rows of what is begun in rooms."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from incubator.kernel.db import Base


class ChatDraft(Base):
    """What a member has begun to say in a room, or in the thread of message ``root`` (0: none)."""

    __tablename__ = "chat_draft"
    __table_args__ = (
        Index("ix_chat_draft_room_id", "room_id"),
        Index("ix_chat_draft_saved_at", "saved_at"),
    )

    member_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"), primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("chat_room.id"), primary_key=True)
    root: Mapped[int] = mapped_column(primary_key=True)
    text_md: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime]
