"""Notifications: one row a member and subject."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0035"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
TABLE = "notifications_notification"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("area", sa.String(16), nullable=False),
        sa.Column("item_id", BIG, nullable=False, autoincrement=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("what", sa.String(24), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("desk", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("site_id", BIG, nullable=True),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("times", BIG, nullable=False, server_default="1"),
        sa.Column("cause", sa.String(32), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("muted", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("raised_at", AT, nullable=False),
        *(sa.Column(name, AT, nullable=True) for name in ("seen_at", "read_at", "archived_at")),
        sa.Column("digested_at", AT, nullable=True),
        sa.CheckConstraint("times >= 1", name=op.f(f"ck_{TABLE}_times")),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["members_member.id"],
            name=op.f(f"fk_{TABLE}_member_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites_site.id"], name=op.f(f"fk_{TABLE}_site_id")),
        sa.PrimaryKeyConstraint("member_id", "area", "item_id", name=op.f(f"pk_{TABLE}")),
    )
    newest = ["raised_at", "area", "item_id"]
    op.create_index("ix_notifications_list", TABLE, ["member_id", *newest])
    op.create_index("ix_notifications_unread", TABLE, ["member_id", "read_at", *newest])


def downgrade() -> None:
    op.drop_table(TABLE)
