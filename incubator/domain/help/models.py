"""Rows of the help threads.

What was decided is a record with who and when (acceptance, closure, removal, revision). The
columns ``state``, ``answer_count``, ``first_reply_at`` (a person who is not the asker),
``first_useful_at`` (accepted or thanked for) and ``solved_at`` of a question repeat what its
records say, for lists and figures; ``reopened`` counts how often it was solved and then was not.
``records.settle`` alone writes them.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.kernel.db import Base, Id
from incubator.kernel.text import slugify
from incubator.network.members.circle_models import Circle
from incubator.network.members.models import Member, Skill
from incubator.network.sites.models import Site

_UNANSWERED = text("state = 'open' AND first_reply_at IS NULL")
_IN_A_CIRCLE = text("circle_id IS NOT NULL")


class Question(Base):
    """A question; ``site_id`` is where its author lived when asking, None without a home site.

    ``last_activity_at`` is when it was asked or last answered; ``revision`` counts its edits.
    An answer is of use until ``needed_on``, and may take ``minutes``. Who asked an ``anonymous``
    one is told to the managers of its site only: every list goes by ``anonymity``. Only those who
    are in ``circle_id`` read what was asked in a circle. One that a manager hid is «removed» as
    long as that stands.
    """

    __tablename__ = "help_question"
    __table_args__ = (
        CheckConstraint("audience IN ('network', 'site', 'circle')", name="audience"),
        CheckConstraint("audience <> 'site' OR site_id IS NOT NULL", name="site"),
        CheckConstraint("(audience = 'circle') = (circle_id IS NOT NULL)", name="circle"),
        CheckConstraint("language IN ('fr', 'en')", name="language"),
        CheckConstraint("state IN ('open', 'solved', 'removed')", name="state"),
        CheckConstraint("answer_count >= 0", name="answer_count"),
        UniqueConstraint("author_id", "once"),
        Index("ix_help_question_asked_at", "asked_at"),
        Index(
            "ix_help_question_unanswered",
            "asked_at",
            "id",
            sqlite_where=_UNANSWERED,
            postgresql_where=_UNANSWERED,
        ),
        Index("ix_help_question_state", "state", "last_activity_at", "id"),
        Index("ix_help_question_activity", "last_activity_at", "id"),
        Index("ix_help_question_waiting", "state", "answer_count", "last_activity_at", "id"),
        Index("ix_help_question_site", "site_id", "state", "last_activity_at", "id"),
        Index(
            "ix_help_question_circle",
            "circle_id",
            "state",
            "last_activity_at",
            "id",
            sqlite_where=_IN_A_CIRCLE,
            postgresql_where=_IN_A_CIRCLE,
        ),
        Index("ix_help_question_author", "author_id", "state", "last_activity_at", "id"),
        Index("ix_help_question_written", "author_id", "asked_at"),
    )

    id: Mapped[Id]
    author_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    once: Mapped[str] = mapped_column(String(36))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"))
    title: Mapped[str] = mapped_column(String(150))
    body_md: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(String(240), default="")
    language: Mapped[str] = mapped_column(String(2))
    audience: Mapped[str] = mapped_column(String(7))
    circle_id: Mapped[int | None] = mapped_column(ForeignKey("circles_circle.id"))
    asked_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=0)
    last_activity_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(7), default="open")
    answer_count: Mapped[int] = mapped_column(default=0)
    first_reply_at: Mapped[datetime | None]
    first_useful_at: Mapped[datetime | None]
    solved_at: Mapped[datetime | None]
    needed_on: Mapped[date | None]
    minutes: Mapped[int | None]
    anonymous: Mapped[bool] = mapped_column(default=False, server_default=false())
    votes: Mapped[int] = mapped_column(default=0, server_default="0")
    reopened: Mapped[int] = mapped_column(default=0, server_default="0")

    author: Mapped[Member] = relationship(lazy="raise")
    site: Mapped[Site | None] = relationship(lazy="raise")
    circle: Mapped[Circle | None] = relationship(lazy="raise")
    skills: Mapped[list[QuestionSkill]] = relationship(
        lazy="raise", viewonly=True, order_by="QuestionSkill.position"
    )

    @property
    def slug(self) -> str:
        """The readable part of its address."""
        return slugify(self.title)

    @property
    def is_solved(self) -> bool:
        """Whether an answer was accepted, or it was solved otherwise."""
        return self.state == "solved"


class QuestionSkill(Base):
    """A skill that a question asks for.

    State and activity are repeated here, so that one index gives the latest threads of a skill
    however many there are.
    """

    __tablename__ = "help_question_skill"
    __table_args__ = (
        Index(
            "ix_help_question_skill_list", "skill_id", "state", "last_activity_at", "question_id"
        ),
    )

    question_id: Mapped[int] = mapped_column(
        ForeignKey("help_question.id", ondelete="CASCADE"), primary_key=True
    )
    skill_id: Mapped[int] = mapped_column(ForeignKey("members_skill.id"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(7))
    last_activity_at: Mapped[datetime]

    skill: Mapped[Skill] = relationship(lazy="raise")


class Answer(Base):
    """An answer; ``removed`` repeats that a removal, a conversion or a manager took it away.

    ``votes`` counts its ``Vote`` rows, ``thanks`` its ``Thanks``.
    """

    __tablename__ = "help_answer"
    __table_args__ = (
        UniqueConstraint("author_id", "once"),
        Index("ix_help_answer_answered_at", "answered_at"),
        Index("ix_help_answer_question_id", "question_id", "removed", "id"),
        Index("ix_help_answer_written", "author_id", "answered_at"),
    )

    id: Mapped[Id]
    question_id: Mapped[int] = mapped_column(ForeignKey("help_question.id", ondelete="CASCADE"))
    author_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    once: Mapped[str] = mapped_column(String(36))
    body_md: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=0)
    removed: Mapped[bool] = mapped_column(default=False)
    votes: Mapped[int] = mapped_column(default=0, server_default="0")
    thanks: Mapped[int] = mapped_column(default=0, server_default="0")

    author: Mapped[Member] = relationship(lazy="raise")


class Acceptance(Base):
    """An answer that solved a question, who said so and when; undone by deleting the row.

    An answer is accepted at most once; several answers may have solved one question.
    """

    __tablename__ = "help_acceptance"
    __table_args__ = (
        Index("ix_help_acceptance_question_id", "question_id"),
        Index("ix_help_acceptance_accepted_at", "accepted_at"),
    )

    id: Mapped[Id]
    question_id: Mapped[int] = mapped_column(ForeignKey("help_question.id", ondelete="CASCADE"))
    answer_id: Mapped[int] = mapped_column(
        ForeignKey("help_answer.id", ondelete="CASCADE"), unique=True
    )
    by_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    accepted_at: Mapped[datetime]

    by: Mapped[Member] = relationship(lazy="raise")


class Closure(Base):
    """«Solved otherwise»: how, who said so and when; undone by deleting the row."""

    __tablename__ = "help_closure"

    id: Mapped[Id]
    question_id: Mapped[int] = mapped_column(
        ForeignKey("help_question.id", ondelete="CASCADE"), unique=True
    )
    how: Mapped[str] = mapped_column(String(500))
    by_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    closed_at: Mapped[datetime]

    by: Mapped[Member] = relationship(lazy="raise")


class Removal(Base):
    """The trace of a question, an answer or a comment taken away; texts are kept.

    Without ``answer_id`` and ``comment_id`` it is the question's.
    """

    __tablename__ = "help_removal"
    __table_args__ = (Index("ix_help_removal_question_id", "question_id"),)

    id: Mapped[Id]
    question_id: Mapped[int] = mapped_column(ForeignKey("help_question.id", ondelete="CASCADE"))
    answer_id: Mapped[int | None] = mapped_column(
        ForeignKey("help_answer.id", ondelete="CASCADE"), unique=True
    )
    comment_id: Mapped[int | None] = mapped_column(
        ForeignKey("help_comment.id", ondelete="CASCADE"), unique=True
    )
    by_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    removed_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(500), default="")


class Revision(Base):
    """What a question, an answer or a comment said before an edit.

    Without ``answer_id`` and ``comment_id`` it is the question's. ``number`` is the edit's, from
    1; ``by_id`` and ``edited_at`` are who edited and when; ``written_at`` is since when the old
    text stood.
    """

    __tablename__ = "help_revision"
    __table_args__ = (
        Index("ix_help_revision_question_id", "question_id", "answer_id", "number"),
        Index("ix_help_revision_comment_id", "comment_id", "number"),
    )

    id: Mapped[Id]
    question_id: Mapped[int] = mapped_column(ForeignKey("help_question.id", ondelete="CASCADE"))
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("help_answer.id", ondelete="CASCADE"))
    comment_id: Mapped[int | None] = mapped_column(
        ForeignKey("help_comment.id", ondelete="CASCADE")
    )
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(150), default="")
    body_md: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    edited_at: Mapped[datetime]

    by: Mapped[Member] = relationship(lazy="raise")
