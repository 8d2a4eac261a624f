"""Rows of the places: a site, its opening hours and its closures."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    and_,
    false,
)
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from incubator.kernel.db import Base, Id
from incubator.kernel.orphans import PICTURES, kept_in

EVER = date(1970, 1, 1)  # hours that hold from here on were always those


class Site(Base):
    """One place of the network, living in its own time zone (IANA name).

    Who is still in at ``cutoff_at`` (minutes after local midnight), or after ``auto_close_after``
    minutes, is presumed gone. Members may ask without their name where ``hidden_askers``.
    """

    __tablename__ = "sites_site"
    __table_args__ = (
        CheckConstraint("capacity >= 0", name="capacity"),
        CheckConstraint("hue BETWEEN 0 AND 11", name="hue"),
    )

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    city: Mapped[str] = mapped_column(String(80))
    country: Mapped[str] = mapped_column(String(2))
    subdivision: Mapped[str] = mapped_column(String(6), default="")
    time_zone: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(300), default="")
    about_md: Mapped[str] = mapped_column(Text, default="")
    about_html: Mapped[str] = mapped_column(Text, default="")
    capacity: Mapped[int] = mapped_column(default=0)
    cutoff_at: Mapped[int] = mapped_column(
        CheckConstraint("cutoff_at BETWEEN 1 AND 1440", name="cutoff_at"),
        default=1380,
        server_default="1380",
    )
    auto_close_after: Mapped[int] = mapped_column(
        CheckConstraint("auto_close_after BETWEEN 15 AND 1440", name="auto_close_after"),
        default=720,
        server_default="720",
    )
    hidden_askers: Mapped[bool] = mapped_column(default=False, server_default=false())
    hue: Mapped[int] = mapped_column(default=0)
    photo: Mapped[str | None] = mapped_column(String(32), info=kept_in(PICTURES))
    plan: Mapped[str | None] = mapped_column(String(32), info=kept_in(PICTURES))
    opened_on: Mapped[date | None]
    closed_on: Mapped[date | None]

    # Those of now; what held before is asked of queries.former_hours.
    hours: Mapped[list[SiteHours]] = relationship(
        primaryjoin=lambda: and_(
            foreign(SiteHours.site_id) == Site.id, SiteHours.valid_to.is_(None)
        ),
        lazy="raise",
        order_by="(SiteHours.weekday, SiteHours.opens_at)",
        viewonly=True,
    )


class SiteHours(Base):
    """A span of opening on a weekday (0 is Monday), in minutes after local midnight.

    It holds from ``valid_from`` to the day before ``valid_to``, which None leaves open: days that
    have been keep the hours that they had.
    """

    __tablename__ = "sites_hours"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint(
            "opens_at >= 0 AND closes_at > opens_at AND closes_at <= 1440", name="span"
        ),
        CheckConstraint("valid_to > valid_from", name="days"),
        UniqueConstraint("site_id", "weekday", "opens_at", "valid_from"),
    )

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("sites_site.id", ondelete="CASCADE"))
    weekday: Mapped[int]
    opens_at: Mapped[int]
    closes_at: Mapped[int]
    valid_from: Mapped[date] = mapped_column(default=EVER, server_default=EVER.isoformat())
    valid_to: Mapped[date | None]


class Closure(Base):
    """Days on which a site (or, without one, the whole network) is shut; the end is excluded.

    ``lowers_due``: members of the site owe no hours for these days.
    """

    __tablename__ = "sites_closure"
    __table_args__ = (
        CheckConstraint("ends_on > starts_on", name="order"),
        CheckConstraint("kind IN ('holiday', 'works', 'exceptional')", name="kind"),
        UniqueConstraint("site_id", "starts_on", "kind"),
        Index("ix_sites_closure_site_id_ends_on", "site_id", "ends_on"),
    )

    id: Mapped[Id]
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id", ondelete="CASCADE"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    kind: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(160), default="")
    lowers_due: Mapped[bool] = mapped_column(default=False, server_default=false())

    @property
    def last_day(self) -> date:
        """The last day on which the site is shut."""
        return self.ends_on - timedelta(days=1)
