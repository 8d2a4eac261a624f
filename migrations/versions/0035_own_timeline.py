"""Members' own timelines, filled from the log that is there already."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from incubator.reactions.audit.own_lines import lines_of
from incubator.reactions.audit.own_rules import KIND_OF, Act

revision = "0035"
down_revision = "0031"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "audit_own"
AT_ONCE = 1000
LOG = sa.table(
    "audit_entry",
    sa.column("id", BIG),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("action", sa.String()),
    sa.column("actor_id", BIG),
    sa.column("member_id", BIG),
    sa.column("data", sa.JSON()),
)
MEMBERS = sa.table("members_member", sa.column("id", BIG))


def upgrade() -> None:
    own = op.create_table(
        TABLE,
        sa.Column("id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("action", sa.String(60), nullable=False),
        sa.Column("by_id", BIG),
        sa.Column("about", sa.String(20), nullable=False),
        sa.Column("about_id", BIG),
        sa.Column("minutes", BIG),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members_member.id"], name=op.f(f"fk_{TABLE}_member_id")
        ),
    )
    _fill(own)
    op.create_index(f"ix_{TABLE}_member_id", TABLE, ["member_id", "at", "id"])
    op.create_index(f"ix_{TABLE}_kind", TABLE, ["member_id", "kind", "at", "id"])


def downgrade() -> None:
    op.drop_table(TABLE)


def _fill(own: sa.Table) -> None:
    """So many entries at a time: a log may be longer than the memory."""
    connection, last = op.get_bind(), 0
    known = set(connection.scalars(sa.select(MEMBERS.c.id)))
    told = sa.select(LOG).where(LOG.c.action.in_(KIND_OF)).order_by(LOG.c.id).limit(AT_ONCE)
    while entries := connection.execute(told.where(LOG.c.id > last)).all():
        last = entries[-1].id
        lines = [
            line
            for entry in entries
            for line in lines_of(
                Act(entry.action, entry.actor_id, entry.member_id, entry.data), entry.at
            )
            if line["member_id"] in known
        ]
        if lines:
            connection.execute(sa.insert(own), lines)
