"""Rows of routing: who was asked to help with which question, how far it came, who wants what."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.domain.help.models import Question
from incubator.domain.help.routing.asking_rules import USUAL_CAP
from incubator.kernel.db import Base
from incubator.network.members.models import Member

OPEN = "open"


class HelpRequest(Base):
    """A member who was asked to help with a question: once, whatever becomes of it.

    ``source`` is «match» (of what they offer), «manager» or «passed» (by ``by_id``); ``reasons``
    are codes and numbers, the page has the words. ``state`` is «open», «answered», «declined»,
    «passed», «covered» (it is not needed, while that lasts) or «over»: told to nobody else.
    A letter goes at ``due_at``, and once.
    """

    __tablename__ = "help_request"
    __table_args__ = (
        CheckConstraint("source IN ('match', 'manager', 'passed')", name="source"),
        CheckConstraint(
            "state IN ('open', 'answered', 'declined', 'passed', 'covered', 'over')", name="state"
        ),
        Index("ix_help_request_member_id", "member_id", "state", "invited_at"),
        Index("ix_help_request_week", "member_id", "invited_at"),
        Index("ix_help_request_by_id", "by_id"),
    )

    question_id: Mapped[int] = mapped_column(
        ForeignKey("help_question.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(
        ForeignKey("members_member.id", ondelete="CASCADE"), primary_key=True
    )
    source: Mapped[str] = mapped_column(String(7))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    state: Mapped[str] = mapped_column(String(8), default=OPEN)
    invited_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]

    question: Mapped[Question] = relationship(lazy="raise")
    by: Mapped[Member | None] = relationship(lazy="raise", foreign_keys=[by_id])


class Route(Base):
    """How far a question has come: ``step`` waves (the last are the managers), when it goes on.

    Without ``next_at`` nobody else is asked: somebody answered, or everybody was asked.
    """

    __tablename__ = "help_route"
    __table_args__ = (Index("ix_help_route_next_at", "next_at"),)

    question_id: Mapped[int] = mapped_column(
        ForeignKey("help_question.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    step: Mapped[int] = mapped_column(default=0)
    found: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None]


class Asking(Base):
    """How often a member wants to be asked; without a row as usual."""

    __tablename__ = "help_asking"
    __table_args__ = (CheckConstraint("weekly_cap BETWEEN 0 AND 10", name="weekly_cap"),)

    member_id: Mapped[int] = mapped_column(
        ForeignKey("members_member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    weekly_cap: Mapped[int] = mapped_column(default=USUAL_CAP)
    paused: Mapped[bool] = mapped_column(default=False)
    paused_until: Mapped[date | None]
