"""Rings of exchanges: who would give what to whom, what each said, which listings are taken."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0046"

SQL = Path(__file__).parent.parent / "sql"
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _ring()
    _hold()
    _member()
    _run("guards")


def downgrade() -> None:
    for table in ("exchanges_ring_member", "exchanges_ring_hold", "exchanges_ring"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        _run("unguard")


def _run(name: str) -> None:
    """Run the statements of a file, which a line of two dashes and a semicolon parts."""
    dialect = op.get_bind().dialect.name
    for statement in (SQL / f"0042_{name}_{dialect}.sql").read_text("utf-8").split("--;"):
        op.get_bind().exec_driver_sql(statement)


def _ring() -> None:
    op.create_table(
        "exchanges_ring",
        sa.Column("id", BIG, nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("value_cents", BIG, nullable=False),
        sa.Column("score", BIG, nullable=False),
        sa.Column("state", sa.String(length=11), nullable=False),
        sa.Column("cause", sa.String(length=8), nullable=False),
        sa.Column("input_hash", sa.String(length=64), nullable=False),
        sa.Column("deal_id", BIG, nullable=True),
        sa.Column("suggested_at", AT, nullable=False),
        sa.Column("expires_at", AT, nullable=False),
        sa.Column("changed_at", AT, nullable=False),
        sa.CheckConstraint(
            "(state IN ('lapsed', 'refused')) = (cause <> '')", name=op.f("ck_exchanges_ring_ended")
        ),
        sa.CheckConstraint(
            "cause IN ('', 'time', 'listing', 'taken', 'refused', 'deal')",
            name=op.f("ck_exchanges_ring_cause"),
        ),
        sa.CheckConstraint(
            "state <> 'became_deal' OR deal_id IS NOT NULL", name=op.f("ck_exchanges_ring_deal")
        ),
        sa.CheckConstraint(
            "state IN ('suggested', 'opened', 'accepted', 'became_deal', 'lapsed', 'refused')",
            name=op.f("ck_exchanges_ring_state"),
        ),
        sa.CheckConstraint("size >= 2 AND size <= 4", name=op.f("ck_exchanges_ring_size")),
        sa.CheckConstraint("value_cents > 0", name=op.f("ck_exchanges_ring_value")),
        sa.ForeignKeyConstraint(
            ["deal_id"], ["exchanges_deal.id"], name=op.f("fk_exchanges_ring_deal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges_ring")),
        sa.UniqueConstraint("deal_id", name=op.f("uq_exchanges_ring_deal_id")),
        sa.UniqueConstraint("input_hash", name=op.f("uq_exchanges_ring_input_hash")),
    )
    op.create_index(
        "ix_exchanges_ring_expires", "exchanges_ring", ["state", "expires_at", "id"], unique=False
    )
    op.create_index(
        "ix_exchanges_ring_newest", "exchanges_ring", ["suggested_at", "id"], unique=False
    )


def _hold() -> None:
    op.create_table(
        "exchanges_ring_hold",
        sa.Column("listing_id", BIG, autoincrement=False, nullable=False),
        sa.Column("ring_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["exchanges_listing.id"], name=op.f("fk_exchanges_ring_hold_listing_id")
        ),
        sa.ForeignKeyConstraint(
            ["ring_id"], ["exchanges_ring.id"], name=op.f("fk_exchanges_ring_hold_ring_id")
        ),
        sa.PrimaryKeyConstraint("listing_id", name=op.f("pk_exchanges_ring_hold")),
    )
    op.create_index("ix_exchanges_ring_hold_ring", "exchanges_ring_hold", ["ring_id"], unique=False)


def _member() -> None:
    op.create_table(
        "exchanges_ring_member",
        sa.Column("ring_id", BIG, nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("firm_id", BIG, nullable=False),
        sa.Column("offer_id", BIG, nullable=False),
        sa.Column("need_id", BIG, nullable=False),
        sa.Column("skill_id", BIG, nullable=False),
        sa.Column("said", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("said_by_id", BIG, nullable=True),
        sa.Column("said_at", AT, nullable=True),
        sa.Column("vat_bp", BIG, nullable=True),
        sa.Column("told_at", AT, nullable=True),
        sa.CheckConstraint(
            "(said = '') = (said_at IS NULL)", name=op.f("ck_exchanges_ring_member_said_at")
        ),
        sa.CheckConstraint(
            "said IN ('', 'interested', 'refused')", name=op.f("ck_exchanges_ring_member_said")
        ),
        sa.CheckConstraint("offer_id <> need_id", name=op.f("ck_exchanges_ring_member_listings")),
        sa.CheckConstraint("seq >= 0 AND seq < 4", name=op.f("ck_exchanges_ring_member_seq")),
        sa.CheckConstraint(
            "vat_bp >= 0 AND vat_bp <= 10000", name=op.f("ck_exchanges_ring_member_rate")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id"], ["members_firm.id"], name=op.f("fk_exchanges_ring_member_firm_id")
        ),
        sa.ForeignKeyConstraint(
            ["need_id"], ["exchanges_listing.id"], name=op.f("fk_exchanges_ring_member_need_id")
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["exchanges_listing.id"], name=op.f("fk_exchanges_ring_member_offer_id")
        ),
        sa.ForeignKeyConstraint(
            ["ring_id"], ["exchanges_ring.id"], name=op.f("fk_exchanges_ring_member_ring_id")
        ),
        sa.ForeignKeyConstraint(
            ["said_by_id"], ["members_member.id"], name=op.f("fk_exchanges_ring_member_said_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["skill_id"], ["members_skill.id"], name=op.f("fk_exchanges_ring_member_skill_id")
        ),
        sa.PrimaryKeyConstraint("ring_id", "seq", name=op.f("pk_exchanges_ring_member")),
        sa.UniqueConstraint(
            "ring_id", "firm_id", name=op.f("uq_exchanges_ring_member_ring_id_firm_id")
        ),
    )
    op.create_index(
        "ix_exchanges_ring_member_firm",
        "exchanges_ring_member",
        ["firm_id", "ring_id"],
        unique=False,
    )
    op.create_index(
        "ix_exchanges_ring_member_need", "exchanges_ring_member", ["need_id"], unique=False
    )
    op.create_index(
        "ix_exchanges_ring_member_offer", "exchanges_ring_member", ["offer_id"], unique=False
    )
    op.create_index(
        "ix_exchanges_ring_member_skill", "exchanges_ring_member", ["skill_id"], unique=False
    )
