"""Rows of what the network learns: figures of a month, and practice sheets with their history."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.domain.help.models import Question
from incubator.kernel.db import Base, Id
from incubator.network.members.models import Member


class MonthFigures(Base):
    """What became of the questions asked in a month, as far as it was within their first 31 days.

    ``site_id`` None is the whole network, ``skill_id`` None all skills. Medians and nine tenths
    are minutes, elapsed or (``work``) of working hours, None where there was nothing. ``key``
    names what the row is about; it is ``settled`` once nothing can change it any more.
    """

    __tablename__ = "help_month"
    __table_args__ = (
        CheckConstraint("asked > 0", name="asked"),
        Index("ix_help_month_site", "site_id", "skill_id", "month"),
        Index("ix_help_month_month", "month", "site_id"),
    )

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(60), unique=True)
    month: Mapped[date]
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"))
    skill_id: Mapped[int | None] = mapped_column(ForeignKey("members_skill.id"))
    asked: Mapped[int]
    replied: Mapped[int]
    within_24: Mapped[int]
    within_48: Mapped[int]
    within_72: Mapped[int]
    useful: Mapped[int]
    solved: Mapped[int]
    reopened: Mapped[int]
    reply_median: Mapped[int | None]
    reply_most: Mapped[int | None]
    reply_median_work: Mapped[int | None]
    reply_most_work: Mapped[int | None]
    solved_median: Mapped[int | None]
    solved_most: Mapped[int | None]
    solved_median_work: Mapped[int | None]
    solved_most_work: Mapped[int | None]
    settled: Mapped[bool] = mapped_column(default=False)
    measured_at: Mapped[datetime]


class Sheet(Base):
    """A practice sheet made of a solved thread; whoever reads the thread reads it.

    ``withdrawn_at``: it is shown no more, and may be brought back by rewriting it.
    """

    __tablename__ = "help_sheet"
    __table_args__ = (
        CheckConstraint("language IN ('fr', 'en')", name="language"),
        Index("ix_help_sheet_made_by_id", "made_by_id"),
    )

    id: Mapped[Id]
    question_id: Mapped[int] = mapped_column(
        ForeignKey("help_question.id", ondelete="CASCADE"), unique=True
    )
    title: Mapped[str] = mapped_column(String(150))
    body_md: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(2))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    made_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=0)
    withdrawn_at: Mapped[datetime | None]

    question: Mapped[Question] = relationship(lazy="raise")
    made_by: Mapped[Member] = relationship(lazy="raise")


class SheetRevision(Base):
    """What a sheet said before an edit; ``number`` is the edit's, from 1."""

    __tablename__ = "help_sheet_revision"
    __table_args__ = (UniqueConstraint("sheet_id", "number"),)

    id: Mapped[Id]
    sheet_id: Mapped[int] = mapped_column(ForeignKey("help_sheet.id", ondelete="CASCADE"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(150))
    body_md: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    edited_at: Mapped[datetime]

    by: Mapped[Member] = relationship(lazy="raise")
