"""Rows of the commitments: calendar, rules and kinds, and the contributions.

Facts say what happened, rules what counts, the ledger what is owed and given. Minutes are whole
numbers, days are civil, a period ends before ``ends_on``. Beside this module: promises, presence,
slots, screens and the ledger have theirs.
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
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.domain.commitments import ddl
from incubator.domain.commitments.rules import Limits, Span
from incubator.kernel.db import Base, Id
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

_WAITING = text("state = 'declared'")
_MANAGERS_TURN = text("state IN ('needs_manager', 'appealed')")
_FLAGGED = text("flags <> ''")
_RECEIVED = text("receiver_id IS NOT NULL")
_UNNAMED = text("unnamed_id IS NOT NULL")
_IN_THREAD = text("thread_id IS NOT NULL")
_AT_SITE = text("site_id IS NOT NULL")


class Rule(Base):
    """The house's limits from a day on; a new version is a new row.

    The database lets nobody change one that a closed period was reckoned by. ``surplus`` says
    what becomes of credit above the cap, ``lowered_cap`` whether credit from before a lower cap
    is kept. Limits without a unit are minutes; ``forgotten_limit`` and ``proposals_limit`` are
    times in a period.
    """

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
    silence_days: Mapped[int] = mapped_column(default=7, server_default="7")
    late_hours: Mapped[int] = mapped_column(default=72, server_default="72")
    forgotten_limit: Mapped[int] = mapped_column(default=3, server_default="3")
    proposals_limit: Mapped[int] = mapped_column(default=2, server_default="2")
    reminder_days: Mapped[int] = mapped_column(default=2, server_default="2")
    gift_cap_year: Mapped[int] = mapped_column(default=720, server_default="720")
    help_week_most: Mapped[int] = mapped_column(default=600, server_default="600")
    first_period_free: Mapped[bool] = mapped_column(default=False, server_default=false())
    lowered_cap: Mapped[str] = mapped_column(
        String(4),
        CheckConstraint("lowered_cap IN ('keep', 'cut')", name="lowered_cap"),
        default="keep",
        server_default="keep",
    )
    note: Mapped[str] = mapped_column(String(300), default="", server_default="")
    made_at: Mapped[datetime | None]

    @property
    def limits(self) -> Limits:
        """What a declaration is checked against."""
        return Limits(
            least=self.min_session,
            most_a_day=self.max_day,
            step=self.round_to,
            back_days=self.back_days,
            help_a_week=self.help_week_most,
        )


class Period(Base):
    """A span of the calendar that is charged and closed as one; months unless decided otherwise.

    It is closing once its last day is over at every site. What is closed keeps its days, its rule
    and its state: the database refuses.
    """

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
    closing_at: Mapped[datetime | None]
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


class KindBefore(Base):
    """What counted of a kind in the periods that begin before ``until``, where it was otherwise.

    Written when a kind changes after a period was closed, so that what was reckoned stays so.
    """

    __tablename__ = "commitments_kind_before"
    __table_args__ = (CheckConstraint("counts_pct BETWEEN 0 AND 100", name="counts_pct"),)

    kind_code: Mapped[str] = mapped_column(
        "kind", String(24), ForeignKey("commitments_kind.code"), primary_key=True
    )
    until: Mapped[date] = mapped_column(primary_key=True)
    counts_pct: Mapped[int]
    cap_minutes_period: Mapped[int | None]
    online_ok: Mapped[bool]


class Contribution(Base):
    """Time given, as its giver says; it counts once somebody else has confirmed it.

    ``home_site_id`` is the giver's home site when they declared: its managers may decide.
    ``site_id`` is where it was given, None online. Thread and event are known by their ids alone.
    ``counted`` are the minutes that its kind lets count, before the period's cap. ``flags`` are
    codes by commas for the manager's eyes.

    Who asked for help without their name is ``unnamed_id``, never ``receiver_id``: nothing else of
    the row names them, so ``declared_by_id`` and ``decided_by_id`` are None where they acted.
    ``offered``: the person helped said it first, and it waits for its giver's word.
    """

    __tablename__ = "commitments_contribution"
    __table_args__ = (
        CheckConstraint("giver_id <> receiver_id", name="two_people"),
        CheckConstraint(
            "unnamed_id IS NULL OR (receiver_id IS NULL AND unnamed_id <> giver_id)",
            name="unnamed",
        ),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes"),
        CheckConstraint(
            "state IN ('draft', 'declared', 'needs_manager', 'confirmed', 'counted', 'refused', "
            "'appealed', 'withdrawn')",
            name="state",
        ),
        CheckConstraint(
            "(state IN ('draft', 'declared', 'needs_manager')) = (decided_at IS NULL)",
            name="decided",
        ),
        CheckConstraint(
            "state NOT IN ('confirmed', 'counted', 'refused', 'appealed') "
            "OR decided_by_id <> giver_id",
            name="other",
        ),
        CheckConstraint("(started_at IS NULL) = (ended_at IS NULL)", name="span"),
        CheckConstraint("ended_at > started_at", name="order"),
        CheckConstraint("counted BETWEEN 0 AND minutes", name="counted"),
        UniqueConstraint("giver_id", "once"),
        Index("ix_commitments_contribution_giver_id", "giver_id", "day", "id"),
        Index(
            "ix_commitments_contribution_receiver_id",
            "receiver_id",
            "day",
            "id",
            sqlite_where=_RECEIVED,
            postgresql_where=_RECEIVED,
        ),
        Index(
            "ix_commitments_contribution_unnamed_id",
            "unnamed_id",
            "day",
            "id",
            sqlite_where=_UNNAMED,
            postgresql_where=_UNNAMED,
        ),
        Index(
            "ix_commitments_contribution_offered",
            "giver_id",
            "declared_at",
            "id",
            sqlite_where=text("state = 'declared' AND offered = 1"),
            postgresql_where=text("state = 'declared' AND offered"),
        ),
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
        Index(
            "ix_commitments_contribution_silent",
            "declared_at",
            "id",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        Index(
            "ix_commitments_contribution_managers_turn",
            "home_site_id",
            "declared_at",
            "id",
            sqlite_where=_MANAGERS_TURN,
            postgresql_where=_MANAGERS_TURN,
        ),
        Index(
            "ix_commitments_contribution_flagged",
            "home_site_id",
            "id",
            sqlite_where=_FLAGGED,
            postgresql_where=_FLAGGED,
        ),
        Index(
            "ix_commitments_contribution_thread_id",
            "thread_id",
            sqlite_where=_IN_THREAD,
            postgresql_where=_IN_THREAD,
        ),
        Index(
            "ix_commitments_contribution_site_day",
            "site_id",
            "day",
            "id",
            sqlite_where=_AT_SITE,
            postgresql_where=_AT_SITE,
        ),
    )

    id: Mapped[Id]
    giver_id: Mapped[int] = mapped_column(ForeignKey("members_member.id"))
    receiver_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    unnamed_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    offered: Mapped[bool] = mapped_column(default=False, server_default=false())
    firm_id: Mapped[int | None] = mapped_column(ForeignKey("members_firm.id"))
    kind_code: Mapped[str] = mapped_column("kind", String(24), ForeignKey("commitments_kind.code"))
    day: Mapped[date]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    minutes: Mapped[int]
    counted: Mapped[int | None]
    home_site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites_site.id"))
    thread_id: Mapped[int | None]
    event_id: Mapped[int | None]
    signup_id: Mapped[int | None] = mapped_column(ForeignKey("commitments_signup.id"), unique=True)
    state: Mapped[str] = mapped_column(String(13), default="declared")
    note: Mapped[str] = mapped_column(String(300), default="")
    evidence: Mapped[str] = mapped_column(String(300), default="")
    flags: Mapped[str] = mapped_column(String(80), default="")
    declared_at: Mapped[datetime]
    declared_by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("members_member.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(300), default="")
    appeal: Mapped[str] = mapped_column(String(300), default="")
    appealed_at: Mapped[datetime | None]
    once: Mapped[str | None] = mapped_column(String(40))

    giver: Mapped[Member] = relationship(lazy="raise", foreign_keys=[giver_id])
    receiver: Mapped[Member | None] = relationship(lazy="raise", foreign_keys=[receiver_id])
    decided_by: Mapped[Member | None] = relationship(lazy="raise", foreign_keys=[decided_by_id])
    kind: Mapped[Kind] = relationship(lazy="raise")

    @property
    def helped_id(self) -> int | None:
        """The person helped, named or not."""
        return self.receiver_id or self.unnamed_id

    @property
    def is_offer(self) -> bool:
        """Whether the person helped said it, and its giver has not answered."""
        return self.offered and self.state == "declared"


def _complete(
    target: MetaData, connection: Connection, *, tables: list[Table], **_more: object
) -> None:
    """Add guards and first rows after ``create_all``; the migration runs the same text."""
    del target
    if any(table.name == "commitments_ledger" for table in tables):
        for statement in ddl.statements(connection.dialect.name):
            connection.exec_driver_sql(statement)


event.listen(Base.metadata, "after_create", _complete)
