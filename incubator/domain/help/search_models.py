"""Rows of finding threads: what search knows of each, and what members keep for later."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from incubator.kernel.db import Base
from incubator.kernel.fulltext import Tokens


class ThreadDocument(Base):
    """What is searched of a thread: one document each; ``useful`` sorts by «most useful»."""

    __tablename__ = "help_document"
    __table_args__ = (Index("ix_help_document_useful", "useful", "question_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    question_id: Mapped[int] = mapped_column(
        ForeignKey("help_question.id", ondelete="CASCADE"), unique=True
    )
    useful: Mapped[int] = mapped_column(default=0)
    tokens: Mapped[str] = mapped_column(Tokens)


class Saved(Base):
    """A thread that a member keeps to read again."""

    __tablename__ = "help_saved"
    __table_args__ = (Index("ix_help_saved_question_id", "question_id"),)

    member_id: Mapped[int] = mapped_column(
        ForeignKey("members_member.id", ondelete="CASCADE"), primary_key=True
    )
    question_id: Mapped[int] = mapped_column(
        ForeignKey("help_question.id", ondelete="CASCADE"), primary_key=True
    )
    saved_at: Mapped[datetime]
