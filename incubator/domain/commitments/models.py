"""Rows of the commitments: calendar and rules, promises, facts, ledger, standing.

Facts say what happened, rules what counts, the ledger what is owed and given. Minutes are whole
numbers, days are civil, a period ends before ``ends_on``.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    MetaData,
    String,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.domain.commitments import ddl
from incubator.domain.commitments.rules import Limits, Promise, Span
from incubator.kernel.db import Base, Id
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

_WAITING = text("state = 'declared'")


class Rule(Base):
    """The house's limits from a day on; a new version is a new row."""

    __tablename__ = "commitments_rule"
    __table_args__ = (
        CheckConstraint("basis IN ('calendar_days', 'open_days')", name="basis"),
        CheckConstraint("surplus IN ('expire', 'pool')", name="surplus"),
        CheckConstraint("round_mode IN ('floor', 'nearest')", name="round_mode"),
        CheckConstraint("min_session > 0 AND max_day BETWEEN min_session AND 1440", name="bounds"),
    )

    id: Mapped[Id]
    version: Mapped[int] = mapped_column(unique=True)
    valid_from: Mapped[date]
    basis: Mapped[str] = mapped_column(String(14), default="calendar_days")
    default_minutes: Mapped[int]
    credit_cap: Mapped[int]
    debt_cap: Mapped[int]
    credit_expiry_periods: Mapped[int | None]
    surplus: Mapped[str] = mapped_column(String(6), default="pool")
    round_to: Mapped[int] = mapped_column(default=5)
    round_mode: Mapped[str] = mapped_column(String(8), default="floor")
    min_session: Mapped[int]
    max_session: Mapped[int]
    max_day: Mapped[int]
    help_cap_pct: Mapped[int] = mapped_column(default=100)
    help_inside_presence: Mapped[str] = mapped_column(String(8), default="outside")
    grace_days: Mapped[int]
    warn_days: Mapped[int]
    close_after_days: Mapped[int]
    back_days: Mapped[int]

    @property
    def limits(self) -> Limits:
        """What a declaration is checked against."""
        return Limits(
            least=self.min_session,
            most_a_day=self.max_day,
            step=self.round_to,
            back_days=self.back_days,
        )


class Period(Base):
    """A span of the calendar that is charged and closed as one; months unless decided otherwise."""

    __tablename__ = "commitments_period"
    __table_args__ = (
        CheckConstraint("ends_on > starts_on", name="order"),
        CheckConstraint("state IN ('planned', 'open', 'closing', 'closed')", name="state"),
    )

    id: Mapped[Id]
    starts_on: Mapped[date] = mapped_column(unique=True)
    ends_on: Mapped[date] = mapped_column(unique=True)
    label: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(8), default="open")
    rule_id: Mapped[int] = mapped_column(ForeignKey("commitments_rule.id"))
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))

    @property
    def span(self) -> Span:
        """Its days."""
        return Span(self.starts_on, self.ends_on)


class Kind(Base):
    """A way of giving time: how much of it counts, and whose word it needs."""

    __tablename__ = "commitments_kind"
    __table_args__ = (
        CheckConstraint("needs IN ('presence', 'counterpart', 'manager')", name="needs"),
        CheckConstraint("counts_pct BETWEEN 0 AND 100", name="counts_pct"),
    )

    code: Mapped[str] = mapped_column(String(24), primary_key=True)
    position: Mapped[int]
    name_fr: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(60))
    counts_pct: Mapped[int] = mapped_column(default=100)
    cap_minutes_period: Mapped[int | None]
    needs: Mapped[str] = mapped_column(String(12))
    online_ok: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)

    def name_in(self, language: str) -> str:
        """The name in «fr» or «en»."""
        return self.name_fr if language == "fr" else self.name_en


class Pledge(Base):
    """A promise of minutes per period; a superseded one keeps its row and has no days left.

    Two promises of a member never share a day: the database refuses it.
    """

    __tablename__ = "commitments_pledge"
    __table_args__ = (
        CheckConstraint("minutes_per_period >= 0", name="minutes"),
        CheckConstraint("valid_to >= valid_from", name="order"),
        Index("ix_commitments_pledge_member_id", "member_id", "valid_from"),
    )

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    minutes_per_period: Mapped[int]
    home_site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    signed_at: Mapped[datetime]
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))

    @property
    def promise(self) -> Promise:
        """What the rules need of it."""
        return Promise(self.minutes_per_period, self.valid_from, self.valid_to)


class Contribution(Base):
    """Time given, as its giver says; it counts once somebody else has confirmed it.

    ``home_site_id`` is the giver's home site when they declared: its managers may decide.
    """

    __tablename__ = "commitments_contribution"
    __table_args__ = (
        CheckConstraint("giver_id <> receiver_id", name="two_people"),
        CheckConstraint("minutes BETWEEN 5 AND 1440 AND minutes / 5 * 5 = minutes", name="minutes"),
        CheckConstraint("state IN ('declared', 'confirmed', 'refused', 'withdrawn')", name="state"),
        CheckConstraint("(state = 'declared') = (decided_at IS NULL)", name="decided"),
        CheckConstraint(
            "state NOT IN ('confirmed', 'refused') OR decided_by_id <> giver_id", name="other"
        ),
        UniqueConstraint("giver_id", "once"),
        Index("ix_commitments_contribution_giver_id", "giver_id", "day", "id"),
        Index(
            "ix_commitments_contribution_receiver_waiting",
            "receiver_id",
            "declared_at",
            "id",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        Index(
            "ix_commitments_contribution_site_waiting",
            "home_site_id",
            "declared_at",
            "id",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
    )

    id: Mapped[Id]
    giver_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    receiver_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    kind_code: Mapped[str] = mapped_column("kind", String(24), ForeignKey("commitments_kind.code"))
    day: Mapped[date]
    minutes: Mapped[int]
    home_site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"))
    state: Mapped[str] = mapped_column(String(10), default="declared")
    note: Mapped[str] = mapped_column(String(300), default="")
    declared_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(300), default="")
    once: Mapped[str | None] = mapped_column(String(40))

    giver: Mapped[Member] = relationship(lazy="raise", foreign_keys=[giver_id])
    receiver: Mapped[Member | None] = relationship(lazy="raise", foreign_keys=[receiver_id])
    decided_by: Mapped[Member | None] = relationship(lazy="raise", foreign_keys=[decided_by_id])
    kind: Mapped[Kind] = relationship(lazy="raise")


class Line(Base):
    """A line of the ledger; signed minutes. Never changed, never removed: the database refuses.

    ``key`` says what the line is about, so that writing it twice writes it once.
    """

    __tablename__ = "commitments_ledger"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('DUE', 'DONE', 'HELP', 'CARRY_IN', 'CARRY_OUT', 'SURPLUS', 'WAIVED_DEBT', "
            "'GIFT_OUT', 'GIFT_IN', 'CORRECTION', 'REVERSAL', 'EXIT')",
            name="kind",
        ),
        CheckConstraint("(kind = 'REVERSAL') = (reverses_id IS NOT NULL)", name="reverses"),
        Index("ix_commitments_ledger_member_id", "member_id", "period_id", "id"),
        Index("ix_commitments_ledger_period_id", "period_id", "kind", "member_id"),
        Index("ix_commitments_ledger_source", "source_type", "source_id"),
    )

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    period_id: Mapped[int] = mapped_column(ForeignKey("commitments_period.id"))
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
    group_id: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(300), default="")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    recorded_at: Mapped[datetime]


class Standing(Base):
    """Sums of the ledger per member and period, so that lists need not add up: a projection.

    ``owed`` is positive; ``balance`` is what the ledger sums to.
    """

    __tablename__ = "commitments_standing"
    __table_args__ = (
        Index("ix_commitments_standing_site", "period_id", "home_site_id", "balance", "member_id"),
    )

    member_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"), primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("commitments_period.id"), primary_key=True)
    home_site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"))
    carry_in: Mapped[int] = mapped_column(default=0)
    owed: Mapped[int] = mapped_column("due", default=0)
    done: Mapped[int] = mapped_column(default=0)
    help: Mapped[int] = mapped_column(default=0)
    corrections: Mapped[int] = mapped_column(default=0)
    balance: Mapped[int] = mapped_column(default=0)
    computed_at: Mapped[datetime]


def _complete(
    target: MetaData, connection: Connection, *, tables: list[Table], **_more: object
) -> None:
    """Add guards and first rows after ``create_all``; the migration runs the same text."""
    del target
    if any(table.name == Line.__tablename__ for table in tables):
        for statement in ddl.statements(connection.dialect.name):
            connection.exec_driver_sql(statement)


event.listen(Base.metadata, "after_create", _complete)
