"""Rows of the listings: what they say, their states, photos, notices, searches kept."""

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
    false,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.domain.exchanges.listings import rules
from incubator.kernel.db import Base, Id
from incubator.kernel.fulltext import Tokens
from incubator.kernel.orphans import kept_in
from incubator.kernel.text import slugify
from incubator.network.members.firm_models import Firm
from incubator.network.members.models import Member, Skill
from incubator.network.sites.models import Site

# Where photos lie, in the uploads.
FOLDER = "listings"
_MODES = " OR ".join(rules.MODES)


class Listing(Base):
    """A need or an offer of a firm, written by one of its people.

    Amounts are cents without VAT. ``radius_km`` None means at a distance only. ``until`` None is
    no end; ``ends_at`` repeats it for sorting, with a date that never comes. ``live`` says that
    others find it; ``commands.settle`` alone writes both.
    """

    __tablename__ = "exchanges_listing"
    __table_args__ = (
        CheckConstraint(f"kind IN {rules.KINDS}", name="kind"),
        CheckConstraint(f"state IN {rules.STATES}", name="state"),
        CheckConstraint(f"visibility IN {rules.VISIBILITIES}", name="visibility"),
        CheckConstraint(f"state = 'draft' OR {_MODES}", name="modes"),
        CheckConstraint("state = 'draft' OR remote OR radius_km IS NOT NULL", name="place"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("min_cents >= 0 AND max_cents >= min_cents", name="cents"),
        CheckConstraint("(state = 'draft') = (published_at IS NULL)", name="published"),
        CheckConstraint("state = 'draft' OR kind = 'offer' OR until IS NOT NULL", name="until"),
        UniqueConstraint("author_id", "once"),
        Index("ix_exchanges_listing_newest", "live", "published_at", "id"),
        Index("ix_exchanges_listing_ending", "live", "ends_at", "id"),
        Index("ix_exchanges_listing_kind", "live", "kind", "published_at", "id"),
        Index("ix_exchanges_listing_site", "site_id", "live", "published_at", "id"),
        Index("ix_exchanges_listing_firm", "firm_id", "changed_at", "id"),
        Index("ix_exchanges_listing_clock", "state", "ends_at", "id"),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(5))
    state: Mapped[str] = mapped_column(String(11), default="draft")
    live: Mapped[bool] = mapped_column(default=False, server_default=false())
    firm_id: Mapped[int] = mapped_column(ForeignKey("members_firm.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    title: Mapped[str] = mapped_column(String(rules.TITLE_MOST))
    body_md: Mapped[str] = mapped_column(Text, default="")
    body_html: Mapped[str] = mapped_column(Text, default="")
    summary: Mapped[str] = mapped_column(String(200), default="")
    quantity: Mapped[int | None]
    unit: Mapped[str] = mapped_column(String(rules.UNIT_MOST), default="")
    min_cents: Mapped[int | None]
    max_cents: Mapped[int | None]
    site_id: Mapped[int] = mapped_column(ForeignKey("sites_site.id"))
    remote: Mapped[bool] = mapped_column(default=False, server_default=false())
    radius_km: Mapped[int | None]
    barter: Mapped[bool] = mapped_column(default=False, server_default=false())
    hours: Mapped[bool] = mapped_column(default=False, server_default=false())
    gift: Mapped[bool] = mapped_column(default=False, server_default=false())
    cash: Mapped[bool] = mapped_column(default=False, server_default=false())
    visibility: Mapped[str] = mapped_column(String(7), default="network")
    language: Mapped[str] = mapped_column(String(2))
    until: Mapped[datetime | None]
    ends_at: Mapped[datetime]
    once: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    published_at: Mapped[datetime | None]

    firm: Mapped[Firm] = relationship(lazy="raise")
    author: Mapped[Member] = relationship(lazy="raise")
    site: Mapped[Site] = relationship(lazy="raise")
    skills: Mapped[list[ListingSkill]] = relationship(
        lazy="raise",
        cascade="all, delete-orphan",
        order_by="(ListingSkill.position, ListingSkill.skill_id)",
    )
    photos: Mapped[list[ListingPhoto]] = relationship(
        lazy="raise", order_by="ListingPhoto.id", viewonly=True
    )

    @property
    def slug(self) -> str:
        """The readable part of its address."""
        return slugify(self.title)

    @property
    def modes(self) -> tuple[str, ...]:
        """The ways in which it may be returned."""
        return tuple(mode for mode in rules.MODES if getattr(self, mode))

    @property
    def in_hours_alone(self) -> bool:
        """Whether it goes against hours and nothing else: no deal in euros is made of it."""
        return self.modes == ("hours",)

    @property
    def skill_ids(self) -> frozenset[int]:
        """The ids of its skills, which must be loaded."""
        return frozenset(each.skill_id for each in self.skills)


class ListingSkill(Base):
    """What a listing is about, of the one vocabulary; the first matters most."""

    __tablename__ = "exchanges_listing_skill"
    __table_args__ = (Index("ix_exchanges_listing_skill_skill_id", "skill_id", "listing_id"),)

    listing_id: Mapped[int] = mapped_column(
        ForeignKey("exchanges_listing.id", ondelete="CASCADE"), primary_key=True
    )
    skill_id: Mapped[int] = mapped_column(ForeignKey("members_skill.id"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)

    skill: Mapped[Skill] = relationship(lazy="raise")


class ListingPhoto(Base):
    """A photo, made anew, so without a camera's place; without a listing it waits for its form."""

    __tablename__ = "exchanges_listing_photo"
    __table_args__ = (
        Index("ix_exchanges_listing_photo_listing_id", "listing_id", "id"),
        Index("ix_exchanges_listing_photo_owner_id", "owner_id", "once"),
    )

    id: Mapped[Id]
    listing_id: Mapped[int | None] = mapped_column(
        ForeignKey("exchanges_listing.id", ondelete="CASCADE")
    )
    owner_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    once: Mapped[str] = mapped_column(String(40))
    file_key: Mapped[str] = mapped_column(String(32), info=kept_in(FOLDER))
    width: Mapped[int]
    height: Mapped[int]
    added_at: Mapped[datetime]


class ListingStep(Base):
    """A change of a listing's state: by whom (None is the clock), when, and a manager's reason."""

    __tablename__ = "exchanges_listing_step"
    __table_args__ = (Index("ix_exchanges_listing_step_listing_id", "listing_id", "id"),)

    id: Mapped[Id]
    listing_id: Mapped[int] = mapped_column(ForeignKey("exchanges_listing.id", ondelete="CASCADE"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    act: Mapped[str] = mapped_column(String(8))
    before: Mapped[str] = mapped_column(String(11))
    after: Mapped[str] = mapped_column(String(11))
    reason: Mapped[str] = mapped_column(String(rules.REASON_MOST), default="")
    at: Mapped[datetime]

    by: Mapped[Member | None] = relationship(lazy="raise")


class ListingNotice(Base):
    """That the owner was told of an end: once for each end and stage."""

    __tablename__ = "exchanges_listing_notice"

    listing_id: Mapped[int] = mapped_column(
        ForeignKey("exchanges_listing.id", ondelete="CASCADE"), primary_key=True
    )
    stage: Mapped[str] = mapped_column(String(4), primary_key=True)
    until: Mapped[datetime] = mapped_column(primary_key=True)
    told_at: Mapped[datetime]


class ListingOrigin(Base):
    """The unanswered question that a need was made of."""

    __tablename__ = "exchanges_listing_origin"

    listing_id: Mapped[int] = mapped_column(
        ForeignKey("exchanges_listing.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )
    question_id: Mapped[int] = mapped_column(ForeignKey("help_question.id"), index=True)


class ListingTokens(Base):
    """What is searched of a listing that others find."""

    __tablename__ = "exchanges_listing_tokens"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    listing_id: Mapped[int] = mapped_column(
        ForeignKey("exchanges_listing.id", ondelete="CASCADE"), unique=True
    )
    tokens: Mapped[str] = mapped_column(Tokens)


class SavedSearch(Base):
    """Filters that a member keeps under a name; while ``told`` they hear daily what is new."""

    __tablename__ = "exchanges_saved_search"
    __table_args__ = (
        UniqueConstraint("member_id", "name"),
        Index("ix_exchanges_saved_search_due", "told", "looked_at", "id"),
    )

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    name: Mapped[str] = mapped_column(String(80))
    filters: Mapped[dict[str, Any]] = mapped_column(JSON)
    told: Mapped[bool] = mapped_column(default=True, server_default=true())
    made_at: Mapped[datetime]
    looked_at: Mapped[datetime]
