"""Portrait, pronouns, links, ways to help, mentoring and availability of members."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WAYS = ("by_chat", "by_call", "on_site")


def more() -> list[sa.Column]:
    """What the row of a member gains."""
    return [
        sa.Column("pronouns", sa.String(length=40), server_default="", nullable=False),
        sa.Column("links", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("portrait", sa.String(length=32), nullable=True),
        sa.Column("narrowed", sa.String(length=200), server_default="", nullable=False),
        sa.Column("hint_rests_until", sa.Date(), nullable=True),
    ]


def of_member(table: str) -> list[sa.Column | sa.Constraint]:
    """The key of a row that belongs to one member."""
    return [
        sa.Column("member_id", ROW_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["members_member.id"],
            name=op.f(f"fk_{table}_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f(f"pk_{table}")),
    ]


def upgrade() -> None:
    for column in more():
        op.add_column("members_member", column)
    for way in WAYS:
        flag = sa.Column(way, sa.Boolean(), server_default=sa.false(), nullable=False)
        op.add_column("members_member_skill", flag)
    op.create_table(
        "members_mentoring",
        *of_member("members_mentoring"),
        sa.Column("capacity", ROW_ID, nullable=False),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.CheckConstraint("capacity BETWEEN 1 AND 20", name=op.f("ck_members_mentoring_capacity")),
    )
    op.create_table(
        "members_availability",
        *of_member("members_availability"),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "state IN ('limited', 'away')", name=op.f("ck_members_availability_state")
        ),
    )
    # Those who chose narrower audiences before lists knew of them.
    narrower = "SELECT DISTINCT member_id, field FROM members_audience WHERE audience != 'network'"
    rows = op.get_bind().execute(sa.text(narrower)).all()
    fields: dict[int, list[str]] = {}
    for member_id, field in sorted(rows):
        fields.setdefault(member_id, []).append(field)
    for member_id, names in fields.items():
        op.get_bind().execute(
            sa.text("UPDATE members_member SET narrowed = :names WHERE id = :id"),
            {"names": ",".join(names), "id": member_id},
        )


def downgrade() -> None:
    op.drop_table("members_availability")
    op.drop_table("members_mentoring")
    for way in WAYS:
        op.drop_column("members_member_skill", way)
    for column in more():
        op.drop_column("members_member", column.name)
