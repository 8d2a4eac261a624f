"""Invoices of deals, set-offs that settle them, and what the database refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"

SQL = Path(__file__).parent.parent / "sql"
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
TABLES = (
    "exchanges_books",
    "exchanges_identity",
    "exchanges_series",
    "exchanges_invoice",
    "exchanges_setoff",
    "exchanges_setoff_line",
    "exchanges_setoff_consent",
)


def upgrade() -> None:
    _books()
    _identity()
    _series()
    _invoice()
    _setoff()
    _setoff_line()
    _setoff_consent()
    _run("guards")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        _run("unguard")


def _run(name: str) -> None:
    """Run the statements of a file, which a line of two dashes and a semicolon parts."""
    dialect = op.get_bind().dialect.name
    for statement in (SQL / f"0041_{name}_{dialect}.sql").read_text("utf-8").split("--;"):
        op.get_bind().exec_driver_sql(statement)


def _books() -> None:
    op.create_table(
        "exchanges_books",
        sa.Column("firm_id", BIG, nullable=False),
        sa.Column("closed_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["firm_id"], ["members_firm.id"], name=op.f("fk_exchanges_books_firm_id")
        ),
        sa.PrimaryKeyConstraint("firm_id", name=op.f("pk_exchanges_books")),
    )


def _identity() -> None:
    op.create_table(
        "exchanges_identity",
        sa.Column("id", BIG, nullable=False),
        sa.Column("firm_id", BIG, nullable=False),
        sa.Column("legal_name", sa.String(length=120), nullable=False),
        sa.Column("legal_form", sa.String(length=80), nullable=False),
        sa.Column("street", sa.String(length=200), nullable=False),
        sa.Column("postcode", sa.String(length=12), nullable=False),
        sa.Column("city", sa.String(length=80), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("siren", sa.String(length=40), nullable=False),
        sa.Column("vat_number", sa.String(length=20), nullable=False),
        sa.Column("regime", sa.String(length=14), nullable=False),
        sa.Column("vat_on", sa.String(length=7), nullable=False),
        sa.Column("prefix", sa.String(length=12), nullable=False),
        sa.Column("by_id", BIG, nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.CheckConstraint(
            "regime IN ('normal', 'franchise_293B', 'reverse_charge', 'foreign')",
            name=op.f("ck_exchanges_identity_regime"),
        ),
        sa.CheckConstraint(
            "vat_on IN ('debits', 'receipt')", name=op.f("ck_exchanges_identity_vat_on")
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["members_member.id"], name=op.f("fk_exchanges_identity_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id"], ["members_firm.id"], name=op.f("fk_exchanges_identity_firm_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges_identity")),
    )
    op.create_index(
        "ix_exchanges_identity_firm", "exchanges_identity", ["firm_id", "id"], unique=False
    )


def _series() -> None:
    op.create_table(
        "exchanges_series",
        sa.Column("firm_id", BIG, nullable=False),
        sa.Column("year", BIG, nullable=False),
        sa.Column("last_no", BIG, nullable=False),
        sa.CheckConstraint("last_no >= 0", name=op.f("ck_exchanges_series_last_no")),
        sa.ForeignKeyConstraint(
            ["firm_id"], ["members_firm.id"], name=op.f("fk_exchanges_series_firm_id")
        ),
        sa.PrimaryKeyConstraint("firm_id", "year", name=op.f("pk_exchanges_series")),
    )


def _invoice() -> None:
    op.create_table("exchanges_invoice", *_invoice_columns(), *_invoice_rules())
    op.create_index(
        "ix_exchanges_invoice_deal", "exchanges_invoice", ["deal_id", "id"], unique=False
    )
    op.create_index(
        "ix_exchanges_invoice_due", "exchanges_invoice", ["status", "due_on", "id"], unique=False
    )
    op.create_index(
        "ix_exchanges_invoice_issuer",
        "exchanges_invoice",
        ["issuer_id", "issued_on", "id"],
        unique=False,
    )
    op.create_index(
        "ix_exchanges_invoice_recipient",
        "exchanges_invoice",
        ["recipient_id", "issued_on", "id"],
        unique=False,
    )
    op.create_index(
        "uq_exchanges_invoice_leg_live",
        "exchanges_invoice",
        ["leg_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'invoice' AND status <> 'credited'"),
        postgresql_where=sa.text("kind = 'invoice' AND status <> 'credited'"),
    )


def _invoice_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=7), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=11), nullable=False),
        sa.Column("deal_id", BIG, nullable=False),
        sa.Column("leg_id", BIG, nullable=False),
        sa.Column("credits_id", BIG, nullable=True),
        sa.Column("issuer_id", BIG, nullable=False),
        sa.Column("recipient_id", BIG, nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("series_year", BIG, nullable=True),
        sa.Column("series_no", BIG, nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("supplied_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("quantity", BIG, nullable=True),
        sa.Column("unit", sa.String(length=30), nullable=False),
        sa.Column("in_cash", sa.Boolean(), nullable=False),
        sa.Column("ht_cents", BIG, nullable=False),
        sa.Column("vat_cents", BIG, nullable=False),
        sa.Column("ttc_cents", BIG, nullable=False),
        sa.Column("vat_by_rate", sa.JSON(), nullable=False),
        sa.Column("regime", sa.String(length=14), nullable=False),
        sa.Column("vat_on", sa.String(length=7), nullable=False),
        sa.Column("operation", sa.String(length=8), nullable=False),
        sa.Column("mention", sa.Text(), nullable=False),
        sa.Column("seller", sa.JSON(), nullable=False),
        sa.Column("buyer", sa.JSON(), nullable=False),
        sa.Column("issuer_siren", sa.String(length=40), nullable=False),
        sa.Column("recipient_siren", sa.String(length=40), nullable=False),
        sa.Column("file_key", sa.String(length=32), nullable=True),
        sa.Column("file_name", sa.String(length=130), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("applied_cents", BIG, nullable=False),
        sa.Column("paid_cents", BIG, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_by_id", BIG, nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.Column("changed_at", AT, nullable=False),
    ]


def _invoice_rules() -> list[sa.Constraint]:
    return [
        sa.CheckConstraint(
            "applied_cents + paid_cents <= ttc_cents", name=op.f("ck_exchanges_invoice_applied")
        ),
        sa.CheckConstraint(
            "ht_cents >= 0 AND vat_cents >= 0 AND ttc_cents > 0",
            name=op.f("ck_exchanges_invoice_cents"),
        ),
        sa.CheckConstraint(
            "(kind = 'credit') = (credits_id IS NOT NULL)",
            name=op.f("ck_exchanges_invoice_credits"),
        ),
        sa.CheckConstraint("issuer_id <> recipient_id", name=op.f("ck_exchanges_invoice_firms")),
        sa.CheckConstraint(
            "(status = 'draft') = (issued_on IS NULL)", name=op.f("ck_exchanges_invoice_issued_on")
        ),
        sa.CheckConstraint("kind IN ('invoice', 'credit')", name=op.f("ck_exchanges_invoice_kind")),
        sa.CheckConstraint(
            "(status = 'draft') = (number IS NULL)", name=op.f("ck_exchanges_invoice_number")
        ),
        sa.CheckConstraint(
            "operation IN ('goods', 'services', 'mixed')",
            name=op.f("ck_exchanges_invoice_operation"),
        ),
        sa.CheckConstraint(
            "origin IN ('prepared', 'registered')", name=op.f("ck_exchanges_invoice_origin")
        ),
        sa.CheckConstraint(
            "regime IN ('normal', 'franchise_293B', 'reverse_charge', 'foreign')",
            name=op.f("ck_exchanges_invoice_regime"),
        ),
        sa.CheckConstraint(
            "(series_no IS NULL) = (series_year IS NULL)", name=op.f("ck_exchanges_invoice_series")
        ),
        sa.CheckConstraint(
            "applied_cents >= 0 AND paid_cents >= 0", name=op.f("ck_exchanges_invoice_settled")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'issued', 'received', 'contested', 'compensated', 'paid', 'credited')",
            name=op.f("ck_exchanges_invoice_status"),
        ),
        sa.CheckConstraint(
            "ttc_cents = ht_cents + vat_cents", name=op.f("ck_exchanges_invoice_total")
        ),
        sa.CheckConstraint(
            "regime = 'normal' OR vat_cents = 0", name=op.f("ck_exchanges_invoice_untaxed")
        ),
        sa.CheckConstraint(
            "vat_on IN ('debits', 'receipt')", name=op.f("ck_exchanges_invoice_vat_on")
        ),
        sa.CheckConstraint(
            "status NOT IN ('compensated', 'paid') OR applied_cents + paid_cents = ttc_cents",
            name=op.f("ck_exchanges_invoice_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["credits_id"], ["exchanges_invoice.id"], name=op.f("fk_exchanges_invoice_credits_id")
        ),
        sa.ForeignKeyConstraint(
            ["deal_id"], ["exchanges_deal.id"], name=op.f("fk_exchanges_invoice_deal_id")
        ),
        sa.ForeignKeyConstraint(
            ["issuer_id"], ["members_firm.id"], name=op.f("fk_exchanges_invoice_issuer_id")
        ),
        sa.ForeignKeyConstraint(
            ["leg_id"], ["exchanges_deal_leg.id"], name=op.f("fk_exchanges_invoice_leg_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["members_member.id"], name=op.f("fk_exchanges_invoice_made_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["members_firm.id"], name=op.f("fk_exchanges_invoice_recipient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges_invoice")),
        sa.UniqueConstraint("credits_id", name=op.f("uq_exchanges_invoice_credits_id")),
        sa.UniqueConstraint(
            "issuer_id", "number", name=op.f("uq_exchanges_invoice_issuer_id_number")
        ),
        sa.UniqueConstraint(
            "issuer_id",
            "series_year",
            "series_no",
            name=op.f("uq_exchanges_invoice_issuer_id_series_year_series_no"),
        ),
    ]


def _setoff() -> None:
    op.create_table(
        "exchanges_setoff",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=9), nullable=False),
        sa.Column("basis", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("deal_id", BIG, nullable=True),
        sa.Column("round_id", BIG, nullable=True),
        sa.Column("plan_hash", sa.String(length=64), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("made_by_id", BIG, nullable=True),
        sa.Column("made_at", AT, nullable=False),
        sa.CheckConstraint(
            "basis IN ('1347', '1348-2 + convention')", name=op.f("ck_exchanges_setoff_basis")
        ),
        sa.CheckConstraint(
            "kind <> 'deal' OR deal_id IS NOT NULL", name=op.f("ck_exchanges_setoff_deal")
        ),
        sa.CheckConstraint(
            "(state = 'effective') = (effective_on IS NOT NULL)",
            name=op.f("ck_exchanges_setoff_effective"),
        ),
        sa.CheckConstraint(
            "kind IN ('bilateral', 'deal', 'round')", name=op.f("ck_exchanges_setoff_kind")
        ),
        sa.CheckConstraint(
            "(kind = 'round') = (round_id IS NOT NULL)", name=op.f("ck_exchanges_setoff_round")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'signed', 'effective', 'void')",
            name=op.f("ck_exchanges_setoff_state"),
        ),
        sa.ForeignKeyConstraint(
            ["deal_id"], ["exchanges_deal.id"], name=op.f("fk_exchanges_setoff_deal_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["members_member.id"], name=op.f("fk_exchanges_setoff_made_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges_setoff")),
        sa.UniqueConstraint("round_id", name=op.f("uq_exchanges_setoff_round_id")),
    )
    op.create_index("ix_exchanges_setoff_deal", "exchanges_setoff", ["deal_id", "id"], unique=False)
    op.create_index(
        "uq_exchanges_setoff_open",
        "exchanges_setoff",
        ["deal_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'deal' AND state IN ('draft', 'signed')"),
        postgresql_where=sa.text("kind = 'deal' AND state IN ('draft', 'signed')"),
    )


def _setoff_line() -> None:
    op.create_table(
        "exchanges_setoff_line",
        sa.Column("id", BIG, nullable=False),
        sa.Column("setoff_id", BIG, nullable=False),
        sa.Column("invoice_id", BIG, nullable=False),
        sa.Column("applied_cents", BIG, nullable=False),
        sa.CheckConstraint("applied_cents > 0", name=op.f("ck_exchanges_setoff_line_applied")),
        sa.ForeignKeyConstraint(
            ["invoice_id"],
            ["exchanges_invoice.id"],
            name=op.f("fk_exchanges_setoff_line_invoice_id"),
        ),
        sa.ForeignKeyConstraint(
            ["setoff_id"], ["exchanges_setoff.id"], name=op.f("fk_exchanges_setoff_line_setoff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges_setoff_line")),
        sa.UniqueConstraint(
            "setoff_id", "invoice_id", name=op.f("uq_exchanges_setoff_line_setoff_id_invoice_id")
        ),
    )
    op.create_index(
        "ix_exchanges_setoff_line_invoice",
        "exchanges_setoff_line",
        ["invoice_id", "id"],
        unique=False,
    )


def _setoff_consent() -> None:
    op.create_table(
        "exchanges_setoff_consent",
        sa.Column("id", BIG, nullable=False),
        sa.Column("setoff_id", BIG, nullable=False),
        sa.Column("firm_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("plan_hash", sa.String(length=64), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id"], ["members_firm.id"], name=op.f("fk_exchanges_setoff_consent_firm_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["members_member.id"], name=op.f("fk_exchanges_setoff_consent_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["setoff_id"],
            ["exchanges_setoff.id"],
            name=op.f("fk_exchanges_setoff_consent_setoff_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges_setoff_consent")),
        sa.UniqueConstraint(
            "setoff_id",
            "firm_id",
            "plan_hash",
            name=op.f("uq_exchanges_setoff_consent_setoff_id_firm_id_plan_hash"),
        ),
    )
