"""The first schema: kernel, network, hours, help, chat, audit."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

SQL = Path(__file__).parent.parent / "sql"
TABLES = (
    "help_revision",
    "help_removal",
    "help_acceptance",
    "chat_event",
    "help_word",
    "help_question_skill",
    "help_closure",
    "help_answer",
    "commitments_standing",
    "commitments_ledger",
    "chat_seat",
    "chat_message",
    "accounts_session",
    "accounts_link",
    "accounts_grant",
    "members_word",
    "members_member_skill",
    "members_firm_role",
    "help_question",
    "commitments_pledge",
    "commitments_period",
    "commitments_contribution",
    "chat_room",
    "accounts_invitation",
    "accounts_account",
    "sites_hours",
    "sites_closure",
    "members_skill_synonym",
    "members_member",
    "members_firm",
    "sites_site",
    "members_skill",
    "kernel_throttle",
    "kernel_job",
    "commitments_rule",
    "commitments_kind",
    "audit_entry",
)


def upgrade() -> None:
    for part in (
        _audit,
        _commitments,
        _kernel,
        _members,
        _sites,
        _members_2,
        _sites_2,
        _accounts,
        _chat,
        _commitments_2,
        _help,
        _members_3,
        _accounts_2,
        _chat_2,
        _commitments_3,
        _help_2,
        _chat_3,
        _help_3,
    ):
        part()
    _run("guards")
    _run("first_rows")


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION commitments_ledger_is_kept, audit_entry_only_grows")


def _run(name: str) -> None:
    """Run the statements of a file, which a line of two dashes and a semicolon parts."""
    dialect = op.get_bind().dialect.name
    own = SQL / f"0001_{name}_{dialect}.sql"
    path = own if own.exists() else SQL / f"0001_{name}.sql"
    for statement in path.read_text("utf-8").split("--;"):
        op.get_bind().exec_driver_sql(statement)


def _audit() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_action", "audit_entry", ["action", "at", "id"], unique=False)
    op.create_index("ix_audit_entry_actor", "audit_entry", ["actor_id", "at", "id"], unique=False)
    op.create_index("ix_audit_entry_at", "audit_entry", ["at", "id"], unique=False)
    op.create_index("ix_audit_entry_member", "audit_entry", ["member_id", "at", "id"], unique=False)
    op.create_index("ix_audit_entry_site", "audit_entry", ["site_id", "at", "id"], unique=False)


def _commitments() -> None:
    op.create_table(
        "commitments_kind",
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name_fr", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column(
            "counts_pct", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "cap_minutes_period",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("needs", sa.String(length=12), nullable=False),
        sa.Column("online_ok", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "needs IN ('presence', 'counterpart', 'manager')",
            name=op.f("ck_commitments_kind_needs"),
        ),
        sa.CheckConstraint(
            "counts_pct BETWEEN 0 AND 100", name=op.f("ck_commitments_kind_counts_pct")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_commitments_kind")),
    )
    op.create_table(
        "commitments_rule",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(length=14), nullable=False),
        sa.Column(
            "default_minutes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "credit_cap", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("debt_cap", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "credit_expiry_periods",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column("surplus", sa.String(length=6), nullable=False),
        sa.Column("round_to", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_mode", sa.String(length=8), nullable=False),
        sa.Column(
            "min_session", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "max_session", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("max_day", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "help_cap_pct", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("help_inside_presence", sa.String(length=8), nullable=False),
        sa.Column(
            "grace_days", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "warn_days", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "close_after_days", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "back_days", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.CheckConstraint(
            "basis IN ('calendar_days', 'open_days')", name=op.f("ck_commitments_rule_basis")
        ),
        sa.CheckConstraint(
            "round_mode IN ('floor', 'nearest')", name=op.f("ck_commitments_rule_round_mode")
        ),
        sa.CheckConstraint(
            "surplus IN ('expire', 'pool')", name=op.f("ck_commitments_rule_surplus")
        ),
        sa.CheckConstraint(
            "min_session > 0 AND max_day BETWEEN min_session AND 1440",
            name=op.f("ck_commitments_rule_bounds"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments_rule")),
        sa.UniqueConstraint("version", name=op.f("uq_commitments_rule_version")),
    )


def _kernel() -> None:
    op.create_table(
        "kernel_job",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=True),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'dead')", name=op.f("ck_kernel_job_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kernel_job")),
        sa.UniqueConstraint("key", name=op.f("uq_kernel_job_key")),
    )
    op.create_index("ix_kernel_job_state_due_at", "kernel_job", ["state", "due_at"], unique=False)
    op.create_table(
        "kernel_throttle",
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("full_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_kernel_throttle")),
    )
    op.create_index(
        op.f("ix_kernel_throttle_full_at"), "kernel_throttle", ["full_at"], unique=False
    )


def _members() -> None:
    op.create_table(
        "members_skill",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name_fr", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["members_skill.id"], name=op.f("fk_members_skill_parent_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members_skill")),
        sa.UniqueConstraint("slug", name=op.f("uq_members_skill_slug")),
    )


def _sites() -> None:
    op.create_table(
        "sites_site",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("city", sa.String(length=80), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("subdivision", sa.String(length=6), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("about_md", sa.Text(), nullable=False),
        sa.Column("about_html", sa.Text(), nullable=False),
        sa.Column("capacity", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hue", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("photo", sa.String(length=32), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint("capacity >= 0", name=op.f("ck_sites_site_capacity")),
        sa.CheckConstraint("hue BETWEEN 0 AND 11", name=op.f("ck_sites_site_hue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sites_site")),
        sa.UniqueConstraint("slug", name=op.f("uq_sites_site_slug")),
    )


def _members_2() -> None:
    op.create_table(
        "members_firm",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "slug",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("registration", sa.String(length=40), nullable=False),
        sa.Column("sector", sa.String(length=80), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "since_year", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("web", sa.String(length=200), nullable=False),
        sa.Column("pitch", sa.String(length=200), nullable=False),
        sa.Column("about_md", sa.Text(), nullable=False),
        sa.Column("about_html", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites_site.id"], name=op.f("fk_members_firm_site_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members_firm")),
        sa.UniqueConstraint("slug", name=op.f("uq_members_firm_slug")),
    )
    op.create_index(op.f("ix_members_firm_site_id"), "members_firm", ["site_id"], unique=False)
    op.create_table(
        "members_member",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "slug",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "sort_name",
            sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "home_site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("headline", sa.String(length=160), nullable=False),
        sa.Column("about_md", sa.Text(), nullable=False),
        sa.Column("about_html", sa.Text(), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("speaks", sa.String(length=60), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["home_site_id"], ["sites_site.id"], name=op.f("fk_members_member_home_site_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members_member")),
        sa.UniqueConstraint("slug", name=op.f("uq_members_member_slug")),
    )
    op.create_index(
        "ix_members_member_directory", "members_member", ["active", "sort_name", "id"], unique=False
    )
    op.create_index(
        "ix_members_member_newest", "members_member", ["active", "joined_at", "id"], unique=False
    )
    op.create_index(
        "ix_members_member_site",
        "members_member",
        ["home_site_id", "active", "sort_name", "id"],
        unique=False,
    )
    op.create_index(
        "ix_members_member_site_newest",
        "members_member",
        ["home_site_id", "active", "joined_at", "id"],
        unique=False,
    )
    op.create_table(
        "members_skill_synonym",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("skill_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "folded",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["skill_id"],
            ["members_skill.id"],
            name=op.f("fk_members_skill_synonym_skill_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members_skill_synonym")),
        sa.UniqueConstraint(
            "skill_id", "folded", name=op.f("uq_members_skill_synonym_skill_id_folded")
        ),
    )
    op.create_index(
        op.f("ix_members_skill_synonym_folded"), "members_skill_synonym", ["folded"], unique=False
    )


def _sites_2() -> None:
    op.create_table(
        "sites_closure",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=160), nullable=False),
        sa.CheckConstraint(
            "kind IN ('holiday', 'works', 'exceptional')", name=op.f("ck_sites_closure_kind")
        ),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_sites_closure_order")),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["sites_site.id"],
            name=op.f("fk_sites_closure_site_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sites_closure")),
        sa.UniqueConstraint(
            "site_id", "starts_on", "kind", name=op.f("uq_sites_closure_site_id_starts_on_kind")
        ),
    )
    op.create_index(
        "ix_sites_closure_site_id_ends_on", "sites_closure", ["site_id", "ends_on"], unique=False
    )
    op.create_table(
        "sites_hours",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("weekday", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("opens_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "closes_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.CheckConstraint(
            "opens_at >= 0 AND closes_at > opens_at AND closes_at <= 1440",
            name=op.f("ck_sites_hours_span"),
        ),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_sites_hours_weekday")),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites_site.id"], name=op.f("fk_sites_hours_site_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sites_hours")),
        sa.UniqueConstraint(
            "site_id", "weekday", "opens_at", name=op.f("uq_sites_hours_site_id_weekday_opens_at")
        ),
    )


def _accounts() -> None:
    op.create_table(
        "accounts_account",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column(
            "rights_version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deactivated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_accounts_account_email_lower")),
        sa.ForeignKeyConstraint(["id"], ["members_member.id"], name=op.f("fk_accounts_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_account")),
        sa.UniqueConstraint("email", name=op.f("uq_accounts_account_email")),
    )
    op.create_table(
        "accounts_invitation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("once", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("role", sa.String(length=14), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column(
            "invited_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "used_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role IN ('administrator', 'manager', 'resident', 'guest')",
            name=op.f("ck_accounts_invitation_role"),
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"],
            ["members_member.id"],
            name=op.f("fk_accounts_invitation_invited_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites_site.id"], name=op.f("fk_accounts_invitation_site_id")
        ),
        sa.ForeignKeyConstraint(
            ["used_by_id"], ["members_member.id"], name=op.f("fk_accounts_invitation_used_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_invitation")),
        sa.UniqueConstraint(
            "invited_by_id", "once", name=op.f("uq_accounts_invitation_invited_by_id_once")
        ),
        sa.UniqueConstraint("token_hash", name=op.f("uq_accounts_invitation_token_hash")),
    )
    op.create_index(
        op.f("ix_accounts_invitation_site_id"), "accounts_invitation", ["site_id"], unique=False
    )


def _chat() -> None:
    op.create_table(
        "chat_room",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("slug", sa.String(length=70), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("purpose", sa.String(length=160), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("msg_no", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("once", sa.String(length=36), nullable=True),
        sa.CheckConstraint(
            "kind <> 'network' OR site_id IS NULL", name=op.f("ck_chat_room_network")
        ),
        sa.CheckConstraint("kind <> 'site' OR site_id IS NOT NULL", name=op.f("ck_chat_room_site")),
        sa.CheckConstraint("kind IN ('network', 'site', 'topic')", name=op.f("ck_chat_room_kind")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["members_member.id"], name=op.f("fk_chat_room_created_by_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites_site.id"], name=op.f("fk_chat_room_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_room")),
        sa.UniqueConstraint("created_by_id", "once", name=op.f("uq_chat_room_created_by_id_once")),
        sa.UniqueConstraint("slug", name=op.f("uq_chat_room_slug")),
    )
    op.create_index("ix_chat_room_kind_name", "chat_room", ["kind", "name", "id"], unique=False)
    op.create_index(
        "uq_chat_room_network",
        "chat_room",
        ["kind"],
        unique=True,
        sqlite_where=sa.text("kind = 'network'"),
        postgresql_where=sa.text("kind = 'network'"),
    )
    op.create_index(
        "uq_chat_room_site",
        "chat_room",
        ["site_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'site'"),
        postgresql_where=sa.text("kind = 'site'"),
    )


def _commitments_2() -> None:
    op.create_table(
        "commitments_contribution",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("giver_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "receiver_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("minutes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "home_site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("once", sa.String(length=40), nullable=True),
        sa.CheckConstraint(
            "(state = 'declared') = (decided_at IS NULL)",
            name=op.f("ck_commitments_contribution_decided"),
        ),
        sa.CheckConstraint(
            "state IN ('declared', 'confirmed', 'refused', 'withdrawn')",
            name=op.f("ck_commitments_contribution_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('confirmed', 'refused') OR decided_by_id <> giver_id",
            name=op.f("ck_commitments_contribution_other"),
        ),
        sa.CheckConstraint(
            "giver_id <> receiver_id", name=op.f("ck_commitments_contribution_two_people")
        ),
        sa.CheckConstraint(
            "minutes BETWEEN 5 AND 1440 AND minutes / 5 * 5 = minutes",
            name=op.f("ck_commitments_contribution_minutes"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["members_member.id"],
            name=op.f("fk_commitments_contribution_decided_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["giver_id"], ["members_member.id"], name=op.f("fk_commitments_contribution_giver_id")
        ),
        sa.ForeignKeyConstraint(
            ["home_site_id"],
            ["sites_site.id"],
            name=op.f("fk_commitments_contribution_home_site_id"),
        ),
        sa.ForeignKeyConstraint(
            ["kind"], ["commitments_kind.code"], name=op.f("fk_commitments_contribution_kind")
        ),
        sa.ForeignKeyConstraint(
            ["receiver_id"],
            ["members_member.id"],
            name=op.f("fk_commitments_contribution_receiver_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments_contribution")),
        sa.UniqueConstraint(
            "giver_id", "once", name=op.f("uq_commitments_contribution_giver_id_once")
        ),
    )
    op.create_index(
        "ix_commitments_contribution_giver_id",
        "commitments_contribution",
        ["giver_id", "day", "id"],
        unique=False,
    )
    op.create_index(
        "ix_commitments_contribution_receiver_waiting",
        "commitments_contribution",
        ["receiver_id", "declared_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'declared'"),
        postgresql_where=sa.text("state = 'declared'"),
    )
    op.create_index(
        "ix_commitments_contribution_site_waiting",
        "commitments_contribution",
        ["home_site_id", "declared_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'declared'"),
        postgresql_where=sa.text("state = 'declared'"),
    )
    op.create_table(
        "commitments_period",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("rule_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "closed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'open', 'closing', 'closed')",
            name=op.f("ck_commitments_period_state"),
        ),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_commitments_period_order")),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["members_member.id"], name=op.f("fk_commitments_period_closed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["commitments_rule.id"], name=op.f("fk_commitments_period_rule_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments_period")),
        sa.UniqueConstraint("ends_on", name=op.f("uq_commitments_period_ends_on")),
        sa.UniqueConstraint("starts_on", name=op.f("uq_commitments_period_starts_on")),
    )
    op.create_table(
        "commitments_pledge",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "minutes_per_period",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "home_site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "signed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.CheckConstraint("minutes_per_period >= 0", name=op.f("ck_commitments_pledge_minutes")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_commitments_pledge_order")),
        sa.ForeignKeyConstraint(
            ["home_site_id"], ["sites_site.id"], name=op.f("fk_commitments_pledge_home_site_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members_member.id"], name=op.f("fk_commitments_pledge_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_id"], ["members_member.id"], name=op.f("fk_commitments_pledge_signed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments_pledge")),
    )
    op.create_index(
        "ix_commitments_pledge_member_id",
        "commitments_pledge",
        ["member_id", "valid_from"],
        unique=False,
    )


def _help() -> None:
    op.create_table(
        "help_question",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("once", sa.String(length=36), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("title", sa.String(length=150), nullable=False),
        sa.Column("body_md", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("summary", sa.String(length=240), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("audience", sa.String(length=7), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("last_activity_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=7), nullable=False),
        sa.Column(
            "answer_count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("first_reply_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("solved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "audience = 'network' OR site_id IS NOT NULL", name=op.f("ck_help_question_site")
        ),
        sa.CheckConstraint(
            "audience IN ('network', 'site')", name=op.f("ck_help_question_audience")
        ),
        sa.CheckConstraint("language IN ('fr', 'en')", name=op.f("ck_help_question_language")),
        sa.CheckConstraint(
            "state IN ('open', 'solved', 'removed')", name=op.f("ck_help_question_state")
        ),
        sa.CheckConstraint("answer_count >= 0", name=op.f("ck_help_question_answer_count")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["members_member.id"], name=op.f("fk_help_question_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites_site.id"], name=op.f("fk_help_question_site_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_question")),
        sa.UniqueConstraint("author_id", "once", name=op.f("uq_help_question_author_id_once")),
    )
    op.create_index(
        "ix_help_question_author",
        "help_question",
        ["author_id", "state", "last_activity_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_help_question_site",
        "help_question",
        ["site_id", "state", "last_activity_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_help_question_state", "help_question", ["state", "last_activity_at", "id"], unique=False
    )
    op.create_index(
        "ix_help_question_waiting",
        "help_question",
        ["state", "answer_count", "last_activity_at", "id"],
        unique=False,
    )


def _members_3() -> None:
    op.create_table(
        "members_firm_role",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("firm_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["firm_id"], ["members_firm.id"], name=op.f("fk_members_firm_role_firm_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["members_member.id"],
            name=op.f("fk_members_firm_role_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members_firm_role")),
        sa.UniqueConstraint(
            "member_id",
            "firm_id",
            "since_on",
            name=op.f("uq_members_firm_role_member_id_firm_id_since_on"),
        ),
    )
    op.create_index(
        op.f("ix_members_firm_role_firm_id"), "members_firm_role", ["firm_id"], unique=False
    )
    op.create_table(
        "members_member_skill",
        sa.Column(
            "member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("skill_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("level", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 3", name=op.f("ck_members_member_skill_level")),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["members_member.id"],
            name=op.f("fk_members_member_skill_member_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["skill_id"], ["members_skill.id"], name=op.f("fk_members_member_skill_skill_id")
        ),
        sa.PrimaryKeyConstraint(
            "member_id", "skill_id", "wanted", name=op.f("pk_members_member_skill")
        ),
    )
    op.create_index(
        "ix_members_member_skill_skill_id",
        "members_member_skill",
        ["skill_id", "wanted", "member_id"],
        unique=False,
    )
    op.create_table(
        "members_word",
        sa.Column(
            "word",
            sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["members_member.id"],
            name=op.f("fk_members_word_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("word", "member_id", name=op.f("pk_members_word")),
    )
    op.create_index(
        "ix_members_word_member_id", "members_word", ["member_id", "word"], unique=False
    )


def _accounts_2() -> None:
    op.create_table(
        "accounts_grant",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("role", sa.String(length=14), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "granted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(role = 'administrator') = (site_id IS NULL)", name=op.f("ck_accounts_grant_site")
        ),
        sa.CheckConstraint(
            "role IN ('administrator', 'manager', 'resident', 'guest')",
            name=op.f("ck_accounts_grant_role"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts_account.id"], name=op.f("fk_accounts_grant_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["members_member.id"], name=op.f("fk_accounts_grant_granted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites_site.id"], name=op.f("fk_accounts_grant_site_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_grant")),
    )
    op.create_index(
        "uq_accounts_grant_live",
        "accounts_grant",
        ["account_id", "role", sa.text("coalesce(site_id, 0)")],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_accounts_grant_account_id", "accounts_grant", ["account_id"], unique=False)
    op.create_index(op.f("ix_accounts_grant_site_id"), "accounts_grant", ["site_id"], unique=False)
    op.create_table(
        "accounts_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('reset', 'email_old', 'email_new')", name=op.f("ck_accounts_link_purpose")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts_account.id"],
            name=op.f("fk_accounts_link_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_accounts_link_token_hash")),
    )
    op.create_index(
        "ix_accounts_link_account_id", "accounts_link", ["account_id", "purpose"], unique=False
    )
    op.create_table(
        "accounts_session",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "rights_version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts_account.id"],
            name=op.f("fk_accounts_session_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_accounts_session_token_hash")),
    )
    op.create_index(
        "ix_accounts_session_account_id",
        "accounts_session",
        ["account_id", "ended_at"],
        unique=False,
    )


def _chat_2() -> None:
    op.create_table(
        "chat_message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("room_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("no", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("cid", sa.String(length=36), nullable=False),
        sa.Column("body_md", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["members_member.id"], name=op.f("fk_chat_message_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["chat_room.id"], name=op.f("fk_chat_message_room_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_message")),
        sa.UniqueConstraint("author_id", "cid", name=op.f("uq_chat_message_author_id_cid")),
        sa.UniqueConstraint("room_id", "no", name=op.f("uq_chat_message_room_id_no")),
    )
    op.create_table(
        "chat_seat",
        sa.Column("room_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("read_no", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("involvement", sa.String(length=8), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "involvement IN ('all', 'mentions', 'none', 'hidden')",
            name=op.f("ck_chat_seat_involvement"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members_member.id"], name=op.f("fk_chat_seat_member_id")
        ),
        sa.ForeignKeyConstraint(["room_id"], ["chat_room.id"], name=op.f("fk_chat_seat_room_id")),
        sa.PrimaryKeyConstraint("room_id", "member_id", name=op.f("pk_chat_seat")),
    )
    op.create_index("ix_chat_seat_member_id", "chat_seat", ["member_id", "left_at"], unique=False)


def _commitments_3() -> None:
    op.create_table(
        "commitments_ledger",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "period_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("minutes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("source_type", sa.String(length=16), nullable=False),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "source_rev", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column(
            "reverses_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'REVERSAL') = (reverses_id IS NOT NULL)",
            name=op.f("ck_commitments_ledger_reverses"),
        ),
        sa.CheckConstraint(
            "kind IN ('DUE', 'DONE', 'HELP', 'CARRY_IN', 'CARRY_OUT', 'SURPLUS', 'WAIVED_DEBT', 'GIFT_OUT', 'GIFT_IN', 'CORRECTION', 'REVERSAL', 'EXIT')",
            name=op.f("ck_commitments_ledger_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["members_member.id"], name=op.f("fk_commitments_ledger_actor_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members_member.id"], name=op.f("fk_commitments_ledger_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["commitments_period.id"], name=op.f("fk_commitments_ledger_period_id")
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"],
            ["commitments_ledger.id"],
            name=op.f("fk_commitments_ledger_reverses_id"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites_site.id"], name=op.f("fk_commitments_ledger_site_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments_ledger")),
        sa.UniqueConstraint("key", name=op.f("uq_commitments_ledger_key")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_commitments_ledger_reverses_id")),
    )
    op.create_index(
        "ix_commitments_ledger_member_id",
        "commitments_ledger",
        ["member_id", "period_id", "id"],
        unique=False,
    )
    op.create_index(
        "ix_commitments_ledger_period_id",
        "commitments_ledger",
        ["period_id", "kind", "member_id"],
        unique=False,
    )
    op.create_index(
        "ix_commitments_ledger_source",
        "commitments_ledger",
        ["source_type", "source_id"],
        unique=False,
    )
    op.create_table(
        "commitments_standing",
        sa.Column(
            "member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "period_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "home_site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("carry_in", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("due", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("done", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("help", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "corrections", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("balance", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["home_site_id"], ["sites_site.id"], name=op.f("fk_commitments_standing_home_site_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members_member.id"], name=op.f("fk_commitments_standing_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["commitments_period.id"], name=op.f("fk_commitments_standing_period_id")
        ),
        sa.PrimaryKeyConstraint("member_id", "period_id", name=op.f("pk_commitments_standing")),
    )
    op.create_index(
        "ix_commitments_standing_site",
        "commitments_standing",
        ["period_id", "home_site_id", "balance", "member_id"],
        unique=False,
    )


def _help_2() -> None:
    op.create_table(
        "help_answer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "question_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("once", sa.String(length=36), nullable=False),
        sa.Column("body_md", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["members_member.id"], name=op.f("fk_help_answer_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["help_question.id"],
            name=op.f("fk_help_answer_question_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_answer")),
        sa.UniqueConstraint("author_id", "once", name=op.f("uq_help_answer_author_id_once")),
    )
    op.create_index(
        "ix_help_answer_question_id", "help_answer", ["question_id", "removed", "id"], unique=False
    )
    op.create_table(
        "help_closure",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "question_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("how", sa.String(length=500), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["members_member.id"], name=op.f("fk_help_closure_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["help_question.id"],
            name=op.f("fk_help_closure_question_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_closure")),
        sa.UniqueConstraint("question_id", name=op.f("uq_help_closure_question_id")),
    )
    op.create_table(
        "help_question_skill",
        sa.Column(
            "question_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("skill_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=7), nullable=False),
        sa.Column("last_activity_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["help_question.id"],
            name=op.f("fk_help_question_skill_question_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["skill_id"], ["members_skill.id"], name=op.f("fk_help_question_skill_skill_id")
        ),
        sa.PrimaryKeyConstraint("question_id", "skill_id", name=op.f("pk_help_question_skill")),
    )
    op.create_index(
        "ix_help_question_skill_list",
        "help_question_skill",
        ["skill_id", "state", "last_activity_at", "question_id"],
        unique=False,
    )
    op.create_table(
        "help_word",
        sa.Column(
            "word",
            sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "question_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["help_question.id"],
            name=op.f("fk_help_word_question_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("word", "question_id", name=op.f("pk_help_word")),
    )
    op.create_index("ix_help_word_question_id", "help_word", ["question_id"], unique=False)


def _chat_3() -> None:
    op.create_table(
        "chat_event",
        sa.Column("room_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column(
            "message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('msg', 'member')", name=op.f("ck_chat_event_kind")),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["members_member.id"], name=op.f("fk_chat_event_actor_id")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["chat_message.id"], name=op.f("fk_chat_event_message_id")
        ),
        sa.ForeignKeyConstraint(["room_id"], ["chat_room.id"], name=op.f("fk_chat_event_room_id")),
        sa.PrimaryKeyConstraint("room_id", "seq", name=op.f("pk_chat_event")),
    )


def _help_3() -> None:
    op.create_table(
        "help_acceptance",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "question_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "answer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["help_answer.id"],
            name=op.f("fk_help_acceptance_answer_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["members_member.id"], name=op.f("fk_help_acceptance_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["help_question.id"],
            name=op.f("fk_help_acceptance_question_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_acceptance")),
        sa.UniqueConstraint("answer_id", name=op.f("uq_help_acceptance_answer_id")),
    )
    op.create_index(
        "ix_help_acceptance_accepted_at", "help_acceptance", ["accepted_at"], unique=False
    )
    op.create_index(
        "ix_help_acceptance_question_id", "help_acceptance", ["question_id"], unique=False
    )
    op.create_table(
        "help_removal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "question_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("answer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["help_answer.id"],
            name=op.f("fk_help_removal_answer_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["members_member.id"], name=op.f("fk_help_removal_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["help_question.id"],
            name=op.f("fk_help_removal_question_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_removal")),
        sa.UniqueConstraint("answer_id", name=op.f("uq_help_removal_answer_id")),
    )
    op.create_index("ix_help_removal_question_id", "help_removal", ["question_id"], unique=False)
    op.create_table(
        "help_revision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "question_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("answer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=150), nullable=False),
        sa.Column("body_md", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["help_answer.id"],
            name=op.f("fk_help_revision_answer_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["members_member.id"], name=op.f("fk_help_revision_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["help_question.id"],
            name=op.f("fk_help_revision_question_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_revision")),
    )
    op.create_index(
        "ix_help_revision_question_id",
        "help_revision",
        ["question_id", "answer_id", "number"],
        unique=False,
    )
