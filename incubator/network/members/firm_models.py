"""Rows of the firms: what they are, who works there, who asks to."""

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
from incubator.kernel.orphans import PICTURES, kept_in
from incubator.network.members.models import Member, Skill, folded
from incubator.network.sites.models import Site


class Firm(Base):
    """A very small company housed by the network; its people are ``FirmRole`` rows.

    ``registration`` is unique in its country by ``registration_key``. ``sector`` is a code of
    ``sectors``, ``activity`` the trade in the firm's own words. ``logo`` is the key of a picture.
    """

    __tablename__ = "members_firm"
    __table_args__ = (
        Index("ix_members_firm_sort_name", "sort_name", "id"),
        Index("ix_members_firm_site", "site_id", "sort_name", "id"),
        Index("ix_members_firm_sector", "sector", "sort_name", "id"),
        Index("ix_members_firm_registration_key", "registration_key", unique=True),
    )

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(folded(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    sort_name: Mapped[str] = mapped_column(folded(120), server_default="")
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"))
    country: Mapped[str] = mapped_column(String(2), server_default="")
    city: Mapped[str] = mapped_column(String(80), server_default="")
    registration: Mapped[str] = mapped_column(String(40), default="")
    registration_key: Mapped[str | None] = mapped_column(String(48))
    sector: Mapped[str] = mapped_column(String(80), default="")
    activity: Mapped[str] = mapped_column(String(80), server_default="")
    size: Mapped[int] = mapped_column(default=1)
    since_year: Mapped[int | None]
    since_month: Mapped[int | None]
    web: Mapped[str] = mapped_column(String(200), default="")
    logo: Mapped[str | None] = mapped_column(String(32), info=kept_in(PICTURES))
    pitch: Mapped[str] = mapped_column(String(200), default="")
    about_md: Mapped[str] = mapped_column(Text, default="")
    about_html: Mapped[str] = mapped_column(Text, default="")

    site: Mapped[Site | None] = relationship(lazy="raise")
    skills: Mapped[list[FirmSkill]] = relationship(
        lazy="raise", viewonly=True, order_by="FirmSkill.position"
    )


class FirmWord(Base):
    """A folded word of a firm, so that search finds prefixes by an index (``firm_words``)."""

    __tablename__ = "members_firm_word"
    __table_args__ = (Index("ix_members_firm_word_firm_id", "firm_id"),)

    word: Mapped[str] = mapped_column(folded(60), primary_key=True)
    firm_id: Mapped[int] = mapped_column(
        ForeignKey("members_firm.id", ondelete="CASCADE"), primary_key=True
    )


class FirmSkill(Base):
    """What a firm offers, or looks for, of the one vocabulary; the first matters most."""

    __tablename__ = "members_firm_skill"
    __table_args__ = (Index("ix_members_firm_skill_skill_id", "skill_id", "wanted", "firm_id"),)

    firm_id: Mapped[int] = mapped_column(
        ForeignKey("members_firm.id", ondelete="CASCADE"), primary_key=True
    )
    skill_id: Mapped[int] = mapped_column(ForeignKey("members_skill.id"), primary_key=True)
    wanted: Mapped[bool] = mapped_column(primary_key=True, default=False)
    position: Mapped[int] = mapped_column(default=0)

    skill: Mapped[Skill] = relationship(lazy="raise")


class FirmRole(Base):
    """What a member is, or was, in a firm; the end is excluded and absent while it lasts.

    A keeper edits the firm, invites, answers requests.
    """

    __tablename__ = "members_firm_role"
    __table_args__ = (
        CheckConstraint("until_on > since_on", name="order"),
        UniqueConstraint("member_id", "firm_id", "since_on"),
        Index(
            "uq_members_firm_role_lasting",
            "member_id",
            "firm_id",
            unique=True,
            sqlite_where=text("until_on IS NULL"),
            postgresql_where=text("until_on IS NULL"),
        ),
    )

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(ForeignKey("members_member.id", ondelete="CASCADE"))
    firm_id: Mapped[int] = mapped_column(ForeignKey("members_firm.id"), index=True)
    title: Mapped[str] = mapped_column(String(80), default="")
    keeper: Mapped[bool] = mapped_column(default=False, server_default=false())
    since_on: Mapped[date]
    until_on: Mapped[date | None]

    member: Mapped[Member] = relationship(lazy="raise")
    firm: Mapped[Firm] = relationship(lazy="raise")


class FirmRequest(Base):
    """A member asks to join a firm or claims one that nobody keeps, or a firm invites them.

    ``since_on`` and ``until_on`` (excluded) are the days of the role that is asked for, where
    the asker named any. ``decided_by_id`` is who accepted, declined or withdrew.
    """

    __tablename__ = "members_firm_request"
    __table_args__ = (
        CheckConstraint("kind IN ('join', 'invite', 'claim')", name="kind"),
        CheckConstraint("state IN ('open', 'accepted', 'declined', 'withdrawn')", name="state"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided"),
        Index(
            "uq_members_firm_request_open",
            "firm_id",
            "member_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_members_firm_request_member", "member_id", "state", "id"),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(6))
    firm_id: Mapped[int] = mapped_column(ForeignKey("members_firm.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members_member.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(80), default="")
    message: Mapped[str] = mapped_column(String(500), default="")
    since_on: Mapped[date | None]
    until_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(9), default="open")
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    decided_at: Mapped[datetime | None]

    firm: Mapped[Firm] = relationship(lazy="raise")
    member: Mapped[Member] = relationship(lazy="raise", foreign_keys=[member_id])
