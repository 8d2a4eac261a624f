"""Who is on site, announcements, documents, the plan of a site."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

TABLES = (
    "notices_read",
    "notices_notice",
    "documents_version",
    "documents_document",
    "members_arrival_watch",
    "members_whereabouts",
)


def upgrade() -> None:
    _whereabouts()
    _notices()
    _documents()
    _sites()


def _whereabouts() -> None:
    op.create_table(
        "members_arrival_watch",
        sa.Column(
            "watcher_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "watched_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("watcher_id <> watched_id", name=op.f("ck_members_arrival_watch_other")),
        sa.ForeignKeyConstraint(
            ["watched_id"],
            ["members_member.id"],
            name=op.f("fk_members_arrival_watch_watched_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["watcher_id"],
            ["members_member.id"],
            name=op.f("fk_members_arrival_watch_watcher_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("watcher_id", "watched_id", name=op.f("pk_members_arrival_watch")),
    )
    op.create_index(
        "ix_members_arrival_watch_watched_id", "members_arrival_watch", ["watched_id"], unique=False
    )
    op.create_table(
        "members_whereabouts",
        sa.Column(
            "member_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("usual", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("awaited", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(site_id IS NULL) = (since IS NULL) AND (since IS NULL) = (until IS NULL)",
            name=op.f("ck_members_whereabouts_whole"),
        ),
        sa.CheckConstraint("usual BETWEEN 0 AND 16383", name=op.f("ck_members_whereabouts_usual")),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["members_member.id"],
            name=op.f("fk_members_whereabouts_member_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites_site.id"], name=op.f("fk_members_whereabouts_site_id")
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_members_whereabouts")),
    )
    op.create_index(
        "ix_members_whereabouts_site_id_until",
        "members_whereabouts",
        ["site_id", "until"],
        unique=False,
    )


def _notices() -> None:
    op.create_table(
        "notices_notice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("once", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("body_md", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("expires_at > published_at", name=op.f("ck_notices_notice_lasts")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["members_member.id"], name=op.f("fk_notices_notice_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites_site.id"], name=op.f("fk_notices_notice_site_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices_notice")),
        sa.UniqueConstraint("author_id", "once", name=op.f("uq_notices_notice_author_id_once")),
    )
    op.create_index(
        "ix_notices_notice_site_id_expires_at",
        "notices_notice",
        ["site_id", "expires_at"],
        unique=False,
    )
    op.create_index(
        "ix_notices_notice_site_id_published_at",
        "notices_notice",
        ["site_id", "published_at", "id"],
        unique=False,
    )
    op.create_table(
        "notices_read",
        sa.Column(
            "notice_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "member_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members_member.id"], name=op.f("fk_notices_read_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["notices_notice.id"],
            name=op.f("fk_notices_read_notice_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("notice_id", "member_id", name=op.f("pk_notices_read")),
    )
    op.create_index(
        "ix_notices_read_notice_id",
        "notices_read",
        ["notice_id", "read_at", "member_id"],
        unique=False,
    )


def _documents() -> None:
    op.create_table(
        "documents_document",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column(
            "sort_title",
            sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("about", sa.String(length=300), nullable=False),
        sa.Column("audience", sa.String(length=8), nullable=False),
        sa.Column("once", sa.String(length=40), nullable=False),
        sa.Column(
            "created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "audience IN ('site', 'network', 'managers')",
            name=op.f("ck_documents_document_audience"),
        ),
        sa.CheckConstraint(
            "site_id IS NOT NULL OR audience <> 'site'",
            name=op.f("ck_documents_document_somewhere"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["members_member.id"],
            name=op.f("fk_documents_document_created_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites_site.id"], name=op.f("fk_documents_document_site_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents_document")),
        sa.UniqueConstraint(
            "created_by_id", "once", name=op.f("uq_documents_document_created_by_id_once")
        ),
    )
    op.create_index(
        "ix_documents_document_site_id",
        "documents_document",
        ["site_id", "removed_at", "sort_title", "id"],
        unique=False,
    )
    op.create_table(
        "documents_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_key", sa.String(length=32), nullable=False),
        sa.Column("file_name", sa.String(length=140), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column(
            "uploaded_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0 AND size > 0", name=op.f("ck_documents_version_numbers")),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["documents_document.id"],
            name=op.f("fk_documents_version_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"],
            ["members_member.id"],
            name=op.f("fk_documents_version_uploaded_by_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents_version")),
        sa.UniqueConstraint(
            "document_id", "number", name=op.f("uq_documents_version_document_id_number")
        ),
    )


def _sites() -> None:
    op.add_column("sites_site", sa.Column("plan", sa.String(length=32), nullable=True))


def downgrade() -> None:
    # In place: rows elsewhere point to this table, which may not go and come again.
    op.drop_column("sites_site", "plan")
    for table in TABLES:
        op.drop_table(table)
