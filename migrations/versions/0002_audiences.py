"""Who sees which field of a member, where they chose."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "members_audience",
        sa.Column(
            "member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("field", sa.String(length=20), nullable=False),
        sa.Column("audience", sa.String(length=8), nullable=False),
        sa.CheckConstraint(
            "audience IN ('me', 'managers', 'site', 'network')",
            name=op.f("ck_members_audience_audience"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["members_member.id"],
            name=op.f("fk_members_audience_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("member_id", "field", name=op.f("pk_members_audience")),
    )


def downgrade() -> None:
    op.drop_table("members_audience")
