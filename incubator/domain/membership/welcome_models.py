"""Rows of the welcome: a site's checklist, and the tasks of each newcomer."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.kernel.db import Base, Id
from incubator.network.members.models import Member
from incubator.network.sites.models import Site

_KINDS = "kind IN ('charter', 'portrait', 'key', 'tour', 'first_help', 'other')"
_PERSON = "(owner = 'person') = (person_id IS NOT NULL)"
_OWNERS = "owner IN ('member', 'manager', 'person')"
_ONGOING = text("ended_at IS NULL")


class WelcomeItem(Base):
    """A line of a site's checklist: what, whose job, and how many days after the arrival."""

    __tablename__ = "membership_welcome_item"
    __table_args__ = (
        CheckConstraint(_KINDS, name="kind"),
        CheckConstraint(_OWNERS, name="owner"),
        CheckConstraint(_PERSON, name="person"),
        CheckConstraint("due_days BETWEEN 0 AND 365", name="due_days"),
        Index("ix_membership_welcome_item_site", "site_id", "position"),
    )

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("sites_site.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10))
    label_fr: Mapped[str] = mapped_column(String(160))
    label_en: Mapped[str] = mapped_column(String(160))
    owner: Mapped[str] = mapped_column(String(7))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    due_days: Mapped[int]
    position: Mapped[int]

    person: Mapped[Member | None] = relationship(lazy="raise")

    def label_in(self, language: str) -> str:
        """The line in «fr» or «en»."""
        return self.label_fr if language == "fr" else self.label_en


class Welcome(Base):
    """The welcome of a member at a site: one at a time, over when all is done or they move on."""

    __tablename__ = "membership_welcome"
    __table_args__ = (
        Index(
            "uq_membership_welcome_ongoing",
            "member_id",
            unique=True,
            sqlite_where=_ONGOING,
            postgresql_where=_ONGOING,
        ),
        Index("ix_membership_welcome_site", "site_id", "ended_at", "started_on", "id"),
    )

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(ForeignKey("members_member.id", ondelete="CASCADE"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites_site.id"))
    started_on: Mapped[date]
    ended_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship(lazy="raise")
    site: Mapped[Site] = relationship(lazy="raise")
    tasks: Mapped[list[WelcomeTask]] = relationship(
        lazy="raise", order_by="(WelcomeTask.position, WelcomeTask.id)", viewonly=True
    )


class WelcomeTask(Base):
    """A line of a newcomer's checklist, as the template had it on their first day.

    ``done_by_id`` is None for what ticked itself.
    """

    __tablename__ = "membership_welcome_task"
    __table_args__ = (
        CheckConstraint(_KINDS, name="kind"),
        CheckConstraint(_OWNERS, name="owner"),
        CheckConstraint(_PERSON, name="person"),
        Index("ix_membership_welcome_task_welcome_id", "welcome_id", "position", "id"),
        Index("ix_membership_welcome_task_person_id", "person_id", "done_at", "due_on"),
    )

    id: Mapped[Id]
    welcome_id: Mapped[int] = mapped_column(ForeignKey("membership_welcome.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10))
    label_fr: Mapped[str] = mapped_column(String(160))
    label_en: Mapped[str] = mapped_column(String(160))
    owner: Mapped[str] = mapped_column(String(7))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    due_on: Mapped[date]
    position: Mapped[int]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))

    welcome: Mapped[Welcome] = relationship(lazy="raise", viewonly=True)
    person: Mapped[Member | None] = relationship(lazy="raise", foreign_keys=[person_id])
    done_by: Mapped[Member | None] = relationship(lazy="raise", foreign_keys=[done_by_id])

    def label_in(self, language: str) -> str:
        """The line in «fr» or «en»."""
        return self.label_fr if language == "fr" else self.label_en
