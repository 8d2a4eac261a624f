"""Rows of search and of the vocabulary's life: documents, merges, proposals, confirmed help."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.kernel.db import Base, Id
from incubator.kernel.fulltext import Tokens
from incubator.network.members.models import Member, folded


class MemberDocument(Base):
    """What some readers may search of a member: at most three a member, each says for whom."""

    __tablename__ = "members_document"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    member_id: Mapped[int] = mapped_column(
        ForeignKey("members_member.id", ondelete="CASCADE"), index=True
    )
    tokens: Mapped[str] = mapped_column(Tokens)


class SkillMerge(Base):
    """A term that was merged into another: it stays as its other name, and addresses lead on."""

    __tablename__ = "members_skill_merge"
    __table_args__ = (CheckConstraint("gone_id <> kept_id", name="itself"),)

    gone_id: Mapped[int] = mapped_column(
        ForeignKey("members_skill.id"), primary_key=True, autoincrement=False
    )
    kept_id: Mapped[int] = mapped_column(ForeignKey("members_skill.id"), index=True)


class SkillProposal(Base):
    """A term that a member misses in the vocabulary, and what became of it.

    ``skill_id`` is the term it became or joined; ``word`` what the proposer is told when not.
    """

    __tablename__ = "members_skill_proposal"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'accepted', 'merged', 'declined')", name="state"),
        Index(
            "uq_members_skill_proposal_open",
            "folded",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_members_skill_proposal_state", "state", "id"),
    )

    id: Mapped[Id]
    proposer_id: Mapped[int] = mapped_column(
        ForeignKey("members_member.id", ondelete="CASCADE"), index=True
    )
    language: Mapped[str] = mapped_column(String(2))
    name: Mapped[str] = mapped_column(String(80))
    folded: Mapped[str] = mapped_column(folded(80))
    state: Mapped[str] = mapped_column(String(8), default="open")
    proposed_at: Mapped[datetime]
    skill_id: Mapped[int | None] = mapped_column(ForeignKey("members_skill.id"))
    word: Mapped[str] = mapped_column(String(300), default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    decided_at: Mapped[datetime | None]

    proposer: Mapped[Member] = relationship(lazy="raise", foreign_keys=[proposer_id])


class Proof(Base):
    """How often others confirmed a member's help with a skill, when last, how many minutes."""

    __tablename__ = "members_proof"
    __table_args__ = (
        CheckConstraint("count > 0", name="count"),
        Index("ix_members_proof_skill_id", "skill_id", "last_at"),
    )

    member_id: Mapped[int] = mapped_column(
        ForeignKey("members_member.id", ondelete="CASCADE"), primary_key=True
    )
    skill_id: Mapped[int] = mapped_column(ForeignKey("members_skill.id"), primary_key=True)
    count: Mapped[int]
    last_at: Mapped[datetime]
    minutes: Mapped[int] = mapped_column(default=0, server_default="0")
