"""Letters: what members want of each kind, and their quiet hours, in one place."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0027"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _table(name: str, *columns: str) -> sa.TableClause:
    return sa.table(name, *(sa.column(each) for each in ("member_id", *columns)))


CHOICE = _table("letters_choice", "kind", "channel", "wanted")
TOLD = _table("help_letters", "mentions", "comments")
ASKING = _table("help_asking", "weekly_cap", "paused", "letters")
HOURS = _table("commitments_choice", "gives_surplus", "reminder_days")
# Where a kind was switched off before: the kind, the column, and what it holds then.
BEFORE = (
    ("help_mentions", TOLD, "mentions", False),
    ("help_comments", TOLD, "comments", False),
    ("help_asked", ASKING, "letters", False),
    ("slot_reminder", HOURS, "reminder_days", 0),
)
# A row of each table as it is without a choice.
USUAL = {
    TOLD: {"mentions": True, "comments": True},
    ASKING: {"weekly_cap": 3, "paused": False, "letters": True},
    HOURS: {"gives_surplus": False},
}


def upgrade() -> None:
    op.create_table(
        "letters_choice",
        _member(),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        _of_member("letters_choice"),
        sa.PrimaryKeyConstraint("member_id", "kind", "channel", name=op.f("pk_letters_choice")),
    )
    op.create_table(
        "letters_quiet",
        _member(),
        sa.Column("nights", sa.Boolean(), nullable=False),
        sa.Column("starts", BIG, nullable=False),
        sa.Column("ends", BIG, nullable=False),
        sa.Column("weekends", sa.Boolean(), nullable=False),
        sa.CheckConstraint("starts BETWEEN 0 AND 1439", name=op.f("ck_letters_quiet_starts")),
        sa.CheckConstraint(
            "ends BETWEEN 0 AND 1439 AND ends <> starts", name=op.f("ck_letters_quiet_ends")
        ),
        _of_member("letters_quiet"),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_letters_quiet")),
    )
    for kind, table, column, off in BEFORE:
        told = (sa.literal(kind), sa.literal("mail"), sa.false())
        stopped = sa.select(table.c.member_id, *told).where(table.c[column] == off)
        op.execute(sa.insert(CHOICE).from_select(list(CHOICE.c.keys()), stopped))
    never = HOURS.c.reminder_days == 0
    op.execute(sa.update(HOURS).where(never).values(reminder_days=None))
    op.drop_table("help_letters")
    op.drop_column("help_asking", "letters")


def downgrade() -> None:
    """Go back to the four switches that there were; what else was chosen is lost."""
    switch = sa.Column("letters", sa.Boolean(), nullable=False, server_default=sa.true())
    op.add_column("help_asking", switch)
    op.create_table(
        "help_letters",
        _member(),
        sa.Column("mentions", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("comments", sa.Boolean(), nullable=False, server_default=sa.true()),
        _of_member("help_letters"),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_help_letters")),
    )
    for kind, table, column, off in BEFORE:
        stopped = sa.select(CHOICE.c.member_id).where(
            CHOICE.c.kind == kind, CHOICE.c.channel == "mail", sa.not_(CHOICE.c.wanted)
        )
        there = sa.select(table.c.member_id)
        new = stopped.where(CHOICE.c.member_id.not_in(there)).add_columns(
            *(sa.literal(value) for value in USUAL[table].values())
        )
        op.execute(sa.insert(table).from_select(["member_id", *USUAL[table]], new))
        op.execute(sa.update(table).where(table.c.member_id.in_(stopped)).values({column: off}))
    op.drop_table("letters_quiet")
    op.drop_table("letters_choice")


def _member() -> sa.Column:
    return sa.Column("member_id", BIG, nullable=False)


def _of_member(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_member_id")
    return sa.ForeignKeyConstraint(
        ["member_id"], ["members_member.id"], name=name, ondelete="CASCADE"
    )
