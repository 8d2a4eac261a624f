"""Rows of what stands around questions and answers: comments, votes, files, drafts, verdicts."""

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
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.domain.help.models import Question
from incubator.kernel.db import Base, Id
from incubator.kernel.orphans import kept_in
from incubator.network.members.models import Member

# Where the files lie, in the uploads.
FOLDER = "help"


class Comment(Base):
    """A comment on an answer, or without ``answer_id`` on the question.

    ``removed`` repeats that a removal, a conversion or a manager took it away.
    """

    __tablename__ = "help_comment"
    __table_args__ = (
        UniqueConstraint("author_id", "once"),
        Index("ix_help_comment_question_id", "question_id", "removed", "id"),
        Index("ix_help_comment_answer_id", "answer_id", "removed", "id"),
        Index("ix_help_comment_written", "author_id", "written_at"),
    )

    id: Mapped[Id]
    question_id: Mapped[int] = mapped_column(ForeignKey("help_question.id", ondelete="CASCADE"))
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("help_answer.id", ondelete="CASCADE"))
    author_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    once: Mapped[str] = mapped_column(String(36))
    body_md: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=0)
    removed: Mapped[bool] = mapped_column(default=False)

    author: Mapped[Member] = relationship(lazy="raise")


class Vote(Base):
    """«Useful» of an answer, or without ``answer_id`` «me too» of a question; one a member."""

    __tablename__ = "help_vote"
    __table_args__ = (
        Index("uq_help_vote_answer", "answer_id", "member_id", unique=True),
        Index(
            "uq_help_vote_question",
            "question_id",
            "member_id",
            unique=True,
            sqlite_where=text("answer_id IS NULL"),
            postgresql_where=text("answer_id IS NULL"),
        ),
        Index("ix_help_vote_member_id", "member_id", "question_id"),
    )

    id: Mapped[Id]
    question_id: Mapped[int] = mapped_column(ForeignKey("help_question.id", ondelete="CASCADE"))
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("help_answer.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    voted_at: Mapped[datetime]


class Thanks(Base):
    """«Thank you» for an answer, one a member; its number is for all, its words are not.

    The words are read by whoever gave the answer and by whoever wrote them.
    """

    __tablename__ = "help_thanks"
    __table_args__ = (
        UniqueConstraint("answer_id", "member_id"),
        Index("ix_help_thanks_question_id", "question_id", "answer_id", "id"),
        Index("ix_help_thanks_member_id", "member_id"),
    )

    id: Mapped[Id]
    question_id: Mapped[int] = mapped_column(ForeignKey("help_question.id", ondelete="CASCADE"))
    answer_id: Mapped[int] = mapped_column(ForeignKey("help_answer.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    words: Mapped[str] = mapped_column(String(300), default="")
    thanked_at: Mapped[datetime]


class Duplicate(Base):
    """A question asked before: which one it repeats, who said so; undone by deleting the row."""

    __tablename__ = "help_duplicate"
    __table_args__ = (
        CheckConstraint("question_id <> original_id", name="other"),
        Index("ix_help_duplicate_original_id", "original_id"),
    )

    id: Mapped[Id]
    question_id: Mapped[int] = mapped_column(
        ForeignKey("help_question.id", ondelete="CASCADE"), unique=True
    )
    original_id: Mapped[int] = mapped_column(ForeignKey("help_question.id", ondelete="CASCADE"))
    by_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    marked_at: Mapped[datetime]

    original: Mapped[Question] = relationship(lazy="raise", foreign_keys=[original_id])
    by: Mapped[Member] = relationship(lazy="raise")


class Lock(Base):
    """A thread in which only managers write: who locked it, when, why; undone by deleting it."""

    __tablename__ = "help_lock"

    id: Mapped[Id]
    question_id: Mapped[int] = mapped_column(
        ForeignKey("help_question.id", ondelete="CASCADE"), unique=True
    )
    by_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    locked_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(500), default="")

    by: Mapped[Member] = relationship(lazy="raise")


class Conversion(Base):
    """A comment that became an answer («to_answer»), or the other way round («to_comment»)."""

    __tablename__ = "help_conversion"
    __table_args__ = (
        CheckConstraint("way IN ('to_answer', 'to_comment')", name="way"),
        Index("ix_help_conversion_question_id", "question_id"),
    )

    id: Mapped[Id]
    question_id: Mapped[int] = mapped_column(ForeignKey("help_question.id", ondelete="CASCADE"))
    answer_id: Mapped[int] = mapped_column(ForeignKey("help_answer.id", ondelete="CASCADE"))
    comment_id: Mapped[int] = mapped_column(ForeignKey("help_comment.id", ondelete="CASCADE"))
    way: Mapped[str] = mapped_column(String(10))
    by_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    converted_at: Mapped[datetime]


class Draft(Base):
    """What somebody has begun to write: a question, or an answer or a comment of a thread.

    ``once`` is the key of the form it was typed in: publishing under it ends the draft.
    ``fields`` holds what else the form of a question asks.
    """

    __tablename__ = "help_draft"
    __table_args__ = (
        CheckConstraint("kind IN ('question', 'answer', 'comment')", name="kind"),
        CheckConstraint("kind = 'question' OR question_id IS NOT NULL", name="thread"),
        UniqueConstraint("author_id", "once"),
        Index("ix_help_draft_author_id", "author_id", "saved_at", "id"),
        Index("ix_help_draft_question_id", "question_id"),
    )

    id: Mapped[Id]
    author_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    once: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(8))
    question_id: Mapped[int | None] = mapped_column(
        ForeignKey("help_question.id", ondelete="CASCADE")
    )
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("help_answer.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(300), default="")
    body_md: Mapped[str] = mapped_column(Text, default="")
    fields: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    saved_at: Mapped[datetime]

    question: Mapped[Question | None] = relationship(lazy="raise")


class Attachment(Base):
    """A file of a post, or of one that is not sent yet: then ``question_id`` is missing.

    ``once`` is the key of the form it came with. A picture was made anew («webp», with its
    ``width`` and ``height`` in pixels), anything else lies as sent; ``size`` is in bytes.
    """

    __tablename__ = "help_attachment"
    __table_args__ = (
        CheckConstraint("size > 0", name="size"),
        Index("ix_help_attachment_question_id", "question_id", "id"),
        Index("ix_help_attachment_owner_id", "owner_id", "once", "id"),
        Index("ix_help_attachment_comment_id", "comment_id"),
        Index("ix_help_attachment_answer_id", "answer_id"),
    )

    id: Mapped[Id]
    owner_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    once: Mapped[str] = mapped_column(String(60))
    question_id: Mapped[int | None] = mapped_column(
        ForeignKey("help_question.id", ondelete="CASCADE")
    )
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("help_answer.id", ondelete="CASCADE"))
    comment_id: Mapped[int | None] = mapped_column(
        ForeignKey("help_comment.id", ondelete="CASCADE")
    )
    file_key: Mapped[str] = mapped_column(String(32), info=kept_in(FOLDER))
    file_name: Mapped[str] = mapped_column(String(140))
    kind: Mapped[str] = mapped_column(String(5))
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    added_at: Mapped[datetime]

    @property
    def is_picture(self) -> bool:
        """Whether it is shown in the page."""
        return self.width is not None
