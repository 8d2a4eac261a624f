"""Messages that managers send to many."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "mailings_mailing",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("once", sa.String(length=40), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("body_md", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("how_many", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["members_member.id"], name=op.f("fk_mailings_mailing_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites_site.id"], name=op.f("fk_mailings_mailing_site_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailings_mailing")),
        sa.UniqueConstraint("author_id", "once", name=op.f("uq_mailings_mailing_author_id_once")),
    )
    op.create_index(
        "ix_mailings_mailing_author_id",
        "mailings_mailing",
        ["author_id", "sent_at", "id"],
        unique=False,
    )
    op.create_table(
        "mailings_recipient",
        sa.Column(
            "mailing_id",
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
        sa.ForeignKeyConstraint(
            ["mailing_id"],
            ["mailings_mailing.id"],
            name=op.f("fk_mailings_recipient_mailing_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members_member.id"], name=op.f("fk_mailings_recipient_member_id")
        ),
        sa.PrimaryKeyConstraint("mailing_id", "member_id", name=op.f("pk_mailings_recipient")),
    )
    op.create_index(
        "ix_mailings_recipient_member_id", "mailings_recipient", ["member_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("mailings_recipient")
    op.drop_table("mailings_mailing")
