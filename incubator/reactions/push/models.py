"""Rows of web push: the browsers that may be told, and what went to each."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from incubator.kernel.db import Base, Id


class PushBrowser(Base):
    """A browser that a member lets be told: its address at its push service, and its keys.

    It is told while ``session_id`` goes on. ``made_for`` says under which key of ours it was
    made: no other can reach it. ``trouble`` is why the last push did not arrive; until
    ``rest_until`` its service wants to be left alone.
    """

    __tablename__ = "push_browser"
    __table_args__ = (
        Index("ix_push_browser_member_id", "member_id", "id"),
        Index("ix_push_browser_session_id", "session_id"),
    )

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(ForeignKey("members_member.id", ondelete="CASCADE"))
    session_id: Mapped[int] = mapped_column(ForeignKey("accounts_session.id", ondelete="CASCADE"))
    endpoint: Mapped[str] = mapped_column(String(1000), unique=True)
    p256dh: Mapped[str] = mapped_column(String(88))
    auth: Mapped[str] = mapped_column(String(24))
    made_for: Mapped[str] = mapped_column(String(16))
    device: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(String(40), default="", server_default="")
    rest_until: Mapped[datetime | None]


class PushSending(Base):
    """Where one push to one browser stands: ``cause`` raised this subject, once.

    It is «handing» from just before its first byte leaves until the service answers. A machine
    that dies meanwhile leaves it «unsure»: it may have arrived, and does not go again. «waiting»
    is what the service did not take yet, after ``tries``.
    """

    __tablename__ = "push_sending"
    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting', 'handing', 'sent', 'refused', 'unsure')", name="state"
        ),
        Index("ix_push_sending_at", "at"),
    )

    browser_id: Mapped[int] = mapped_column(
        ForeignKey("push_browser.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    area: Mapped[str] = mapped_column(String(16), primary_key=True)
    item_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cause: Mapped[str] = mapped_column(String(32), primary_key=True)
    state: Mapped[str] = mapped_column(String(8))
    tries: Mapped[int]
    at: Mapped[datetime]
