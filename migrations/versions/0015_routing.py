"""Routing of questions: who was asked to help, how far a question came, who wants what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0016"

REQUEST, ROUTE, ASKING = "help_request", "help_route", "help_asking"


def upgrade() -> None:
    _request()
    op.create_table(
        ROUTE,
        _id("question_id"),
        _id("step"),
        _id("found"),
        _moment("next_at", nullable=True),
        _key(ROUTE, "question_id", "help_question.id", gone="CASCADE"),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_help_route")),
    )
    op.create_index("ix_help_route_next_at", ROUTE, ["next_at"])
    op.create_table(
        ASKING,
        _id("member_id"),
        _id("weekly_cap"),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("letters", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.CheckConstraint("weekly_cap BETWEEN 0 AND 10", name=op.f("ck_help_asking_weekly_cap")),
        _key(ASKING, "member_id", "members_member.id", gone="CASCADE"),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_help_asking")),
    )


def downgrade() -> None:
    for table in (ASKING, ROUTE, REQUEST):
        op.drop_table(table)


def _id(name: str, *, nullable: bool = False) -> sa.Column:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _key(
    table: str, column: str, target: str, *, gone: str | None = None
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [target], name=op.f(f"fk_{table}_{column}"), ondelete=gone
    )


def _request() -> None:
    op.create_table(
        REQUEST,
        _id("question_id"),
        _id("member_id"),
        sa.Column("source", sa.String(7), nullable=False),
        _id("by_id", nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        _moment("invited_at"),
        _moment("settled_at", nullable=True),
        _moment("due_at", nullable=True),
        _moment("told_at", nullable=True),
        sa.CheckConstraint(
            "source IN ('match', 'manager', 'passed')", name=op.f("ck_help_request_source")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'answered', 'declined', 'passed', 'covered', 'over')",
            name=op.f("ck_help_request_state"),
        ),
        _key(REQUEST, "question_id", "help_question.id", gone="CASCADE"),
        _key(REQUEST, "member_id", "members_member.id", gone="CASCADE"),
        _key(REQUEST, "by_id", "members_member.id"),
        sa.PrimaryKeyConstraint("question_id", "member_id", name=op.f("pk_help_request")),
    )
    op.create_index("ix_help_request_member_id", REQUEST, ["member_id", "state", "invited_at"])
    op.create_index("ix_help_request_week", REQUEST, ["member_id", "invited_at"])
    op.create_index("ix_help_request_by_id", REQUEST, ["by_id"])
