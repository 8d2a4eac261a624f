"""Lines of members' own timelines: drawn from the log as it is written, one a member concerned."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from incubator.kernel.db import Base, Id


class OwnLine(Base):
    """One act in one member's timeline: what, who did it (None: the machine), about what."""

    __tablename__ = "audit_own"
    __table_args__ = (
        Index("ix_audit_own_member_id", "member_id", "at", "id"),
        Index("ix_audit_own_kind", "member_id", "kind", "at", "id"),
    )

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(20))
    action: Mapped[str] = mapped_column(String(60))
    by_id: Mapped[int | None]
    about: Mapped[str] = mapped_column(String(20))
    about_id: Mapped[int | None]
    minutes: Mapped[int | None]
