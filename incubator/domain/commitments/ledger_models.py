"""Rows of the accounts: lines, groups of lines, the solidarity pool, standings, jobs done.

A line belongs to its firm where ``firm_id`` says so, else to its member; without either it is the
pool's. Minutes are whole and signed: what is owed is negative.
"""

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
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from incubator.kernel.db import Base, Id

_OF_FIRM = text("firm_id IS NOT NULL")
_OF_POOL = text("member_id IS NULL AND firm_id IS NULL")
_GROUPED = text("group_id IS NOT NULL")
_OF_DAY = text("day IS NOT NULL")
_ASKED = text("state = 'asked'")


class Nought(Base):
    """The number 0, alone: what the balance of a group refers to when a transaction ends."""

    __tablename__ = "commitments_nought"
    __table_args__ = (CheckConstraint("value = 0", name="value"),)

    value: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class Group(Base):
    """Lines that belong together; they sum to zero.

    The database adds up ``balance`` and lets no commit pass unless it is 0. A merge of members
    has none, for its dues are charged anew.
    """

    __tablename__ = "commitments_group"
    __table_args__ = (
        CheckConstraint("kind IN ('gift', 'pool', 'exit', 'merge')", name="kind"),
        CheckConstraint("(kind = 'merge') = (balance IS NULL)", name="balance"),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(6))
    key: Mapped[str] = mapped_column(String(80), unique=True)
    balance: Mapped[int | None] = mapped_column(
        ForeignKey("commitments_nought.value", deferrable=True, initially="DEFERRED")
    )
    reason: Mapped[str] = mapped_column(String(300), default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    made_at: Mapped[datetime]


class Pool(Base):
    """What the solidarity pool holds: one row, added up by the database, never below nothing."""

    __tablename__ = "commitments_pool"
    __table_args__ = (
        CheckConstraint("id = 1", name="one"),
        CheckConstraint("balance >= 0", name="balance"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    balance: Mapped[int] = mapped_column(default=0)


class Line(Base):
    """A line of the ledger; signed minutes. Never changed, never removed: the database refuses.

    ``key`` says what the line is about, so that writing it twice writes it once. ``firm_id`` is
    set where a firm holds the promise: the line is the firm's, ``member_id`` whose hours it tells.
    ``origin_period_id`` is the closed period that a correction makes good.
    """

    __tablename__ = "commitments_ledger"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('DUE', 'DONE', 'HELP', 'CARRY_IN', 'CARRY_OUT', 'SURPLUS', 'WAIVED_DEBT', "
            "'GIFT_OUT', 'GIFT_IN', 'POOL', 'CORRECTION', 'REVERSAL', 'EXIT')",
            name="kind",
        ),
        CheckConstraint("(kind = 'REVERSAL') = (reverses_id IS NOT NULL)", name="reverses"),
        CheckConstraint(
            "kind = 'REVERSAL' OR (kind = 'POOL') = (member_id IS NULL AND firm_id IS NULL)",
            name="account",
        ),
        CheckConstraint(
            "group_id IS NOT NULL OR (kind NOT IN ('GIFT_OUT', 'GIFT_IN', 'POOL') "
            "AND (member_id IS NOT NULL OR firm_id IS NOT NULL))",
            name="grouped",
        ),
        Index("ix_commitments_ledger_member_id", "member_id", "period_id", "id"),
        Index("ix_commitments_ledger_period_id", "period_id", "kind", "member_id"),
        Index("ix_commitments_ledger_source", "source_type", "source_id"),
        Index(
            "ix_commitments_ledger_firm_id",
            "firm_id",
            "period_id",
            "id",
            sqlite_where=_OF_FIRM,
            postgresql_where=_OF_FIRM,
        ),
        Index(
            "ix_commitments_ledger_site_day",
            "site_id",
            "day",
            sqlite_where=_OF_DAY,
            postgresql_where=_OF_DAY,
        ),
        Index(
            "ix_commitments_ledger_pool",
            "id",
            sqlite_where=_OF_POOL,
            postgresql_where=_OF_POOL,
        ),
        Index(
            "ix_commitments_ledger_group_id",
            "group_id",
            sqlite_where=_GROUPED,
            postgresql_where=_GROUPED,
        ),
    )

    id: Mapped[Id]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    firm_id: Mapped[int | None] = mapped_column(ForeignKey("members_firm.id"))
    period_id: Mapped[int] = mapped_column(ForeignKey("commitments_period.id"))
    origin_period_id: Mapped[int | None] = mapped_column(ForeignKey("commitments_period.id"))
    kind: Mapped[str] = mapped_column(String(12))
    minutes: Mapped[int]
    day: Mapped[date | None]
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"))
    source_type: Mapped[str] = mapped_column(String(16))
    source_id: Mapped[int | None]
    source_rev: Mapped[int] = mapped_column(default=1)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    reverses_id: Mapped[int | None] = mapped_column(
        ForeignKey("commitments_ledger.id"), unique=True
    )
    group_id: Mapped[int | None] = mapped_column(ForeignKey("commitments_group.id"))
    reason: Mapped[str] = mapped_column(String(300), default="")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    recorded_at: Mapped[datetime]


class Sums:
    """Sums of the ledger for an account and a period: a projection, may be dropped and rebuilt.

    ``owed`` is positive; ``balance`` is what the ledger sums to. ``planned`` are the minutes of
    sign-ups still to come, which no line tells.
    """

    home_site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"))
    carry_in: Mapped[int] = mapped_column(default=0)
    owed: Mapped[int] = mapped_column("due", default=0)
    done: Mapped[int] = mapped_column(default=0)
    help: Mapped[int] = mapped_column(default=0)
    corrections: Mapped[int] = mapped_column(default=0)
    balance: Mapped[int] = mapped_column(default=0)
    planned: Mapped[int] = mapped_column(default=0, server_default="0")
    computed_at: Mapped[datetime]


class Standing(Sums, Base):
    """Where a member stands in a period, so that lists need not add up."""

    __tablename__ = "commitments_standing"
    __table_args__ = (
        Index("ix_commitments_standing_site", "period_id", "home_site_id", "balance", "member_id"),
    )

    member_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"), primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("commitments_period.id"), primary_key=True)


class FirmStanding(Sums, Base):
    """Where a firm that holds a promise stands in a period."""

    __tablename__ = "commitments_firm_standing"
    __table_args__ = (
        Index(
            "ix_commitments_firm_standing_site", "period_id", "home_site_id", "balance", "firm_id"
        ),
    )

    firm_id: Mapped[int] = mapped_column(ForeignKey("members_firm.id"), primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("commitments_period.id"), primary_key=True)


class Gift(Base):
    """Minutes from one member to another; no giver is a draw on the pool, no receiver gives to it.

    ``site_id`` is whose managers decide on a draw. ``named``: the giver lets the receiver know.
    """

    __tablename__ = "commitments_gift"
    __table_args__ = (
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint("giver_id <> receiver_id", name="two_people"),
        CheckConstraint("giver_id IS NOT NULL OR receiver_id IS NOT NULL", name="somebody"),
        CheckConstraint("state IN ('asked', 'granted', 'refused', 'withdrawn')", name="state"),
        CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("(state = 'granted') = (group_id IS NOT NULL)", name="lines"),
        UniqueConstraint("asked_by_id", "once"),
        Index("ix_commitments_gift_giver_id", "giver_id", "decided_at"),
        Index("ix_commitments_gift_receiver_id", "receiver_id", "decided_at"),
        Index(
            "ix_commitments_gift_waiting",
            "site_id",
            "asked_at",
            "id",
            sqlite_where=_ASKED,
            postgresql_where=_ASKED,
        ),
    )

    id: Mapped[Id]
    giver_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    receiver_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    minutes: Mapped[int]
    named: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[str] = mapped_column(String(9), default="asked")
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(String(300), default="")
    group_id: Mapped[int | None] = mapped_column(ForeignKey("commitments_group.id"), unique=True)
    once: Mapped[str] = mapped_column(String(40))


class JobRun(Base):
    """A piece of work that is done once: its key tells which, so that a second run knows."""

    __tablename__ = "commitments_job_run"
    __table_args__ = (Index("ix_commitments_job_run_name", "name", "started_at"),)

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(80), unique=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
