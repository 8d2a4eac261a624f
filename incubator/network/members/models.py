"""Rows of the people: members, skills and firms."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.kernel.db import Base, Id
from incubator.kernel.fulltext import Tokens
from incubator.network.sites.models import Site


def folded(length: int) -> String:
    """Words without accents: ordered by their letters' codes, alike on both databases."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


class Member(Base):
    """A person of the network. ``active`` is false once they left or were deactivated."""

    __tablename__ = "members_member"
    __table_args__ = (
        Index("ix_members_member_directory", "active", "sort_name", "id"),
        Index("ix_members_member_site", "home_site_id", "active", "sort_name", "id"),
        Index("ix_members_member_newest", "active", "joined_at", "id"),
        Index("ix_members_member_site_newest", "home_site_id", "active", "joined_at", "id"),
    )

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(folded(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    sort_name: Mapped[str] = mapped_column(folded(120))
    home_site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"))
    headline: Mapped[str] = mapped_column(String(160), default="")
    about_md: Mapped[str] = mapped_column(Text, default="")
    about_html: Mapped[str] = mapped_column(Text, default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    speaks: Mapped[str] = mapped_column(String(60), default="")
    active: Mapped[bool] = mapped_column(default=True)
    joined_at: Mapped[datetime]

    home_site: Mapped[Site | None] = relationship(lazy="raise")
    skills: Mapped[list[MemberSkill]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="MemberSkill.position"
    )
    firms: Mapped[list[FirmRole]] = relationship(lazy="raise", back_populates="member")


class MemberAudience(Base):
    """Who sees a field of a member, where they chose another audience than the usual one."""

    __tablename__ = "members_audience"
    __table_args__ = (
        CheckConstraint("audience IN ('me', 'managers', 'site', 'network')", name="audience"),
    )

    member_id: Mapped[int] = mapped_column(
        ForeignKey("members_member.id", ondelete="CASCADE"), primary_key=True
    )
    field: Mapped[str] = mapped_column(String(20), primary_key=True)
    audience: Mapped[str] = mapped_column(String(8))


class MemberDocument(Base):
    """What some readers may search of a member: at most three a member, each says for whom."""

    __tablename__ = "members_document"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    member_id: Mapped[int] = mapped_column(
        ForeignKey("members_member.id", ondelete="CASCADE"), index=True
    )
    tokens: Mapped[str] = mapped_column(Tokens)


class Skill(Base):
    """A term of the one vocabulary that directory, questions and offers share."""

    __tablename__ = "members_skill"

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name_fr: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("members_skill.id"))

    def name_in(self, language: str) -> str:
        """The term in «fr» or «en»."""
        return self.name_fr if language == "fr" else self.name_en


class SkillMerge(Base):
    """A term that was merged into another: it stays as its other name, and addresses lead on."""

    __tablename__ = "members_skill_merge"
    __table_args__ = (CheckConstraint("gone_id <> kept_id", name="itself"),)

    gone_id: Mapped[int] = mapped_column(
        ForeignKey("members_skill.id"), primary_key=True, autoincrement=False
    )
    kept_id: Mapped[int] = mapped_column(ForeignKey("members_skill.id"), index=True)


class SkillSynonym(Base):
    """Another word for a skill; ``folded`` is what searches compare."""

    __tablename__ = "members_skill_synonym"
    __table_args__ = (UniqueConstraint("skill_id", "folded"),)

    id: Mapped[Id]
    skill_id: Mapped[int] = mapped_column(ForeignKey("members_skill.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(2))
    name: Mapped[str] = mapped_column(String(80))
    folded: Mapped[str] = mapped_column(folded(80), index=True)


class MemberSkill(Base):
    """What a member offers (level 1 learning, 2 at ease, 3 expert) or looks for."""

    __tablename__ = "members_member_skill"
    __table_args__ = (
        CheckConstraint("level BETWEEN 1 AND 3", name="level"),
        Index("ix_members_member_skill_skill_id", "skill_id", "wanted", "member_id"),
    )

    member_id: Mapped[int] = mapped_column(
        ForeignKey("members_member.id", ondelete="CASCADE"), primary_key=True
    )
    skill_id: Mapped[int] = mapped_column(ForeignKey("members_skill.id"), primary_key=True)
    wanted: Mapped[bool] = mapped_column(primary_key=True, default=False)
    level: Mapped[int] = mapped_column(default=2)
    position: Mapped[int] = mapped_column(default=0)

    skill: Mapped[Skill] = relationship(lazy="raise")


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
    """How often others confirmed a member's help with a skill, and when last."""

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


class Firm(Base):
    """A very small company housed by the network; its people are ``FirmRole`` rows."""

    __tablename__ = "members_firm"

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(folded(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"), index=True)
    registration: Mapped[str] = mapped_column(String(40), default="")
    sector: Mapped[str] = mapped_column(String(80), default="")
    size: Mapped[int] = mapped_column(default=1)
    since_year: Mapped[int | None]
    web: Mapped[str] = mapped_column(String(200), default="")
    pitch: Mapped[str] = mapped_column(String(200), default="")
    about_md: Mapped[str] = mapped_column(Text, default="")
    about_html: Mapped[str] = mapped_column(Text, default="")

    people: Mapped[list[FirmRole]] = relationship(lazy="raise", back_populates="firm")


class FirmRole(Base):
    """What a member is in a firm, with dates; the end is excluded and absent while it lasts."""

    __tablename__ = "members_firm_role"
    __table_args__ = (UniqueConstraint("member_id", "firm_id", "since_on"),)

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(ForeignKey("members_member.id", ondelete="CASCADE"))
    firm_id: Mapped[int] = mapped_column(ForeignKey("members_firm.id"), index=True)
    title: Mapped[str] = mapped_column(String(80), default="")
    since_on: Mapped[date]
    until_on: Mapped[date | None]

    member: Mapped[Member] = relationship(lazy="raise", back_populates="firms")
    firm: Mapped[Firm] = relationship(lazy="raise", back_populates="people")
