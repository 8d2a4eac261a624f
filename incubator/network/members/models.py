"""Rows of the people: members, their words, their skills."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    case,
    false,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.kernel.db import Base, Id
from incubator.kernel.orphans import PICTURES, kept_in
from incubator.kernel.text import fold
from incubator.network.members.nobody import PersonName
from incubator.network.members.rules import WAYS
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine.default import DefaultExecutionContext


def folded(length: int) -> String:
    """Words without accents: ordered by their letters' codes, alike on both databases."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


class Member(Base):
    """A person of the network. ``active`` is false once they left or were deactivated.

    ``portrait`` is the key of their picture; ``links`` are pairs of a label and an address, in
    their order. ``narrowed`` names the fields that not the whole network sees, by commas: it
    lets lists show ``face`` and ``line`` without asking for audiences. ``set_audiences`` alone
    writes it. ``circles`` repeats the ids of the circles they are in, by commas, so that who acts
    is read in one row; ``circles.settle`` alone writes it.
    """

    __tablename__ = "members_member"
    __table_args__ = (
        Index("ix_members_member_directory", "active", "sort_name", "id"),
        Index("ix_members_member_site", "home_site_id", "active", "sort_name", "id"),
        Index("ix_members_member_newest", "active", "joined_at", "id"),
        Index("ix_members_member_site_newest", "home_site_id", "active", "joined_at", "id"),
    )

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(folded(80), unique=True)
    name: Mapped[str] = mapped_column(PersonName(120))
    sort_name: Mapped[str] = mapped_column(folded(120))
    home_site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"))
    headline: Mapped[str] = mapped_column(String(160), default="")
    about_md: Mapped[str] = mapped_column(Text, default="")
    about_html: Mapped[str] = mapped_column(Text, default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    speaks: Mapped[str] = mapped_column(String(60), default="")
    pronouns: Mapped[str] = mapped_column(String(40), default="", server_default="")
    links: Mapped[list[tuple[str, str]]] = mapped_column(JSON, default=list, server_default="[]")
    portrait: Mapped[str | None] = mapped_column(String(32), info=kept_in(PICTURES))
    narrowed: Mapped[str] = mapped_column(String(200), default="", server_default="")
    circles: Mapped[str] = mapped_column(Text, default="", server_default="")
    hint_rests_until: Mapped[date | None]
    active: Mapped[bool] = mapped_column(default=True)
    joined_at: Mapped[datetime]

    home_site: Mapped[Site | None] = relationship(lazy="raise")
    skills: Mapped[list[MemberSkill]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="MemberSkill.position"
    )
    mentoring: Mapped[MemberMentoring | None] = relationship(lazy="raise")
    availability: Mapped[MemberAvailability | None] = relationship(lazy="raise")

    @hybrid_property
    def face(self) -> str | None:
        """Their picture, where everybody sees it: what lists show."""
        return None if "portrait" in self.narrowed.split(",") else self.portrait

    @face.inplace.expression
    @classmethod
    def _face(cls) -> ColumnElement[str | None]:
        return case((cls.narrowed.contains("portrait"), None), else_=cls.portrait)

    @hybrid_property
    def line(self) -> str:
        """Their headline, where everybody sees it: what lists show."""
        return "" if "headline" in self.narrowed.split(",") else self.headline

    @line.inplace.expression
    @classmethod
    def _line(cls) -> ColumnElement[str]:
        return case((cls.narrowed.contains("headline"), ""), else_=cls.headline)


class MemberMentoring(Base):
    """Who accompanies others: how many at most, about what, and whether they pause."""

    __tablename__ = "members_mentoring"
    __table_args__ = (CheckConstraint("capacity BETWEEN 1 AND 20", name="capacity"),)

    member_id: Mapped[int] = mapped_column(
        ForeignKey("members_member.id", ondelete="CASCADE"), primary_key=True
    )
    capacity: Mapped[int]
    about: Mapped[str] = mapped_column(String(200), default="")
    paused: Mapped[bool] = mapped_column(default=False)
    paused_until: Mapped[date | None]


class MemberAvailability(Base):
    """Who is less available than usual; ``until`` is the last day of it. No row means open."""

    __tablename__ = "members_availability"
    __table_args__ = (CheckConstraint("state IN ('limited', 'away')", name="state"),)

    member_id: Mapped[int] = mapped_column(
        ForeignKey("members_member.id", ondelete="CASCADE"), primary_key=True
    )
    state: Mapped[str] = mapped_column(String(8))
    until: Mapped[date | None]


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


def key_of(name: str) -> str:
    """A term's name as two that are one are compared: without case and accents."""
    return " ".join(fold(name).split())[:80]


def _key_from(column: str) -> Callable[[DefaultExecutionContext], str]:
    """The key of a term that is inserted, from the name that is inserted with it."""

    def made(context: Any) -> str:
        return key_of(context.get_current_parameters()[column])

    return made


class Skill(Base):
    """A term of the one vocabulary that directory, questions and offers share.

    In each language one term alone has a name: ``key_fr`` and ``key_en`` hold it, until the term
    is merged into another and leaves it free.
    """

    __tablename__ = "members_skill"
    __table_args__ = (
        Index("uq_members_skill_key_fr", "key_fr", unique=True),
        Index("uq_members_skill_key_en", "key_en", unique=True),
    )

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name_fr: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))
    key_fr: Mapped[str | None] = mapped_column(folded(80), default=_key_from("name_fr"))
    key_en: Mapped[str | None] = mapped_column(folded(80), default=_key_from("name_en"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("members_skill.id"))

    def name_in(self, language: str) -> str:
        """The term in «fr» or «en»."""
        return self.name_fr if language == "fr" else self.name_en


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
    """What a member offers (level 1 learning, 2 at ease, 3 expert) or looks for.

    Of what they offer, the three flags say by which ways they can help.
    """

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
    by_chat: Mapped[bool] = mapped_column(default=False, server_default=false())
    by_call: Mapped[bool] = mapped_column(default=False, server_default=false())
    on_site: Mapped[bool] = mapped_column(default=False, server_default=false())

    skill: Mapped[Skill] = relationship(lazy="raise")

    @property
    def ways(self) -> tuple[str, ...]:
        """The names of the ways by which they can help with it."""
        return tuple(way for way in WAYS if getattr(self, way))
