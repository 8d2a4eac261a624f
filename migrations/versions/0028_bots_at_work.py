"""Machines that may call everybody; replies counted apart, so that they are nobody's news."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0023"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    to_all = sa.Column("to_all", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("chat_bot", to_all)
    asides = sa.Column("asides", BIG, nullable=False, server_default="0")
    op.add_column("chat_room", asides)


def downgrade() -> None:
    op.drop_column("chat_room", "asides")
    op.drop_column("chat_bot", "to_all")
