"""The barter ledger: accounts, transactions, limits, the switch; and what the database refuses."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0034"

SQL = Path(__file__).parent.parent / "sql"
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
TABLES = (
    "exchanges_head",
    "exchanges_sealed",
    "exchanges_site_policy",
    "exchanges_account",
    "exchanges_switch",
    "exchanges_txn",
    "exchanges_departure",
    "exchanges_entry",
    "exchanges_limit_change",
    "exchanges_reservation",
)


def upgrade() -> None:
    _head()
    _sealed()
    _site_policy()
    _account()
    _switch()
    _txn()
    _departure()
    _entry()
    _limit_change()
    _reservation()
    _run("guards")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        _run("unguard")


def _run(name: str) -> None:
    """Run the statements of a file, which a line of two dashes and a semicolon parts."""
    dialect = op.get_bind().dialect.name
    for statement in (SQL / f"0038_{name}_{dialect}.sql").read_text("utf-8").split("--;"):
        op.get_bind().exec_driver_sql(statement)


def _head() -> None:
    op.create_table(
        "exchanges_head",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("length", BIG, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("switched_on", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_exchanges_head_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges_head")),
    )


def _sealed() -> None:
    op.create_table(
        "exchanges_sealed",
        sa.Column("value", BIG, autoincrement=False, nullable=False),
        sa.CheckConstraint("value = 1", name=op.f("ck_exchanges_sealed_value")),
        sa.PrimaryKeyConstraint("value", name=op.f("pk_exchanges_sealed")),
    )


def _site_policy() -> None:
    op.create_table(
        "exchanges_site_policy",
        sa.Column("site_id", BIG, autoincrement=False, nullable=False),
        sa.Column("start_cents", BIG, nullable=False),
        sa.Column("growth_pct", BIG, nullable=False),
        sa.Column("cap_cents", BIG, nullable=False),
        sa.Column("upper_cents", BIG, nullable=False),
        sa.CheckConstraint("cap_cents >= start_cents", name=op.f("ck_exchanges_site_policy_cap")),
        sa.CheckConstraint(
            "growth_pct BETWEEN 0 AND 100", name=op.f("ck_exchanges_site_policy_growth")
        ),
        sa.CheckConstraint(
            "start_cents BETWEEN 25000 AND 100000", name=op.f("ck_exchanges_site_policy_start")
        ),
        sa.CheckConstraint("upper_cents > 0", name=op.f("ck_exchanges_site_policy_upper")),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites_site.id"], name=op.f("fk_exchanges_site_policy_site_id")
        ),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_exchanges_site_policy")),
    )


def _account() -> None:
    op.create_table(
        "exchanges_account",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("firm_id", BIG, nullable=True),
        sa.Column("balance", BIG, nullable=False),
        sa.Column("entries", BIG, nullable=False),
        sa.Column("given", BIG, nullable=False),
        sa.Column("reserved", BIG, nullable=False),
        sa.Column("lower_limit", BIG, nullable=False),
        sa.Column("soft_limit", BIG, nullable=False),
        sa.Column("upper_limit", BIG, nullable=True),
        sa.Column("frozen", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("negative_since", AT, nullable=True),
        sa.Column("age", sa.String(length=6), nullable=False),
        sa.Column("opened_at", AT, nullable=False),
        sa.Column("closed_at", AT, nullable=True),
        sa.CheckConstraint(
            "(kind = 'firm') = (firm_id IS NOT NULL)", name=op.f("ck_exchanges_account_owner")
        ),
        sa.CheckConstraint(
            "age IN ('fine', 'plan', 'settle')", name=op.f("ck_exchanges_account_age")
        ),
        sa.CheckConstraint("kind IN ('firm', 'fund')", name=op.f("ck_exchanges_account_kind")),
        sa.CheckConstraint(
            "(balance < 0) = (negative_since IS NOT NULL)",
            name=op.f("ck_exchanges_account_negative"),
        ),
        sa.CheckConstraint(
            "closed_at IS NULL OR (balance = 0 AND reserved = 0)",
            name=op.f("ck_exchanges_account_closed"),
        ),
        sa.CheckConstraint("lower_limit <= 0", name=op.f("ck_exchanges_account_lower")),
        sa.CheckConstraint("reserved >= 0", name=op.f("ck_exchanges_account_reserved")),
        sa.CheckConstraint(
            "soft_limit BETWEEN lower_limit AND 0", name=op.f("ck_exchanges_account_soft")
        ),
        sa.CheckConstraint("upper_limit >= 0", name=op.f("ck_exchanges_account_upper")),
        sa.ForeignKeyConstraint(
            ["firm_id"], ["members_firm.id"], name=op.f("fk_exchanges_account_firm_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges_account")),
        sa.UniqueConstraint("firm_id", name=op.f("uq_exchanges_account_firm_id")),
    )
    op.create_index(
        "ix_exchanges_account_owes",
        "exchanges_account",
        ["negative_since", "id"],
        sqlite_where=sa.text("negative_since IS NOT NULL"),
        postgresql_where=sa.text("negative_since IS NOT NULL"),
    )
    op.create_index(
        "uq_exchanges_account_fund",
        "exchanges_account",
        ["kind"],
        unique=True,
        sqlite_where=sa.text("kind = 'fund'"),
        postgresql_where=sa.text("kind = 'fund'"),
    )


def _switch() -> None:
    op.create_table(
        "exchanges_switch",
        sa.Column("id", BIG, nullable=False),
        sa.Column("turned_on", sa.Boolean(), nullable=False),
        sa.Column("text_read", sa.Text(), nullable=False),
        sa.Column("by_id", BIG, nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.CheckConstraint(
            "NOT turned_on OR text_read <> ''", name=op.f("ck_exchanges_switch_read")
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["members_member.id"], name=op.f("fk_exchanges_switch_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges_switch")),
    )


def _txn() -> None:
    op.create_table(
        "exchanges_txn",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("idem", sa.String(length=80), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("reverses_id", BIG, nullable=True),
        sa.Column("source_type", sa.String(length=16), nullable=False),
        sa.Column("source_id", BIG, nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("by_id", BIG, nullable=True),
        sa.Column("second_by_id", BIG, nullable=True),
        sa.Column("over_limit_by_id", BIG, nullable=True),
        sa.Column("at", AT, nullable=False),
        sa.Column("sealed", BIG, nullable=False),
        sa.Column("link", BIG, nullable=True),
        sa.Column("prev_hash", sa.String(length=64), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "(kind = 'reversal') = (reverses_id IS NOT NULL)",
            name=op.f("ck_exchanges_txn_reverses"),
        ),
        sa.CheckConstraint(
            "kind <> 'reversal' OR (by_id IS NOT NULL AND reason <> '')",
            name=op.f("ck_exchanges_txn_author"),
        ),
        sa.CheckConstraint(
            "kind IN ('settle', 'clearing', 'reversal', 'fee', 'opening', 'guarantee', 'adjustment')",
            name=op.f("ck_exchanges_txn_kind"),
        ),
        sa.CheckConstraint(
            "kind NOT IN ('guarantee', 'adjustment') OR (reason <> '' AND by_id IS NOT NULL AND second_by_id IS NOT NULL AND second_by_id <> by_id)",
            name=op.f("ck_exchanges_txn_two"),
        ),
        sa.CheckConstraint(
            "over_limit_by_id IS NULL OR (kind = 'reversal' AND over_limit_by_id = by_id)",
            name=op.f("ck_exchanges_txn_over"),
        ),
        sa.CheckConstraint(
            "(sealed = 1) = (link IS NOT NULL) AND (sealed = 1) = (hash IS NOT NULL) AND (sealed = 1) = (prev_hash IS NOT NULL)",
            name=op.f("ck_exchanges_txn_sealed"),
        ),
        sa.CheckConstraint("length(hash) = 64", name=op.f("ck_exchanges_txn_hash")),
        sa.CheckConstraint("size >= 2", name=op.f("ck_exchanges_txn_size")),
        sa.ForeignKeyConstraint(
            ["by_id"], ["members_member.id"], name=op.f("fk_exchanges_txn_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["over_limit_by_id"],
            ["members_member.id"],
            name=op.f("fk_exchanges_txn_over_limit_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["exchanges_txn.id"], name=op.f("fk_exchanges_txn_reverses_id")
        ),
        sa.ForeignKeyConstraint(
            ["sealed"],
            ["exchanges_sealed.value"],
            name=op.f("fk_exchanges_txn_sealed"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["second_by_id"], ["members_member.id"], name=op.f("fk_exchanges_txn_second_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges_txn")),
        sa.UniqueConstraint("hash", name=op.f("uq_exchanges_txn_hash")),
        sa.UniqueConstraint("idem", name=op.f("uq_exchanges_txn_idem")),
        sa.UniqueConstraint("link", name=op.f("uq_exchanges_txn_link")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_exchanges_txn_reverses_id")),
    )
    op.create_index("ix_exchanges_txn_at", "exchanges_txn", ["at", "id"])
    op.create_index("ix_exchanges_txn_source", "exchanges_txn", ["source_type", "source_id"])


def _departure() -> None:
    op.create_table(
        "exchanges_departure",
        sa.Column("id", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("balance", BIG, nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("asked_by_id", BIG, nullable=False),
        sa.Column("asked_at", AT, nullable=False),
        sa.Column("decided_by_id", BIG, nullable=True),
        sa.Column("decided_at", AT, nullable=True),
        sa.Column("txn_id", BIG, nullable=True),
        sa.CheckConstraint(
            "(state = 'asked') = (decided_at IS NULL)", name=op.f("ck_exchanges_departure_decided")
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_exchanges_departure_reason")),
        sa.CheckConstraint(
            "state <> 'agreed' OR (decided_by_id <> asked_by_id AND txn_id IS NOT NULL)",
            name=op.f("ck_exchanges_departure_two"),
        ),
        sa.CheckConstraint(
            "state IN ('asked', 'agreed', 'withdrawn')", name=op.f("ck_exchanges_departure_state")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["exchanges_account.id"], name=op.f("fk_exchanges_departure_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["members_member.id"], name=op.f("fk_exchanges_departure_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["members_member.id"],
            name=op.f("fk_exchanges_departure_decided_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["txn_id"], ["exchanges_txn.id"], name=op.f("fk_exchanges_departure_txn_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges_departure")),
    )
    op.create_index(
        "uq_exchanges_departure_asked",
        "exchanges_departure",
        ["account_id"],
        unique=True,
        sqlite_where=sa.text("state = 'asked'"),
        postgresql_where=sa.text("state = 'asked'"),
    )


def _entry() -> None:
    op.create_table(
        "exchanges_entry",
        sa.Column("id", BIG, nullable=False),
        sa.Column("txn_id", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("amount", BIG, nullable=False),
        sa.Column("no", BIG, nullable=False),
        sa.Column("balance_after", BIG, nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_exchanges_entry_amount")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["exchanges_account.id"], name=op.f("fk_exchanges_entry_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["txn_id"], ["exchanges_txn.id"], name=op.f("fk_exchanges_entry_txn_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges_entry")),
        sa.UniqueConstraint("account_id", "no", name=op.f("uq_exchanges_entry_account_id_no")),
        sa.UniqueConstraint(
            "txn_id", "account_id", name=op.f("uq_exchanges_entry_txn_id_account_id")
        ),
    )


def _limit_change() -> None:
    op.create_table(
        "exchanges_limit_change",
        sa.Column("id", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("cause", sa.String(length=8), nullable=False),
        sa.Column("lower_limit", BIG, nullable=False),
        sa.Column("soft_limit", BIG, nullable=False),
        sa.Column("upper_limit", BIG, nullable=True),
        sa.Column("frozen", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.String(length=300), nullable=False),
        sa.Column("by_id", BIG, nullable=True),
        sa.Column("at", AT, nullable=False),
        sa.CheckConstraint(
            "cause <> 'decision' OR (comment <> '' AND by_id IS NOT NULL)",
            name=op.f("ck_exchanges_limit_change_decision"),
        ),
        sa.CheckConstraint(
            "cause IN ('opening', 'growth', 'decision')",
            name=op.f("ck_exchanges_limit_change_cause"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["exchanges_account.id"],
            name=op.f("fk_exchanges_limit_change_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["members_member.id"], name=op.f("fk_exchanges_limit_change_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges_limit_change")),
    )
    op.create_index(
        "ix_exchanges_limit_change_account", "exchanges_limit_change", ["account_id", "id"]
    )


def _reservation() -> None:
    op.create_table(
        "exchanges_reservation",
        sa.Column("id", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("first_cents", BIG, nullable=False),
        sa.Column("cents", BIG, nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.CheckConstraint(
            "cents BETWEEN 0 AND first_cents", name=op.f("ck_exchanges_reservation_cents")
        ),
        sa.CheckConstraint("first_cents > 0", name=op.f("ck_exchanges_reservation_first")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["exchanges_account.id"],
            name=op.f("fk_exchanges_reservation_account_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges_reservation")),
        sa.UniqueConstraint("key", name=op.f("uq_exchanges_reservation_key")),
    )
    op.create_index(
        "ix_exchanges_reservation_open",
        "exchanges_reservation",
        ["account_id"],
        sqlite_where=sa.text("cents > 0"),
        postgresql_where=sa.text("cents > 0"),
    )
