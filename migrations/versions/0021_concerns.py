"""Letters about posts that concern somebody: what waits to be told, who wants which."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0022"

CONCERN, LETTERS = "help_concern", "help_letters"


def upgrade() -> None:
    op.create_table(
        CONCERN,
        _id("question_id"),
        _id("member_id"),
        sa.Column("post", sa.String(8), nullable=False),
        _id("post_id"),
        sa.Column("why", sa.String(7), nullable=False),
        sa.CheckConstraint(
            "post IN ('question', 'answer', 'comment')", name=op.f("ck_help_concern_post")
        ),
        sa.CheckConstraint("why IN ('mention', 'comment')", name=op.f("ck_help_concern_why")),
        _key(CONCERN, "question_id", "help_question.id"),
        _key(CONCERN, "member_id", "members_member.id"),
        sa.PrimaryKeyConstraint(
            "question_id", "member_id", "post", "post_id", name=op.f("pk_help_concern")
        ),
    )
    op.create_index("ix_help_concern_member_id", CONCERN, ["member_id"])
    op.create_table(
        LETTERS,
        _id("member_id"),
        sa.Column("mentions", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("comments", sa.Boolean(), server_default=sa.true(), nullable=False),
        _key(LETTERS, "member_id", "members_member.id"),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_help_letters")),
    )


def downgrade() -> None:
    op.drop_table(LETTERS)
    op.drop_table(CONCERN)


def _id(name: str) -> sa.Column:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, nullable=False)


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [target], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE"
    )
