"""What members have begun to say in rooms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0026"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "chat_draft",
        sa.Column("member_id", BIG, sa.ForeignKey("members_member.id"), nullable=False),
        sa.Column("room_id", BIG, sa.ForeignKey("chat_room.id"), nullable=False),
        sa.Column("root", BIG, nullable=False),
        sa.Column("text_md", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "room_id", "root"),
    )
    op.create_index("ix_chat_draft_room_id", "chat_draft", ["room_id"])
    op.create_index("ix_chat_draft_saved_at", "chat_draft", ["saved_at"])


def downgrade() -> None:
    op.drop_table("chat_draft")
