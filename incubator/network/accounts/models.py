"""Rows of access: accounts, grants, invitations, one-time links, signed-in devices."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.kernel.db import Base, Id
from incubator.network.members.models import Member
from incubator.network.sites.models import Site


class Account(Base):
    """How a member comes in; its id is the member's.

    ``rights_version`` grows with each change of rights: a device signed in under an older
    one gets a new session before anything else.
    """

    __tablename__ = "accounts_account"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)

    id: Mapped[int] = mapped_column(
        ForeignKey("members_member.id"), primary_key=True, autoincrement=False
    )
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2), default="fr")
    time_zone: Mapped[str] = mapped_column(String(60))
    rights_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    deactivated_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship(lazy="raise")
    grants: Mapped[list[Grant]] = relationship(
        lazy="raise",
        primaryjoin=lambda: and_(Grant.account_id == Account.id, Grant.ended_at.is_(None)),
        viewonly=True,
    )


class Grant(Base):
    """A right given to an account: a role, on a site unless it is the network's."""

    __tablename__ = "accounts_grant"
    __table_args__ = (
        CheckConstraint(
            "role IN ('administrator', 'manager', 'resident', 'alumni', 'guest')", name="role"
        ),
        CheckConstraint("(role = 'administrator') = (site_id IS NULL)", name="site"),
        Index("ix_accounts_grant_account_id", "account_id"),
        Index(
            "uq_accounts_grant_live",
            "account_id",
            "role",
            text("coalesce(site_id, 0)"),
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts_account.id"))
    role: Mapped[str] = mapped_column(String(14))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"), index=True)
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    granted_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    site: Mapped[Site | None] = relationship(lazy="raise")


class Invitation(Base):
    """A single-use way in, to a site and a role; only the hash of its token is stored.

    Nobody comes in before ``starts_on``, a day in the site's zone, when there is one.
    """

    __tablename__ = "accounts_invitation"
    __table_args__ = (
        CheckConstraint("role IN ('administrator', 'manager', 'resident', 'guest')", name="role"),
        UniqueConstraint("invited_by_id", "once"),
    )

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    once: Mapped[str] = mapped_column(String(40))
    email: Mapped[str | None] = mapped_column(String(254))
    role: Mapped[str] = mapped_column(String(14))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"), index=True)
    language: Mapped[str] = mapped_column(String(2), default="fr")
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    used_by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    revoked_at: Mapped[datetime | None]
    starts_on: Mapped[date | None]

    site: Mapped[Site | None] = relationship(lazy="raise")
    invited_by: Mapped[Member] = relationship(lazy="raise", foreign_keys=[invited_by_id])
    used_by: Mapped[Member | None] = relationship(lazy="raise", foreign_keys=[used_by_id])

    def state(self, now: datetime) -> str:
        """«used», «revoked», «expired» or «open»."""
        if self.used_at:
            return "used"
        if self.revoked_at:
            return "revoked"
        return "expired" if self.expires_at <= now else "open"


class OneTimeLink(Base):
    """A link sent by mail: a new password, or one side of a change of e-mail address."""

    __tablename__ = "accounts_link"
    __table_args__ = (
        CheckConstraint("purpose IN ('reset', 'email_old', 'email_new')", name="purpose"),
        Index("ix_accounts_link_account_id", "account_id", "purpose"),
    )

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts_account.id", ondelete="CASCADE"))
    purpose: Mapped[str] = mapped_column(String(10))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Session(Base):
    """A device signed in; only the hash of its token is stored."""

    __tablename__ = "accounts_session"
    __table_args__ = (Index("ix_accounts_session_account_id", "account_id", "ended_at"),)

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts_account.id", ondelete="CASCADE"))
    rights_version: Mapped[int]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(String(45), default="")
    device: Mapped[str] = mapped_column(String(200), default="")

    account: Mapped[Account] = relationship(lambda: Account, lazy="raise")
