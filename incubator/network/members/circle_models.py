"""Rows of circles: named groups of members who read one another's questions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.kernel.db import Base, Id
from incubator.network.members.models import Member, folded
from incubator.network.sites.models import Site


class Circle(Base):
    """A named group, of the whole network or of one site.

    Who wants to join asks («request») where it is listed, or waits to be invited («invitation»)
    where it is hidden. ``once`` is the key of the form it came with; closed ones stay for the
    questions that were asked in them.
    """

    __tablename__ = "circles_circle"
    __table_args__ = (
        CheckConstraint("joining IN ('request', 'invitation')", name="joining"),
        UniqueConstraint("created_by_id", "once"),
        Index("ix_circles_circle_list", "closed_at", "sort_name", "id"),
        Index("ix_circles_circle_site_id", "site_id"),
    )

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(folded(80), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    sort_name: Mapped[str] = mapped_column(folded(60))
    description: Mapped[str] = mapped_column(Text, default="")
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"))
    joining: Mapped[str] = mapped_column(String(10))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    once: Mapped[str] = mapped_column(String(36))
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    site: Mapped[Site | None] = relationship(lazy="raise")


class CirclePlace(Base):
    """A member in a circle: «in» it, «asked» to join or «invited»; some who are in it own it.

    ``by_id`` is who invited or let in; ``since`` when the state began.
    """

    __tablename__ = "circles_place"
    __table_args__ = (
        CheckConstraint("state IN ('in', 'asked', 'invited')", name="state"),
        CheckConstraint("state = 'in' OR NOT owner", name="owner"),
        Index("ix_circles_place_member_id", "member_id", "state", "circle_id"),
    )

    circle_id: Mapped[int] = mapped_column(
        ForeignKey("circles_circle.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(7))
    owner: Mapped[bool] = mapped_column(default=False, server_default=false())
    since: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))

    circle: Mapped[Circle] = relationship(lazy="raise")
    member: Mapped[Member] = relationship(lazy="raise", foreign_keys=[member_id])
