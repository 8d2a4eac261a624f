"""Rounds of netting: who takes part, what each computing gave, and what the database refuses."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0045"

SQL = Path(__file__).parent.parent / "sql"
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
TABLES = (
    "exchanges_netting_switch",
    "exchanges_netting_part",
    "exchanges_round",
    "exchanges_round_revision",
    "exchanges_round_line",
    "exchanges_round_notice",
)


def upgrade() -> None:
    _switch()
    _part()
    _round()
    _revision()
    _line()
    _notice()
    _run("guards")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        _run("unguard")


def _run(name: str) -> None:
    """Run the statements of a file, which a line of two dashes and a semicolon parts."""
    dialect = op.get_bind().dialect.name
    for statement in (SQL / f"0043_{name}_{dialect}.sql").read_text("utf-8").split("--;"):
        op.get_bind().exec_driver_sql(statement)


def _switch() -> None:
    op.create_table(
        "exchanges_netting_switch",
        sa.Column("id", BIG, nullable=False),
        sa.Column("turned_on", sa.Boolean(), nullable=False),
        sa.Column("text_read", sa.Text(), nullable=False),
        sa.Column("by_id", BIG, nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.CheckConstraint(
            "NOT turned_on OR text_read <> ''", name=op.f("ck_exchanges_netting_switch_read")
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["members_member.id"], name=op.f("fk_exchanges_netting_switch_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges_netting_switch")),
    )


def _part() -> None:
    op.create_table(
        "exchanges_netting_part",
        sa.Column("id", BIG, nullable=False),
        sa.Column("firm_id", BIG, nullable=False),
        sa.Column("by_id", BIG, nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("ended_by_id", BIG, nullable=True),
        sa.Column("ended_at", AT, nullable=True),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by_id IS NULL)",
            name=op.f("ck_exchanges_netting_part_ended"),
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["members_member.id"], name=op.f("fk_exchanges_netting_part_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"],
            ["members_member.id"],
            name=op.f("fk_exchanges_netting_part_ended_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id"], ["members_firm.id"], name=op.f("fk_exchanges_netting_part_firm_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges_netting_part")),
    )
    op.create_index(
        "uq_exchanges_netting_part_firm",
        "exchanges_netting_part",
        ["firm_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _round() -> None:
    op.create_table(
        "exchanges_round",
        sa.Column("id", BIG, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("mode", sa.String(6), nullable=False),
        sa.Column("cutoff", sa.Date(), nullable=False),
        sa.Column("seed", BIG, nullable=False),
        sa.Column("answer_days", BIG, nullable=False),
        sa.Column("answer_by", AT, nullable=True),
        sa.Column("revision", BIG, nullable=False),
        sa.Column("running", sa.Boolean(), nullable=True),
        sa.Column("once", sa.String(40), nullable=False),
        sa.Column("opened_by_id", BIG, nullable=False),
        sa.Column("opened_at", AT, nullable=False),
        sa.Column("executed_by_id", BIG, nullable=True),
        sa.Column("executed_at", AT, nullable=True),
        sa.Column("setoff_id", BIG, nullable=True),
        sa.Column("txn_id", BIG, nullable=True),
        sa.Column("published_by_id", BIG, nullable=True),
        sa.Column("published_at", AT, nullable=True),
        sa.Column("cancelled_at", AT, nullable=True),
        sa.Column("words", sa.String(300), nullable=False),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancelled_at IS NOT NULL)",
            name=op.f("ck_exchanges_round_cancelled"),
        ),
        sa.CheckConstraint("answer_days BETWEEN 2 AND 30", name=op.f("ck_exchanges_round_days")),
        sa.CheckConstraint(
            "(state IN ('executed', 'published')) = (executed_at IS NOT NULL)",
            name=op.f("ck_exchanges_round_executed"),
        ),
        sa.CheckConstraint("mode IN ('pure', 'credit')", name=op.f("ck_exchanges_round_mode")),
        sa.CheckConstraint(
            "(state = 'published') = (published_at IS NOT NULL)",
            name=op.f("ck_exchanges_round_published"),
        ),
        sa.CheckConstraint(
            "mode = 'credit' OR txn_id IS NULL", name=op.f("ck_exchanges_round_pure")
        ),
        sa.CheckConstraint(
            "(running IS NOT NULL) = (state IN ('collecting', 'computed', 'previewed', 'consented'))",
            name=op.f("ck_exchanges_round_running"),
        ),
        sa.CheckConstraint(
            "(state IN ('executed', 'published')) = (setoff_id IS NOT NULL)",
            name=op.f("ck_exchanges_round_setoff"),
        ),
        sa.CheckConstraint(
            "state IN ('collecting', 'computed', 'previewed', 'consented', 'executed', 'published', 'cancelled')",
            name=op.f("ck_exchanges_round_state"),
        ),
        sa.ForeignKeyConstraint(
            ["executed_by_id"],
            ["members_member.id"],
            name=op.f("fk_exchanges_round_executed_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["members_member.id"], name=op.f("fk_exchanges_round_opened_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"],
            ["members_member.id"],
            name=op.f("fk_exchanges_round_published_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["setoff_id"], ["exchanges_setoff.id"], name=op.f("fk_exchanges_round_setoff_id")
        ),
        sa.ForeignKeyConstraint(
            ["txn_id"], ["exchanges_txn.id"], name=op.f("fk_exchanges_round_txn_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges_round")),
        sa.UniqueConstraint(
            "opened_by_id", "once", name=op.f("uq_exchanges_round_opened_by_id_once")
        ),
        sa.UniqueConstraint("running", name=op.f("uq_exchanges_round_running")),
        sa.UniqueConstraint("setoff_id", name=op.f("uq_exchanges_round_setoff_id")),
        sa.UniqueConstraint("txn_id", name=op.f("uq_exchanges_round_txn_id")),
    )
    op.create_index("ix_exchanges_round_state", "exchanges_round", ["state", "answer_by"])


def _revision() -> None:
    op.create_table(
        "exchanges_round_revision",
        sa.Column("id", BIG, nullable=False),
        sa.Column("round_id", BIG, nullable=False),
        sa.Column("no", BIG, nullable=False),
        sa.Column("reason", sa.String(7), nullable=False),
        sa.Column("input_sha", sa.String(64), nullable=False),
        sa.Column("solver", sa.String(7), nullable=False),
        sa.Column("solver_version", sa.String(40), nullable=False),
        sa.Column("owed_cents", BIG, nullable=False),
        sa.Column("cleared_cents", BIG, nullable=False),
        sa.Column("firms", BIG, nullable=False),
        sa.Column("debts", BIG, nullable=False),
        sa.Column("lengths", sa.JSON(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("by_id", BIG, nullable=True),
        sa.Column("at", AT, nullable=False),
        sa.CheckConstraint(
            "0 <= cleared_cents AND cleared_cents <= owed_cents",
            name=op.f("ck_exchanges_round_revision_cents"),
        ),
        sa.CheckConstraint(
            "reason IN ('first', 'again', 'refused', 'silent', 'moved')",
            name=op.f("ck_exchanges_round_revision_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["members_member.id"], name=op.f("fk_exchanges_round_revision_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["exchanges_round.id"], name=op.f("fk_exchanges_round_revision_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges_round_revision")),
        sa.UniqueConstraint("round_id", "no", name=op.f("uq_exchanges_round_revision_round_id_no")),
    )


def _line() -> None:
    op.create_table(
        "exchanges_round_line",
        sa.Column("id", BIG, nullable=False),
        sa.Column("round_id", BIG, nullable=False),
        sa.Column("revision", BIG, nullable=False),
        sa.Column("invoice_id", BIG, nullable=False),
        sa.Column("debtor_id", BIG, nullable=False),
        sa.Column("creditor_id", BIG, nullable=False),
        sa.Column("owed_cents", BIG, nullable=False),
        sa.Column("cleared_cents", BIG, nullable=False),
        sa.CheckConstraint(
            "0 < cleared_cents AND cleared_cents <= owed_cents",
            name=op.f("ck_exchanges_round_line_cleared"),
        ),
        sa.CheckConstraint("debtor_id <> creditor_id", name=op.f("ck_exchanges_round_line_firms")),
        sa.ForeignKeyConstraint(
            ["creditor_id"], ["members_firm.id"], name=op.f("fk_exchanges_round_line_creditor_id")
        ),
        sa.ForeignKeyConstraint(
            ["debtor_id"], ["members_firm.id"], name=op.f("fk_exchanges_round_line_debtor_id")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"],
            ["exchanges_invoice.id"],
            name=op.f("fk_exchanges_round_line_invoice_id"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["exchanges_round.id"], name=op.f("fk_exchanges_round_line_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges_round_line")),
        sa.UniqueConstraint(
            "round_id",
            "revision",
            "invoice_id",
            name=op.f("uq_exchanges_round_line_round_id_revision_invoice_id"),
        ),
    )
    op.create_index(
        "ix_exchanges_round_line_creditor",
        "exchanges_round_line",
        ["round_id", "revision", "creditor_id"],
    )
    op.create_index(
        "ix_exchanges_round_line_debtor",
        "exchanges_round_line",
        ["round_id", "revision", "debtor_id"],
    )


def _notice() -> None:
    op.create_table(
        "exchanges_round_notice",
        sa.Column("id", BIG, nullable=False),
        sa.Column("round_id", BIG, nullable=False),
        sa.Column("firm_id", BIG, nullable=False),
        sa.Column("number", BIG, nullable=False),
        sa.Column("payables_cleared", BIG, nullable=False),
        sa.Column("receivables_cleared", BIG, nullable=False),
        sa.Column("ledger_delta", BIG, nullable=False),
        sa.Column("accepted_at", AT, nullable=True),
        sa.Column("refused_at", AT, nullable=True),
        sa.Column("silent_at", AT, nullable=True),
        sa.Column("reminded_at", AT, nullable=True),
        sa.Column("who_id", BIG, nullable=True),
        sa.CheckConstraint(
            "payables_cleared >= 0 AND receivables_cleared >= 0",
            name=op.f("ck_exchanges_round_notice_cents"),
        ),
        sa.CheckConstraint(
            "ledger_delta = receivables_cleared - payables_cleared",
            name=op.f("ck_exchanges_round_notice_delta"),
        ),
        sa.CheckConstraint(
            "refused_at IS NULL OR silent_at IS NULL", name=op.f("ck_exchanges_round_notice_out")
        ),
        sa.CheckConstraint(
            "silent_at IS NULL OR accepted_at IS NULL",
            name=op.f("ck_exchanges_round_notice_silent"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id"], ["members_firm.id"], name=op.f("fk_exchanges_round_notice_firm_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["exchanges_round.id"], name=op.f("fk_exchanges_round_notice_round_id")
        ),
        sa.ForeignKeyConstraint(
            ["who_id"], ["members_member.id"], name=op.f("fk_exchanges_round_notice_who_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges_round_notice")),
        sa.UniqueConstraint(
            "round_id", "firm_id", name=op.f("uq_exchanges_round_notice_round_id_firm_id")
        ),
        sa.UniqueConstraint(
            "round_id", "number", name=op.f("uq_exchanges_round_notice_round_id_number")
        ),
    )
    op.create_index(
        "ix_exchanges_round_notice_firm", "exchanges_round_notice", ["firm_id", "round_id"]
    )
