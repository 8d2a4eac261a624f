"""What the first page suggested to whom, and on how many days."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0037"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "suggestions_suggested"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("key", sa.String(24), nullable=False),
        sa.Column("days", BIG, nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("ended", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.CheckConstraint("days >= 0", name=op.f(f"ck_{TABLE}_days")),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["members_member.id"],
            name=op.f(f"fk_{TABLE}_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("member_id", "key", name=op.f(f"pk_{TABLE}")),
    )


def downgrade() -> None:
    op.drop_table(TABLE)
