"""The life of a membership: alumni, leaves, transfers, exits, erasures, merged doubles."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

ROLES = "role IN ('administrator', 'manager', 'resident', 'alumni', 'guest')"
ROLES_BEFORE = "role IN ('administrator', 'manager', 'resident', 'guest')"
COPY = """
INSERT INTO accounts_grant (id, account_id, role, site_id, granted_by_id, granted_at, ended_at)
SELECT id, account_id, role, site_id, granted_by_id, granted_at, ended_at FROM accounts_grant_before
"""
LIVE = sa.text("state IN ('asked', 'planned', 'active')")
ASKED = sa.text("state = 'asked'")


def upgrade() -> None:
    _roles(ROLES)
    _members()
    _process()
    _erasure()


def downgrade() -> None:
    for table in (
        "membership_erasure",
        "membership_process",
        "members_merged",
        "members_absence",
    ):
        op.drop_table(table)
    op.execute("DELETE FROM accounts_grant WHERE role = 'alumni'")
    _roles(ROLES_BEFORE)


def _id(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=nullable)


def _key(table: str, column: str, target: str, **more: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [target], name=name, **more)


def _roles(known: str) -> None:
    """Another list of roles: a constraint of its own on PostgreSQL, a table made anew on SQLite."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_accounts_grant_role"), "accounts_grant", type_="check")
        op.create_check_constraint(op.f("ck_accounts_grant_role"), "accounts_grant", known)
        return
    for index in (
        "uq_accounts_grant_live",
        "ix_accounts_grant_account_id",
        "ix_accounts_grant_site_id",
    ):
        op.drop_index(index, table_name="accounts_grant")
    op.rename_table("accounts_grant", "accounts_grant_before")
    op.create_table(
        "accounts_grant",
        _id("id"),
        _id("account_id"),
        sa.Column("role", sa.String(length=14), nullable=False),
        _id("site_id", nullable=True),
        _id("granted_by_id", nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(role = 'administrator') = (site_id IS NULL)", name=op.f("ck_accounts_grant_site")
        ),
        sa.CheckConstraint(known, name=op.f("ck_accounts_grant_role")),
        _key("accounts_grant", "account_id", "accounts_account.id"),
        _key("accounts_grant", "granted_by_id", "members_member.id"),
        _key("accounts_grant", "site_id", "sites_site.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_grant")),
    )
    op.execute(COPY)
    op.drop_table("accounts_grant_before")
    op.create_index(
        "uq_accounts_grant_live",
        "accounts_grant",
        ["account_id", "role", sa.text("coalesce(site_id, 0)")],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_accounts_grant_account_id", "accounts_grant", ["account_id"])
    op.create_index("ix_accounts_grant_site_id", "accounts_grant", ["site_id"])


def _members() -> None:
    op.create_table(
        "members_absence",
        _id("member_id"),
        sa.Column("back_on", sa.Date(), nullable=False),
        _key("members_absence", "member_id", "members_member.id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_members_absence")),
    )
    op.create_table(
        "members_merged",
        _id("gone_id"),
        _id("kept_id"),
        _id("merged_by_id", nullable=True),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("gone_id <> kept_id", name=op.f("ck_members_merged_two_rows")),
        _key("members_merged", "gone_id", "members_member.id"),
        _key("members_merged", "kept_id", "members_member.id"),
        _key("members_merged", "merged_by_id", "members_member.id"),
        sa.PrimaryKeyConstraint("gone_id", name=op.f("pk_members_merged")),
    )
    op.create_index("ix_members_merged_kept_id", "members_merged", ["kept_id"])


def _process() -> None:
    table = "membership_process"
    checks = {
        "kind": "kind IN ('leave', 'transfer', 'exit')",
        "state": "state IN ('asked', 'planned', 'active', 'done', 'cancelled')",
        "end": "(kind = 'leave') = (ends_on IS NOT NULL)",
        "order": "ends_on > starts_on",
        "to_site": "(kind = 'transfer') = (to_site_id IS NOT NULL)",
        "two_sites": "from_site_id <> to_site_id",
        "choices": "(kind = 'exit') = (access IS NOT NULL)",
        "access": "access IN ('alumni', 'closed')",
        "hours": "hours IN ('pool', 'lapse')",
        "messages": "messages IN ('keep', 'anonymise')",
    }
    op.create_table(
        table,
        _id("id"),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        _id("member_id"),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        _id("from_site_id", nullable=True),
        _id("to_site_id", nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("access", sa.String(length=6), nullable=True),
        sa.Column("hours", sa.String(length=5), nullable=True),
        sa.Column("messages", sa.String(length=9), nullable=True),
        _id("balance_minutes", nullable=True),
        sa.Column("once", sa.String(length=36), nullable=False),
        _id("asked_by_id"),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        _id("decided_by_id", nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=300), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))
            for name, rule in checks.items()
        ),
        _key(table, "member_id", "members_member.id"),
        _key(table, "asked_by_id", "members_member.id"),
        _key(table, "decided_by_id", "members_member.id"),
        _key(table, "from_site_id", "sites_site.id"),
        _key(table, "to_site_id", "sites_site.id"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("asked_by_id", "once", name=op.f(f"uq_{table}_asked_by_id_once")),
    )
    partial = {"sqlite_where": LIVE, "postgresql_where": LIVE}
    op.create_index(f"uq_{table}_live", table, ["member_id", "kind"], unique=True, **partial)
    op.create_index(f"ix_{table}_due", table, ["state", "starts_on", "id"], **partial)
    op.create_index(f"ix_{table}_member_id", table, ["member_id", "id"])
    op.create_index(f"ix_{table}_from", table, ["from_site_id", "state", "id"])
    op.create_index(f"ix_{table}_to", table, ["to_site_id", "state", "id"])


def _erasure() -> None:
    table = "membership_erasure"
    op.create_table(
        table,
        _id("id"),
        _id("member_id"),
        _id("site_id", nullable=True),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        _id("handled_by_id", nullable=True),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('asked', 'done', 'withdrawn')", name=op.f(f"ck_{table}_state")
        ),
        _key(table, "member_id", "members_member.id"),
        _key(table, "handled_by_id", "members_member.id"),
        _key(table, "site_id", "sites_site.id"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(
        f"uq_{table}_waiting",
        table,
        ["member_id"],
        unique=True,
        sqlite_where=ASKED,
        postgresql_where=ASKED,
    )
    op.create_index(f"ix_{table}_site", table, ["site_id", "state", "id"])
