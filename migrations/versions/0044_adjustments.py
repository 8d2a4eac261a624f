"""Corrections between two firms that one manager proposes and another agrees to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0041"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
TABLE = "exchanges_adjustment"


def upgrade() -> None:
    op.create_table(TABLE, *_columns(), *_rules())
    op.create_index("ix_exchanges_adjustment_giver", TABLE, ["giver_id", "state", "id"])
    op.create_index("ix_exchanges_adjustment_receiver", TABLE, ["receiver_id", "state", "id"])


def downgrade() -> None:
    op.drop_table(TABLE)


def _columns() -> list[sa.Column[object]]:
    return [
        sa.Column("id", BIG, nullable=False),
        sa.Column("giver_id", BIG, nullable=False),
        sa.Column("receiver_id", BIG, nullable=False),
        sa.Column("cents", BIG, nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("once", sa.String(length=40), nullable=False),
        sa.Column("asked_by_id", BIG, nullable=False),
        sa.Column("asked_at", AT, nullable=False),
        sa.Column("decided_by_id", BIG, nullable=True),
        sa.Column("decided_at", AT, nullable=True),
        sa.Column("txn_id", BIG, nullable=True),
    ]


def _rules() -> list[sa.Constraint]:
    checks = {
        "state": "state IN ('asked', 'agreed', 'withdrawn')",
        "decided": "(state = 'asked') = (decided_at IS NULL)",
        "two": "state <> 'agreed' OR (decided_by_id <> asked_by_id AND txn_id IS NOT NULL)",
        "accounts": "giver_id <> receiver_id",
        "cents": "cents > 0",
        "reason": "reason <> ''",
    }
    keys = {
        "giver_id": "exchanges_account.id",
        "receiver_id": "exchanges_account.id",
        "asked_by_id": "members_member.id",
        "decided_by_id": "members_member.id",
        "txn_id": "exchanges_txn.id",
    }
    return [
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges_adjustment")),
        sa.UniqueConstraint(
            "asked_by_id", "once", name=op.f("uq_exchanges_adjustment_asked_by_id_once")
        ),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_exchanges_adjustment_{name}"))
            for name, rule in checks.items()
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [target], name=op.f(f"fk_exchanges_adjustment_{column}")
            )
            for column, target in keys.items()
        ),
    ]
