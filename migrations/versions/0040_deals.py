"""Deals between firms: terms, signatures, deliveries, disputes, and what the database refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0036"

SQL = Path(__file__).parent.parent / "sql"
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
TABLES = (
    "exchanges_deal",
    "exchanges_deal_event",
    "exchanges_deal_leg",
    "exchanges_deal_party",
    "exchanges_deal_signature",
    "exchanges_soulte",
    "exchanges_dispute",
)


def upgrade() -> None:
    _deal()
    _deal_event()
    _deal_leg()
    _deal_party()
    _deal_signature()
    _soulte()
    _dispute()
    _run("guards")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        _run("unguard")


def _run(name: str) -> None:
    """Run the statements of a file, which a line of two dashes and a semicolon parts."""
    dialect = op.get_bind().dialect.name
    for statement in (SQL / f"0040_{name}_{dialect}.sql").read_text("utf-8").split("--;"):
        op.get_bind().exec_driver_sql(statement)


def _deal() -> None:
    op.create_table("exchanges_deal", *_deal_columns(), *_deal_rules())
    op.create_index(
        "ix_exchanges_deal_changed", "exchanges_deal", ["changed_at", "id"], unique=False
    )
    op.create_index("ix_exchanges_deal_due", "exchanges_deal", ["due_at", "id"], unique=False)


def _deal_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("title", sa.String(length=250), nullable=False),
        sa.Column("expires_at", AT, nullable=False),
        sa.Column("due_at", AT, nullable=True),
        sa.Column("terms_hash", sa.String(length=64), nullable=False),
        sa.Column("revision", BIG, nullable=False),
        sa.Column("turn_id", BIG, nullable=False),
        sa.Column("created_by_id", BIG, nullable=False),
        sa.Column("once", sa.String(length=40), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("changed_at", AT, nullable=False),
    ]


def _deal_rules() -> list[sa.Constraint]:
    return [
        sa.CheckConstraint("currency = 'EUR'", name=op.f("ck_exchanges_deal_currency")),
        sa.CheckConstraint(
            "kind IN ('swap', 'ring', 'credit')", name=op.f("ck_exchanges_deal_kind")
        ),
        sa.CheckConstraint(
            (
                "state IN ('draft', 'proposed', 'countered', 'signed', 'running', "
                "'disputed', 'fulfilled', 'settled', 'part_settled', 'cancelled', "
                "'declined', 'expired', 'withdrawn', 'closed')"
            ),
            name=op.f("ck_exchanges_deal_state"),
        ),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_exchanges_deal_revision")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["members_member.id"], name=op.f("fk_exchanges_deal_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["turn_id"], ["members_firm.id"], name=op.f("fk_exchanges_deal_turn_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges_deal")),
        sa.UniqueConstraint(
            "created_by_id", "once", name=op.f("uq_exchanges_deal_created_by_id_once")
        ),
    ]


def _deal_event() -> None:
    op.create_table(
        "exchanges_deal_event",
        sa.Column("id", BIG, nullable=False),
        sa.Column("deal_id", BIG, nullable=False),
        sa.Column("verb", sa.String(length=12), nullable=False),
        sa.Column("by_id", BIG, nullable=True),
        sa.Column("firm_id", BIG, nullable=True),
        sa.Column("leg_id", BIG, nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["members_member.id"], name=op.f("fk_exchanges_deal_event_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["deal_id"], ["exchanges_deal.id"], name=op.f("fk_exchanges_deal_event_deal_id")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id"], ["members_firm.id"], name=op.f("fk_exchanges_deal_event_firm_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges_deal_event")),
    )
    op.create_index(
        "ix_exchanges_deal_event_deal", "exchanges_deal_event", ["deal_id", "id"], unique=False
    )


def _deal_leg() -> None:
    op.create_table("exchanges_deal_leg", *_deal_leg_columns(), *_deal_leg_rules())
    op.create_index("ix_exchanges_deal_leg_skill", "exchanges_deal_leg", ["skill_id"], unique=False)


def _deal_leg_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", BIG, nullable=False),
        sa.Column("deal_id", BIG, nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("giver_id", BIG, nullable=False),
        sa.Column("receiver_id", BIG, nullable=False),
        sa.Column("mode", sa.String(length=6), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("quantity", BIG, nullable=True),
        sa.Column("unit", sa.String(length=30), nullable=False),
        sa.Column("skill_id", BIG, nullable=True),
        sa.Column("listing_id", BIG, nullable=True),
        sa.Column("ht_cents", BIG, nullable=False),
        sa.Column("vat_bp", BIG, nullable=True),
        sa.Column("vat_cents", BIG, nullable=False),
        sa.Column("ttc_cents", BIG, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=13), nullable=False),
        sa.Column("delivered_at", AT, nullable=True),
        sa.Column("accepted_at", AT, nullable=True),
        sa.Column("accepted_cents", BIG, nullable=True),
        sa.Column("reminded_at", AT, nullable=True),
    ]


def _deal_leg_rules() -> list[sa.Constraint]:
    return [
        sa.CheckConstraint(
            "(mode = 'gift') = (ttc_cents = 0)", name=op.f("ck_exchanges_deal_leg_gift")
        ),
        sa.CheckConstraint(
            "mode IN ('barter', 'gift', 'cash')", name=op.f("ck_exchanges_deal_leg_mode")
        ),
        sa.CheckConstraint(
            (
                "state IN ('committed', 'delivered', 'contested', 'accepted', "
                "'part_accepted', 'posted', 'invoiced', 'compensated', 'refused', "
                "'released')"
            ),
            name=op.f("ck_exchanges_deal_leg_state"),
        ),
        sa.CheckConstraint(
            "accepted_at IS NULL OR delivered_at IS NOT NULL",
            name=op.f("ck_exchanges_deal_leg_delivered"),
        ),
        sa.CheckConstraint(
            "accepted_cents >= 0 AND accepted_cents <= ttc_cents",
            name=op.f("ck_exchanges_deal_leg_accepted"),
        ),
        sa.CheckConstraint(
            "accepted_cents IS NULL OR accepted_at IS NOT NULL",
            name=op.f("ck_exchanges_deal_leg_accepted_at"),
        ),
        sa.CheckConstraint("giver_id <> receiver_id", name=op.f("ck_exchanges_deal_leg_firms")),
        sa.CheckConstraint(
            "ht_cents >= 0 AND vat_cents >= 0", name=op.f("ck_exchanges_deal_leg_cents")
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_exchanges_deal_leg_quantity")),
        sa.CheckConstraint(
            "ttc_cents = ht_cents + vat_cents", name=op.f("ck_exchanges_deal_leg_total")
        ),
        sa.CheckConstraint(
            "vat_bp >= 0 AND vat_bp <= 10000", name=op.f("ck_exchanges_deal_leg_rate")
        ),
        sa.CheckConstraint(
            "vat_bp IS NOT NULL OR vat_cents = 0", name=op.f("ck_exchanges_deal_leg_franchise")
        ),
        sa.ForeignKeyConstraint(
            ["deal_id"], ["exchanges_deal.id"], name=op.f("fk_exchanges_deal_leg_deal_id")
        ),
        sa.ForeignKeyConstraint(
            ["giver_id"], ["members_firm.id"], name=op.f("fk_exchanges_deal_leg_giver_id")
        ),
        sa.ForeignKeyConstraint(
            ["receiver_id"], ["members_firm.id"], name=op.f("fk_exchanges_deal_leg_receiver_id")
        ),
        sa.ForeignKeyConstraint(
            ["skill_id"], ["members_skill.id"], name=op.f("fk_exchanges_deal_leg_skill_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges_deal_leg")),
        sa.UniqueConstraint("deal_id", "seq", name=op.f("uq_exchanges_deal_leg_deal_id_seq")),
    ]


def _deal_party() -> None:
    op.create_table(
        "exchanges_deal_party",
        sa.Column("deal_id", BIG, nullable=False),
        sa.Column("firm_id", BIG, nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=True),
        sa.Column("cancel_at", AT, nullable=True),
        sa.ForeignKeyConstraint(
            ["deal_id"], ["exchanges_deal.id"], name=op.f("fk_exchanges_deal_party_deal_id")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id"], ["members_firm.id"], name=op.f("fk_exchanges_deal_party_firm_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["members_member.id"], name=op.f("fk_exchanges_deal_party_person_id")
        ),
        sa.PrimaryKeyConstraint("deal_id", "firm_id", name=op.f("pk_exchanges_deal_party")),
    )
    op.create_index(
        "ix_exchanges_deal_party_firm", "exchanges_deal_party", ["firm_id", "deal_id"], unique=False
    )


def _deal_signature() -> None:
    op.create_table(
        "exchanges_deal_signature",
        sa.Column("id", BIG, nullable=False),
        sa.Column("deal_id", BIG, nullable=False),
        sa.Column("firm_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("terms_hash", sa.String(length=64), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.ForeignKeyConstraint(
            ["deal_id"], ["exchanges_deal.id"], name=op.f("fk_exchanges_deal_signature_deal_id")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id"], ["members_firm.id"], name=op.f("fk_exchanges_deal_signature_firm_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["members_member.id"], name=op.f("fk_exchanges_deal_signature_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges_deal_signature")),
        sa.UniqueConstraint(
            "deal_id",
            "firm_id",
            "terms_hash",
            name=op.f("uq_exchanges_deal_signature_deal_id_firm_id_terms_hash"),
        ),
    )


def _soulte() -> None:
    op.create_table(
        "exchanges_soulte",
        sa.Column("deal_id", BIG, nullable=False),
        sa.Column("payer_id", BIG, nullable=False),
        sa.Column("payee_id", BIG, nullable=False),
        sa.Column("cents", BIG, nullable=False),
        sa.Column("paid_at", AT, nullable=True),
        sa.Column("ref", sa.String(length=80), nullable=False),
        sa.CheckConstraint("cents > 0", name=op.f("ck_exchanges_soulte_cents")),
        sa.CheckConstraint("payer_id <> payee_id", name=op.f("ck_exchanges_soulte_firms")),
        sa.ForeignKeyConstraint(
            ["deal_id"], ["exchanges_deal.id"], name=op.f("fk_exchanges_soulte_deal_id")
        ),
        sa.ForeignKeyConstraint(
            ["payee_id"], ["members_firm.id"], name=op.f("fk_exchanges_soulte_payee_id")
        ),
        sa.ForeignKeyConstraint(
            ["payer_id"], ["members_firm.id"], name=op.f("fk_exchanges_soulte_payer_id")
        ),
        sa.PrimaryKeyConstraint("deal_id", name=op.f("pk_exchanges_soulte")),
    )


def _dispute() -> None:
    op.create_table("exchanges_dispute", *_dispute_columns(), *_dispute_rules())
    op.create_index(
        "ix_exchanges_dispute_deal", "exchanges_dispute", ["deal_id", "id"], unique=False
    )
    op.create_index(
        "ix_exchanges_dispute_state",
        "exchanges_dispute",
        ["state", "opened_at", "id"],
        unique=False,
    )
    op.create_index(
        "uq_exchanges_dispute_open",
        "exchanges_dispute",
        ["leg_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('opened', 'answered', 'mediated')"),
        postgresql_where=sa.text("state IN ('opened', 'answered', 'mediated')"),
    )


def _dispute_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", BIG, nullable=False),
        sa.Column("deal_id", BIG, nullable=False),
        sa.Column("leg_id", BIG, nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.Column("cents", BIG, nullable=False),
        sa.Column("giver_agrees", sa.Boolean(), nullable=False),
        sa.Column("receiver_agrees", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=7), nullable=True),
        sa.Column("opened_by_id", BIG, nullable=False),
        sa.Column("mediator_id", BIG, nullable=True),
        sa.Column("opened_at", AT, nullable=False),
        sa.Column("called_at", AT, nullable=True),
        sa.Column("ended_at", AT, nullable=True),
    ]


def _dispute_rules() -> list[sa.Constraint]:
    return [
        sa.CheckConstraint(
            "(state = 'resolved') = (outcome IS NOT NULL)",
            name=op.f("ck_exchanges_dispute_resolved"),
        ),
        sa.CheckConstraint(
            "outcome IN ('full', 'partial', 'void')", name=op.f("ck_exchanges_dispute_outcome")
        ),
        sa.CheckConstraint(
            ("state IN ('opened', 'answered', 'mediated', 'resolved', 'withdrawn')"),
            name=op.f("ck_exchanges_dispute_state"),
        ),
        sa.CheckConstraint("cents >= 0", name=op.f("ck_exchanges_dispute_cents")),
        sa.ForeignKeyConstraint(
            ["deal_id"], ["exchanges_deal.id"], name=op.f("fk_exchanges_dispute_deal_id")
        ),
        sa.ForeignKeyConstraint(
            ["leg_id"], ["exchanges_deal_leg.id"], name=op.f("fk_exchanges_dispute_leg_id")
        ),
        sa.ForeignKeyConstraint(
            ["mediator_id"], ["members_member.id"], name=op.f("fk_exchanges_dispute_mediator_id")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["members_member.id"], name=op.f("fk_exchanges_dispute_opened_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges_dispute")),
    ]
