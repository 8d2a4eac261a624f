"""Rows of the applications: the form of a site, what was sent, what was said and decided.

What an applicant writes is forgotten twelve months after a refusal or a withdrawal, or when they
are erased; the row stays, with its dates, without the person.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.kernel.db import Base, Id
from incubator.network.accounts.models import Invitation
from incubator.network.members.models import Member
from incubator.network.sites.models import Site

_OPEN = text("state IN ('new', 'waiting', 'accepted')")
_LISTED = text("position IS NOT NULL")
_KNOWN = text("anonymised_at IS NULL")


class Door(Base):
    """Whether a site takes applications, and what it says above its form.

    Whoever changes the order of a site's waiting list or of its questions locks this row first.
    """

    __tablename__ = "membership_door"

    site_id: Mapped[int] = mapped_column(
        ForeignKey("sites_site.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    open: Mapped[bool] = mapped_column(default=False)
    intro_fr: Mapped[str] = mapped_column(Text, default="")
    intro_en: Mapped[str] = mapped_column(Text, default="")

    site: Mapped[Site] = relationship(lazy="raise")

    def intro_in(self, language: str) -> str:
        """The words above the form in «fr» or «en», or in the other when these are missing."""
        words = (self.intro_fr, self.intro_en)
        return (words[0] or words[1]) if language == "fr" else (words[1] or words[0])


class FormQuestion(Base):
    """A question of a site's form; archived instead of deleted once somebody answered it.

    ``options`` of a choice are pairs of French and English; an answer keeps their place.
    """

    __tablename__ = "membership_question"
    __table_args__ = (
        CheckConstraint("kind IN ('short', 'long', 'choice', 'yes_no')", name="kind"),
        Index("ix_membership_question_site", "site_id", "archived_at", "position"),
    )

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("sites_site.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(6))
    label_fr: Mapped[str] = mapped_column(String(200))
    label_en: Mapped[str] = mapped_column(String(200))
    options: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    required: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int]
    archived_at: Mapped[datetime | None]

    def label_in(self, language: str) -> str:
        """The question in «fr» or «en»."""
        return self.label_fr if language == "fr" else self.label_en

    def options_in(self, language: str) -> list[str]:
        """The words to choose from in «fr» or «en»."""
        return [pair[0] if language == "fr" else pair[1] for pair in self.options]


class Application(Base):
    """One person asks to join one site. Nobody but they know of it before it is confirmed.

    ``changed_at`` is since when its ``state`` lasts; ``revision`` counts the changes, so that a
    decision taken on an old page is noticed. ``position`` is the place on the waiting list,
    from 1 without gaps. ``start_on`` is the first day at the site, in its zone.
    """

    __tablename__ = "membership_application"
    __table_args__ = (
        CheckConstraint(
            "state IN ('unconfirmed', 'new', 'waiting', 'accepted', 'joined', 'declined', "
            "'withdrawn')",
            name="state",
        ),
        CheckConstraint("(state = 'waiting') = (position IS NOT NULL)", name="position"),
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint("language IN ('fr', 'en')", name="language"),
        UniqueConstraint("site_id", "once"),
        Index(
            "uq_membership_application_open",
            "site_id",
            "email",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index(
            "uq_membership_application_position",
            "site_id",
            "position",
            unique=True,
            sqlite_where=_LISTED,
            postgresql_where=_LISTED,
        ),
        Index("ix_membership_application_list", "site_id", "state", "changed_at", "id"),
        Index(
            "ix_membership_application_age",
            "state",
            "changed_at",
            sqlite_where=_KNOWN,
            postgresql_where=_KNOWN,
        ),
        Index("ix_membership_application_email", "email"),
    )

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("sites_site.id"))
    once: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(11), default="unconfirmed")
    language: Mapped[str] = mapped_column(String(2))
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))
    phone: Mapped[str] = mapped_column(String(40), default="")
    firm: Mapped[str] = mapped_column(String(120), default="")
    activity: Mapped[str] = mapped_column(String(160))
    city: Mapped[str] = mapped_column(String(80), default="")
    why: Mapped[str] = mapped_column(Text)
    gives: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=0)
    position: Mapped[int | None]
    start_on: Mapped[date | None]
    invitation_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts_invitation.id"), unique=True
    )
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"), index=True)
    anonymised_at: Mapped[datetime | None]

    site: Mapped[Site] = relationship(lazy="raise")
    invitation: Mapped[Invitation | None] = relationship(lazy="raise")
    member: Mapped[Member | None] = relationship(lazy="raise")


class FormAnswer(Base):
    """What was answered: a text, «yes» or «no», or the place of a choice from 0."""

    __tablename__ = "membership_answer"
    __table_args__ = (Index("ix_membership_answer_question_id", "question_id"),)

    application_id: Mapped[int] = mapped_column(
        ForeignKey("membership_application.id", ondelete="CASCADE"), primary_key=True
    )
    question_id: Mapped[int] = mapped_column(ForeignKey("membership_question.id"), primary_key=True)
    value: Mapped[str] = mapped_column(Text)

    question: Mapped[FormQuestion] = relationship(lazy="raise")


class ApplicationMessage(Base):
    """A word on an application; ``author_id`` is None for the applicant.

    An internal one is for managers only.
    """

    __tablename__ = "membership_message"
    __table_args__ = (
        CheckConstraint("NOT internal OR author_id IS NOT NULL", name="internal"),
        UniqueConstraint("application_id", "once"),
        Index("ix_membership_message_application_id", "application_id", "id"),
    )

    id: Mapped[Id]
    application_id: Mapped[int] = mapped_column(
        ForeignKey("membership_application.id", ondelete="CASCADE")
    )
    author_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    internal: Mapped[bool] = mapped_column(default=False)
    body: Mapped[str] = mapped_column(Text)
    once: Mapped[str] = mapped_column(String(40))
    sent_at: Mapped[datetime]

    author: Mapped[Member | None] = relationship(lazy="raise")


class ApplicationStep(Base):
    """What happened to an application, when and by whom; the applicant has no ``by_id``.

    ``state`` is the one it came into, or «start» where its first day was moved.
    """

    __tablename__ = "membership_step"
    __table_args__ = (UniqueConstraint("application_id", "once"),)

    id: Mapped[Id]
    application_id: Mapped[int] = mapped_column(
        ForeignKey("membership_application.id", ondelete="CASCADE")
    )
    state: Mapped[str] = mapped_column(String(11))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text, default="")
    once: Mapped[str] = mapped_column(String(40))

    by: Mapped[Member | None] = relationship(lazy="raise")


class ApplicationLink(Base):
    """A mailed way to an application; only the hash of its secret is stored.

    «confirm» works once; «follow» as often as its owner likes, until it expires.
    """

    __tablename__ = "membership_link"
    __table_args__ = (
        CheckConstraint("purpose IN ('confirm', 'follow')", name="purpose"),
        Index("ix_membership_link_application_id", "application_id"),
        Index("ix_membership_link_expires_at", "expires_at"),
    )

    id: Mapped[Id]
    application_id: Mapped[int] = mapped_column(
        ForeignKey("membership_application.id", ondelete="CASCADE")
    )
    purpose: Mapped[str] = mapped_column(String(7))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
