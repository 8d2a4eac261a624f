"""Applications, welcome checklists and charters; invitations that open on a day."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

TABLES = (
    "membership_step",
    "membership_message",
    "membership_link",
    "membership_answer",
    "membership_welcome_task",
    "membership_signature",
    "membership_application",
    "membership_welcome_item",
    "membership_welcome",
    "membership_charter_version",
    "membership_question",
    "membership_door",
    "membership_charter",
)


def upgrade() -> None:
    op.add_column("accounts_invitation", sa.Column("starts_on", sa.Date(), nullable=True))
    _charters()
    _forms()
    _applications()
    _welcomes()


def _charters() -> None:
    op.create_table(
        "membership_charter",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["sites_site.id"],
            name=op.f("fk_membership_charter_site_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_charter")),
    )
    op.create_index(
        "uq_membership_charter_site",
        "membership_charter",
        [sa.text("coalesce(site_id, 0)")],
        unique=True,
    )
    op.create_table(
        "membership_charter_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "charter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title_fr", sa.String(length=160), nullable=False),
        sa.Column("title_en", sa.String(length=160), nullable=False),
        sa.Column("body_fr_md", sa.Text(), nullable=False),
        sa.Column("body_fr_html", sa.Text(), nullable=False),
        sa.Column("body_en_md", sa.Text(), nullable=False),
        sa.Column("body_en_html", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "published_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "replaced_at IS NULL OR published_at IS NOT NULL",
            name=op.f("ck_membership_charter_version_replaced"),
        ),
        sa.ForeignKeyConstraint(
            ["charter_id"],
            ["membership_charter.id"],
            name=op.f("fk_membership_charter_version_charter_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"],
            ["members_member.id"],
            name=op.f("fk_membership_charter_version_published_by_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_charter_version")),
        sa.UniqueConstraint(
            "charter_id", "number", name=op.f("uq_membership_charter_version_charter_id_number")
        ),
    )
    op.create_index(
        "uq_membership_charter_version_current",
        "membership_charter_version",
        ["charter_id"],
        unique=True,
        sqlite_where=sa.text("published_at IS NOT NULL AND replaced_at IS NULL"),
        postgresql_where=sa.text("published_at IS NOT NULL AND replaced_at IS NULL"),
    )
    op.create_index(
        "uq_membership_charter_version_draft",
        "membership_charter_version",
        ["charter_id"],
        unique=True,
        sqlite_where=sa.text("published_at IS NULL"),
        postgresql_where=sa.text("published_at IS NULL"),
    )
    op.create_table(
        "membership_signature",
        sa.Column(
            "version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["members_member.id"],
            name=op.f("fk_membership_signature_member_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["membership_charter_version.id"],
            name=op.f("fk_membership_signature_version_id"),
        ),
        sa.PrimaryKeyConstraint("version_id", "member_id", name=op.f("pk_membership_signature")),
    )
    op.create_index(
        "ix_membership_signature_member_id", "membership_signature", ["member_id"], unique=False
    )


def _forms() -> None:
    op.create_table(
        "membership_door",
        sa.Column(
            "site_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("intro_fr", sa.Text(), nullable=False),
        sa.Column("intro_en", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["sites_site.id"],
            name=op.f("fk_membership_door_site_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_membership_door")),
    )
    op.create_table(
        "membership_question",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("label_fr", sa.String(length=200), nullable=False),
        sa.Column("label_en", sa.String(length=200), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('short', 'long', 'choice', 'yes_no')",
            name=op.f("ck_membership_question_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["sites_site.id"],
            name=op.f("fk_membership_question_site_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_question")),
    )
    op.create_index(
        "ix_membership_question_site",
        "membership_question",
        ["site_id", "archived_at", "position"],
        unique=False,
    )
    op.create_table(
        "membership_application",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("once", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=11), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("firm", sa.String(length=120), nullable=False),
        sa.Column("activity", sa.String(length=160), nullable=False),
        sa.Column("city", sa.String(length=80), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("gives", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("start_on", sa.Date(), nullable=True),
        sa.Column(
            "invitation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("anonymised_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'waiting') = (position IS NOT NULL)",
            name=op.f("ck_membership_application_position"),
        ),
        sa.CheckConstraint(
            "language IN ('fr', 'en')", name=op.f("ck_membership_application_language")
        ),
        sa.CheckConstraint(
            "state IN ('unconfirmed', 'new', 'waiting', 'accepted', 'joined', 'declined', 'withdrawn')",
            name=op.f("ck_membership_application_state"),
        ),
        sa.CheckConstraint(
            "email = lower(email)", name=op.f("ck_membership_application_email_lower")
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["accounts_invitation.id"],
            name=op.f("fk_membership_application_invitation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members_member.id"], name=op.f("fk_membership_application_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites_site.id"], name=op.f("fk_membership_application_site_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_application")),
        sa.UniqueConstraint("invitation_id", name=op.f("uq_membership_application_invitation_id")),
        sa.UniqueConstraint("site_id", "once", name=op.f("uq_membership_application_site_id_once")),
    )
    op.create_index(
        "ix_membership_application_age",
        "membership_application",
        ["state", "changed_at"],
        unique=False,
        sqlite_where=sa.text("anonymised_at IS NULL"),
        postgresql_where=sa.text("anonymised_at IS NULL"),
    )
    op.create_index(
        "ix_membership_application_email", "membership_application", ["email"], unique=False
    )
    op.create_index(
        "ix_membership_application_list",
        "membership_application",
        ["site_id", "state", "changed_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_membership_application_member_id"),
        "membership_application",
        ["member_id"],
        unique=False,
    )
    op.create_index(
        "uq_membership_application_open",
        "membership_application",
        ["site_id", "email"],
        unique=True,
        sqlite_where=sa.text("state IN ('new', 'waiting', 'accepted')"),
        postgresql_where=sa.text("state IN ('new', 'waiting', 'accepted')"),
    )
    op.create_index(
        "uq_membership_application_position",
        "membership_application",
        ["site_id", "position"],
        unique=True,
        sqlite_where=sa.text("position IS NOT NULL"),
        postgresql_where=sa.text("position IS NOT NULL"),
    )
    op.create_table(
        "membership_answer",
        sa.Column(
            "application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "question_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["membership_application.id"],
            name=op.f("fk_membership_answer_application_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["membership_question.id"],
            name=op.f("fk_membership_answer_question_id"),
        ),
        sa.PrimaryKeyConstraint("application_id", "question_id", name=op.f("pk_membership_answer")),
    )
    op.create_index(
        "ix_membership_answer_question_id", "membership_answer", ["question_id"], unique=False
    )


def _applications() -> None:
    op.create_table(
        "membership_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("purpose", sa.String(length=7), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('confirm', 'follow')", name=op.f("ck_membership_link_purpose")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["membership_application.id"],
            name=op.f("fk_membership_link_application_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_membership_link_token_hash")),
    )
    op.create_index(
        "ix_membership_link_application_id", "membership_link", ["application_id"], unique=False
    )
    op.create_index(
        "ix_membership_link_expires_at", "membership_link", ["expires_at"], unique=False
    )
    op.create_table(
        "membership_message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("once", sa.String(length=40), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "NOT internal OR author_id IS NOT NULL", name=op.f("ck_membership_message_internal")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["membership_application.id"],
            name=op.f("fk_membership_message_application_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["members_member.id"], name=op.f("fk_membership_message_author_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_message")),
        sa.UniqueConstraint(
            "application_id", "once", name=op.f("uq_membership_message_application_id_once")
        ),
    )
    op.create_index(
        "ix_membership_message_application_id",
        "membership_message",
        ["application_id", "id"],
        unique=False,
    )
    op.create_table(
        "membership_step",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("state", sa.String(length=11), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("once", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["membership_application.id"],
            name=op.f("fk_membership_step_application_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["members_member.id"], name=op.f("fk_membership_step_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_step")),
        sa.UniqueConstraint(
            "application_id", "once", name=op.f("uq_membership_step_application_id_once")
        ),
    )


def _welcomes() -> None:
    op.create_table(
        "membership_welcome",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["members_member.id"],
            name=op.f("fk_membership_welcome_member_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites_site.id"], name=op.f("fk_membership_welcome_site_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_welcome")),
    )
    op.create_index(
        "ix_membership_welcome_site",
        "membership_welcome",
        ["site_id", "ended_at", "started_on", "id"],
        unique=False,
    )
    op.create_index(
        "uq_membership_welcome_ongoing",
        "membership_welcome",
        ["member_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "membership_welcome_item",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("label_fr", sa.String(length=160), nullable=False),
        sa.Column("label_en", sa.String(length=160), nullable=False),
        sa.Column("owner", sa.String(length=7), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("due_days", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "(owner = 'person') = (person_id IS NOT NULL)",
            name=op.f("ck_membership_welcome_item_person"),
        ),
        sa.CheckConstraint(
            "kind IN ('charter', 'portrait', 'key', 'tour', 'first_help', 'other')",
            name=op.f("ck_membership_welcome_item_kind"),
        ),
        sa.CheckConstraint(
            "owner IN ('member', 'manager', 'person')",
            name=op.f("ck_membership_welcome_item_owner"),
        ),
        sa.CheckConstraint(
            "due_days BETWEEN 0 AND 365", name=op.f("ck_membership_welcome_item_due_days")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["members_member.id"], name=op.f("fk_membership_welcome_item_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["sites_site.id"],
            name=op.f("fk_membership_welcome_item_site_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_welcome_item")),
    )
    op.create_index(
        "ix_membership_welcome_item_site",
        "membership_welcome_item",
        ["site_id", "position"],
        unique=False,
    )
    op.create_table(
        "membership_welcome_task",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "welcome_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("label_fr", sa.String(length=160), nullable=False),
        sa.Column("label_en", sa.String(length=160), nullable=False),
        sa.Column("owner", sa.String(length=7), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "done_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.CheckConstraint(
            "(owner = 'person') = (person_id IS NOT NULL)",
            name=op.f("ck_membership_welcome_task_person"),
        ),
        sa.CheckConstraint(
            "kind IN ('charter', 'portrait', 'key', 'tour', 'first_help', 'other')",
            name=op.f("ck_membership_welcome_task_kind"),
        ),
        sa.CheckConstraint(
            "owner IN ('member', 'manager', 'person')",
            name=op.f("ck_membership_welcome_task_owner"),
        ),
        sa.ForeignKeyConstraint(
            ["done_by_id"],
            ["members_member.id"],
            name=op.f("fk_membership_welcome_task_done_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["members_member.id"], name=op.f("fk_membership_welcome_task_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["welcome_id"],
            ["membership_welcome.id"],
            name=op.f("fk_membership_welcome_task_welcome_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_welcome_task")),
    )
    op.create_index(
        "ix_membership_welcome_task_person_id",
        "membership_welcome_task",
        ["person_id", "done_at", "due_on"],
        unique=False,
    )
    op.create_index(
        "ix_membership_welcome_task_welcome_id",
        "membership_welcome_task",
        ["welcome_id", "position", "id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_column("accounts_invitation", "starts_on")
    for table in TABLES:
        op.drop_table(table)
