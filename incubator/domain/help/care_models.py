"""Rows of care: a case for each post that was reported or acted upon, and what was done."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.domain.help.models import Question
from incubator.kernel.db import Base, Id
from incubator.network.members.models import Member

WAITS = text("waiting_since IS NOT NULL")
OF_QUESTION = text("answer_id IS NULL AND comment_id IS NULL")
ONE_STANDS = text("undone_at IS NULL AND kind IN ('hide', 'lock', 'pin', 'offer')")
# What the page of a thread tells as long as it stands.
SHOWN_KINDS = ("hide", "warn", "offer", "pin")
PINNED = text("undone_at IS NULL AND kind = 'pin'")


class Case(Base):
    """A post that was reported or acted upon; without answer and comment it is the question.

    ``site_id`` and ``author_id`` repeat those of the thread and of the post, so that a queue is
    one index range. ``waiting_since`` is when the first report came that nobody answered yet, and
    ``acted_at`` when a manager last did something. ``version`` counts all that happened: whoever
    decides says which one they saw.
    """

    __tablename__ = "help_case"
    __table_args__ = (
        Index(
            "uq_help_case_question",
            "question_id",
            unique=True,
            sqlite_where=OF_QUESTION,
            postgresql_where=OF_QUESTION,
        ),
        Index("uq_help_case_answer", "answer_id", unique=True),
        Index("uq_help_case_comment", "comment_id", unique=True),
        Index("ix_help_case_question_id", "question_id"),
        Index("ix_help_case_author_id", "author_id"),
        Index(
            "ix_help_case_waiting",
            "waiting_since",
            "id",
            sqlite_where=WAITS,
            postgresql_where=WAITS,
        ),
        Index(
            "ix_help_case_site_waiting",
            "site_id",
            "waiting_since",
            "id",
            sqlite_where=WAITS,
            postgresql_where=WAITS,
        ),
        Index("ix_help_case_acted", "acted_at", "id"),
        Index("ix_help_case_site_acted", "site_id", "acted_at", "id"),
    )

    id: Mapped[Id]
    question_id: Mapped[int] = mapped_column(ForeignKey("help_question.id", ondelete="CASCADE"))
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("help_answer.id", ondelete="CASCADE"))
    comment_id: Mapped[int | None] = mapped_column(
        ForeignKey("help_comment.id", ondelete="CASCADE")
    )
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    waiting_since: Mapped[datetime | None]
    acted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=0)

    question: Mapped[Question] = relationship(lazy="raise")
    author: Mapped[Member] = relationship(lazy="raise")

    @property
    def kind(self) -> str:
        """What the post is: «question», «answer» or «comment»."""
        if self.comment_id:
            return "comment"
        return "answer" if self.answer_id else "question"

    @property
    def post(self) -> str:
        """The post as its page names it: «answer-12»."""
        return f"{self.kind}-{self.comment_id or self.answer_id or self.question_id}"


class Report(Base):
    """What a member says is wrong with a post; one a member and post, told to managers only."""

    __tablename__ = "help_report"
    __table_args__ = (
        CheckConstraint(
            "reason IN ('unkind', 'advertising', 'private', 'wrong', 'misplaced', 'other')",
            name="reason",
        ),
        Index("uq_help_report_case", "case_id", "reporter_id", unique=True),
        Index("ix_help_report_reporter_id", "reporter_id", "reported_at"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("help_case.id", ondelete="CASCADE"))
    reporter_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    reason: Mapped[str] = mapped_column(String(11))
    words: Mapped[str] = mapped_column(String(1000), default="")
    reported_at: Mapped[datetime]

    reporter: Mapped[Member] = relationship(lazy="raise")


class Measure(Base):
    """What was done about a post, by whom, when and why; undone, it stays with a second date.

    ``site_id`` and ``audience`` are where a thread was moved, ``old_…`` where it was before; an
    «offer» is a move that waits for its asker, who gives the ``answer`` «agreed» or «refused». A
    «pin» keeps a thread at the top of the list of a site (None: of the network) ``until`` a day.
    """

    __tablename__ = "help_measure"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('dismiss', 'hide', 'lock', 'warn', 'pin', 'move', 'offer')", name="kind"
        ),
        CheckConstraint("answer IN ('', 'agreed', 'refused')", name="answer"),
        Index("ix_help_measure_case_id", "case_id", "id"),
        Index(
            "uq_help_measure_standing",
            "case_id",
            "kind",
            unique=True,
            sqlite_where=ONE_STANDS,
            postgresql_where=ONE_STANDS,
        ),
        Index(
            "ix_help_measure_pinned",
            "site_id",
            "until",
            sqlite_where=PINNED,
            postgresql_where=PINNED,
        ),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("help_case.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(7))
    by_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    taken_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(String(1000), default="")
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"))
    audience: Mapped[str] = mapped_column(String(7), default="")
    old_site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"))
    old_audience: Mapped[str] = mapped_column(String(7), default="")
    until: Mapped[date | None]
    answer: Mapped[str] = mapped_column(String(7), default="")
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))

    case: Mapped[Case] = relationship(lazy="raise")
    by: Mapped[Member] = relationship(lazy="raise", foreign_keys=[by_id])
    undone_by: Mapped[Member | None] = relationship(lazy="raise", foreign_keys=[undone_by_id])
