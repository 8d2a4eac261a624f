"""Rows of following: threads, skills, sites, what is told once of each thread, feeds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from incubator.kernel.db import Base, Id


class Follow(Base):
    """Whether a member follows a thread; a row that says no keeps defaults from saying yes."""

    __tablename__ = "help_follow"
    __table_args__ = (Index("ix_help_follow_member_id", "member_id", "active", "question_id"),)

    question_id: Mapped[int] = mapped_column(
        ForeignKey("help_question.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(
        ForeignKey("members_member.id", ondelete="CASCADE"), primary_key=True
    )
    active: Mapped[bool] = mapped_column(default=True)
    since: Mapped[datetime]


class SkillFollow(Base):
    """A member who wants to hear of each new question that asks for a skill."""

    __tablename__ = "help_skill_follow"
    __table_args__ = (Index("ix_help_skill_follow_member_id", "member_id"),)

    skill_id: Mapped[int] = mapped_column(ForeignKey("members_skill.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(
        ForeignKey("members_member.id", ondelete="CASCADE"), primary_key=True
    )
    since: Mapped[datetime]


class SiteFollow(Base):
    """A member who wants to hear of each new question asked from a site."""

    __tablename__ = "help_site_follow"
    __table_args__ = (Index("ix_help_site_follow_member_id", "member_id"),)

    site_id: Mapped[int] = mapped_column(ForeignKey("sites_site.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(
        ForeignKey("members_member.id", ondelete="CASCADE"), primary_key=True
    )
    since: Mapped[datetime]


class Bump(Base):
    """The one notification of a thread for a member: news raise it again, reading lowers it.

    ``why`` is what they follow («thread», «skill» or «site»). ``due_at`` is when a letter may
    go, None when nothing waits; ``told_answer_id`` is the last answer that a letter held.
    """

    __tablename__ = "help_bump"
    __table_args__ = (
        CheckConstraint("why IN ('thread', 'skill', 'site')", name="why"),
        Index("ix_help_bump_member_id", "member_id", "read_at"),
    )

    question_id: Mapped[int] = mapped_column(
        ForeignKey("help_question.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(
        ForeignKey("members_member.id", ondelete="CASCADE"), primary_key=True
    )
    why: Mapped[str] = mapped_column(String(6))
    why_id: Mapped[int]
    bumped_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    told_answer_id: Mapped[int] = mapped_column(default=0)


class Concern(Base):
    """A post that a letter has to tell one member: it names them, or comments on what they wrote.

    ``post`` is «question», «answer» or «comment» and ``post_id`` its number. The row goes once it
    is told, or read in the thread.
    """

    __tablename__ = "help_concern"
    __table_args__ = (
        CheckConstraint("post IN ('question', 'answer', 'comment')", name="post"),
        CheckConstraint("why IN ('mention', 'comment')", name="why"),
        Index("ix_help_concern_member_id", "member_id"),
    )

    question_id: Mapped[int] = mapped_column(
        ForeignKey("help_question.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(
        ForeignKey("members_member.id", ondelete="CASCADE"), primary_key=True
    )
    post: Mapped[str] = mapped_column(String(8), primary_key=True)
    post_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    why: Mapped[str] = mapped_column(String(7))


class ThreadFeed(Base):
    """A private Atom address of a member: of a search (``query``), or of one thread."""

    __tablename__ = "help_feed"
    __table_args__ = (Index("ix_help_feed_member_id", "member_id", "revoked_at"),)

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(ForeignKey("members_member.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    query: Mapped[str] = mapped_column(String(400), default="")
    question_id: Mapped[int | None] = mapped_column(
        ForeignKey("help_question.id", ondelete="CASCADE")
    )
    made_at: Mapped[datetime]
    last_read_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
