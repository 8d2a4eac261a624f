"""Rows of the slots: what recurs, what is planned, who signed up, who waits for a place."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.kernel.db import Base, Id
from incubator.network.members.models import Member, Skill
from incubator.network.sites.models import Site

_LIVE = text("state IN ('booked', 'stand_in_wanted', 'done', 'partial', 'missed')")
_PLANNED = text("state = 'planned'")
_WANTED = text("state = 'stand_in_wanted'")
_CAPACITY = "capacity_min BETWEEN 0 AND capacity_max AND capacity_max BETWEEN 1 AND 500"


class SlotSeries(Base):
    """A duty that recurs in its site's local time: an RRULE, minutes after midnight, minutes long.

    ``valid_to`` is the first day without. ``notice_hours`` before the slot one may still cancel.
    """

    __tablename__ = "commitments_slot_series"
    __table_args__ = (
        CheckConstraint(_CAPACITY, name="capacity"),
        CheckConstraint("local_start BETWEEN 0 AND 1439", name="local_start"),
        CheckConstraint("duration BETWEEN 5 AND 1440", name="duration"),
        CheckConstraint("valid_to >= valid_from", name="order"),
        CheckConstraint("notice_hours >= 0", name="notice_hours"),
        Index("ix_commitments_slot_series_site_id", "site_id", "valid_from", "id"),
    )

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("sites_site.id"))
    kind_code: Mapped[str] = mapped_column(
        "kind", String(24), ForeignKey("commitments_kind.code"), default="reception_desk"
    )
    title: Mapped[str] = mapped_column(String(80))
    note: Mapped[str] = mapped_column(String(300), default="")
    rrule: Mapped[str] = mapped_column(String(200))
    local_start: Mapped[int]
    duration: Mapped[int]
    skill_id: Mapped[int | None] = mapped_column(ForeignKey("members_skill.id"))
    capacity_min: Mapped[int] = mapped_column(default=1)
    capacity_max: Mapped[int] = mapped_column(default=1)
    notice_hours: Mapped[int] = mapped_column(default=24)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    revision: Mapped[int] = mapped_column(default=1)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    made_at: Mapped[datetime]

    skill: Mapped[Skill | None] = relationship(lazy="raise")
    site: Mapped[Site] = relationship(lazy="raise")


class Slot(Base):
    """A duty on a day; its sheet is locked once attendance is settled.

    One of a series is known by its local day, so that a change of the hour moves it. ``moved``
    slots were changed by hand and no longer follow their series. ``team_size`` is how many were
    there, as the manager says. ``sheet_asked_at`` is when managers were reminded of a sheet left
    open; ``closure_id`` the closure of the site that called it off, known by its id alone.
    """

    __tablename__ = "commitments_slot"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="order"),
        CheckConstraint(_CAPACITY, name="capacity"),
        CheckConstraint("state IN ('planned', 'cancelled', 'locked')", name="state"),
        CheckConstraint("(state = 'locked') = (locked_at IS NOT NULL)", name="locked"),
        CheckConstraint("team_size >= 0", name="team_size"),
        UniqueConstraint("series_id", "local_date"),
        Index("ix_commitments_slot_site_id", "site_id", "starts_at", "id"),
        Index(
            "ix_commitments_slot_planned",
            "site_id",
            "ends_at",
            "id",
            sqlite_where=_PLANNED,
            postgresql_where=_PLANNED,
        ),
        Index(
            "ix_commitments_slot_coming",
            "starts_at",
            "id",
            sqlite_where=_PLANNED,
            postgresql_where=_PLANNED,
        ),
    )

    id: Mapped[Id]
    series_id: Mapped[int | None] = mapped_column(ForeignKey("commitments_slot_series.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites_site.id"))
    kind_code: Mapped[str] = mapped_column(
        "kind", String(24), ForeignKey("commitments_kind.code"), default="reception_desk"
    )
    title: Mapped[str] = mapped_column(String(80))
    note: Mapped[str] = mapped_column(String(300), default="")
    local_date: Mapped[date]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    skill_id: Mapped[int | None] = mapped_column(ForeignKey("members_skill.id"))
    capacity_min: Mapped[int] = mapped_column(default=1)
    capacity_max: Mapped[int] = mapped_column(default=1)
    notice_hours: Mapped[int] = mapped_column(default=24)
    state: Mapped[str] = mapped_column(String(9), default="planned")
    moved: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(300), default="")
    team_size: Mapped[int | None]
    locked_by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    locked_at: Mapped[datetime | None]
    warned_at: Mapped[datetime | None]
    sheet_asked_at: Mapped[datetime | None]
    closure_id: Mapped[int | None]

    site: Mapped[Site] = relationship(lazy="raise")
    series: Mapped[SlotSeries | None] = relationship(lazy="raise")
    skill: Mapped[Skill | None] = relationship(lazy="raise")


class Signup(Base):
    """A member's place in a slot; who no longer comes keeps the row and frees the place.

    ``place`` counts from 1 to the capacity: two live sign-ups never share one, so that a slot is
    never overfull. ``replaces_id`` is the sign-up that this one stands in for. ``minutes`` are
    those credited once the sheet is locked.
    """

    __tablename__ = "commitments_signup"
    __table_args__ = (
        CheckConstraint(
            "state IN ('booked', 'stand_in_wanted', 'taken_over', 'cancelled', 'done', 'partial', "
            "'missed', 'excused')",
            name="state",
        ),
        CheckConstraint("place BETWEEN 1 AND 500", name="place"),
        CheckConstraint("minutes BETWEEN 0 AND 1440", name="minutes"),
        Index(
            "uq_commitments_signup_live",
            "slot_id",
            "member_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index(
            "uq_commitments_signup_place",
            "slot_id",
            "place",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        UniqueConstraint("booked_by_id", "once"),
        Index("ix_commitments_signup_slot_id", "slot_id", "id"),
        Index("ix_commitments_signup_member_id", "member_id", "slot_id"),
        Index(
            "ix_commitments_signup_wanted",
            "slot_id",
            sqlite_where=_WANTED,
            postgresql_where=_WANTED,
        ),
    )

    id: Mapped[Id]
    slot_id: Mapped[int] = mapped_column(ForeignKey("commitments_slot.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    place: Mapped[int]
    state: Mapped[str] = mapped_column(String(15), default="booked")
    minutes: Mapped[int | None]
    replaces_id: Mapped[int | None] = mapped_column(
        ForeignKey("commitments_signup.id"), unique=True
    )
    reason: Mapped[str] = mapped_column(String(300), default="")
    booked_by_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    booked_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    changed_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    once: Mapped[str] = mapped_column(String(40))

    slot: Mapped[Slot] = relationship(lazy="raise")
    member: Mapped[Member] = relationship(lazy="raise", foreign_keys=[member_id])


class SlotWatch(Base):
    """A member wants to hear when a place in a full slot is free; ``told_at`` is when they did."""

    __tablename__ = "commitments_slot_watch"
    __table_args__ = (Index("ix_commitments_slot_watch_member_id", "member_id"),)

    slot_id: Mapped[int] = mapped_column(
        ForeignKey("commitments_slot.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"), primary_key=True)
    since_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
