"""Rows of the charters: the network's and the sites', by version, and who signed which."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.kernel.db import Base, Id
from incubator.network.members.models import Member
from incubator.network.sites.models import Site

_DRAFT = text("published_at IS NULL")
_CURRENT = text("published_at IS NOT NULL AND replaced_at IS NULL")


class Charter(Base):
    """What members promise to one another at a site, or without one in the whole network."""

    __tablename__ = "membership_charter"
    __table_args__ = (
        Index("uq_membership_charter_site", text("coalesce(site_id, 0)"), unique=True),
    )

    id: Mapped[Id]
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id", ondelete="CASCADE"))

    site: Mapped[Site | None] = relationship(lazy="raise")


class CharterVersion(Base):
    """A text of a charter: a draft until it is published, in force until it is replaced.

    What was published never changes. ``revision`` counts the changes of a draft.
    """

    __tablename__ = "membership_charter_version"
    __table_args__ = (
        CheckConstraint("replaced_at IS NULL OR published_at IS NOT NULL", name="replaced"),
        UniqueConstraint("charter_id", "number"),
        Index(
            "uq_membership_charter_version_draft",
            "charter_id",
            unique=True,
            sqlite_where=_DRAFT,
            postgresql_where=_DRAFT,
        ),
        Index(
            "uq_membership_charter_version_current",
            "charter_id",
            unique=True,
            sqlite_where=_CURRENT,
            postgresql_where=_CURRENT,
        ),
    )

    id: Mapped[Id]
    charter_id: Mapped[int] = mapped_column(ForeignKey("membership_charter.id", ondelete="CASCADE"))
    number: Mapped[int]
    revision: Mapped[int] = mapped_column(default=1)
    title_fr: Mapped[str] = mapped_column(String(160))
    title_en: Mapped[str] = mapped_column(String(160))
    body_fr_md: Mapped[str] = mapped_column(Text)
    body_fr_html: Mapped[str] = mapped_column(Text)
    body_en_md: Mapped[str] = mapped_column(Text)
    body_en_html: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    replaced_at: Mapped[datetime | None]

    charter: Mapped[Charter] = relationship(lazy="raise")
    published_by: Mapped[Member | None] = relationship(lazy="raise")

    @property
    def is_current(self) -> bool:
        """Whether it is in force."""
        return self.published_at is not None and self.replaced_at is None

    def title_in(self, language: str) -> str:
        """Its title in «fr» or «en»."""
        return self.title_fr if language == "fr" else self.title_en

    def body_in(self, language: str) -> str:
        """Its text in «fr» or «en», as safe HTML."""
        return self.body_fr_html if language == "fr" else self.body_en_html


class CharterSignature(Base):
    """A member signed a version, once."""

    __tablename__ = "membership_signature"
    __table_args__ = (Index("ix_membership_signature_member_id", "member_id"),)

    version_id: Mapped[int] = mapped_column(
        ForeignKey("membership_charter_version.id"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(
        ForeignKey("members_member.id", ondelete="CASCADE"), primary_key=True
    )
    signed_at: Mapped[datetime]

    member: Mapped[Member] = relationship(lazy="raise")
