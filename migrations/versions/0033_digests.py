"""Digests, pauses, refused addresses and copies of what was sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "letters_pace",
        *_member("letters_pace"),
        sa.Column("minutes", BIG, nullable=False),
        sa.Column("weekday", BIG, nullable=False),
        sa.CheckConstraint("minutes BETWEEN 0 AND 1439", name=op.f("ck_letters_pace_minutes")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_letters_pace_weekday")),
    )
    op.create_table(
        "letters_pause", *_member("letters_pause"), sa.Column("until", AT, nullable=False)
    )
    op.create_table(
        "letters_refused",
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("code", BIG, nullable=False),
        sa.Column("said", sa.String(200), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.PrimaryKeyConstraint("email", name=op.f("pk_letters_refused")),
    )
    op.create_table(
        "mail_copy",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("member_id", BIG, nullable=True),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('handing', 'sent', 'refused', 'unsure')", name=op.f("ck_mail_copy_state")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["members_member.id"],
            name=op.f("fk_mail_copy_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_copy")),
    )
    op.create_index("ix_mail_copy_member_id", "mail_copy", ["member_id", "at", "id"])
    op.create_index("ix_mail_copy_at", "mail_copy", ["at"])


def downgrade() -> None:
    for table in ("mail_copy", "letters_refused", "letters_pause", "letters_pace"):
        op.drop_table(table)


def _member(table: str) -> tuple[sa.Column, sa.PrimaryKeyConstraint, sa.ForeignKeyConstraint]:
    return (
        sa.Column("member_id", BIG, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("member_id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["members_member.id"],
            name=op.f(f"fk_{table}_member_id"),
            ondelete="CASCADE",
        ),
    )
