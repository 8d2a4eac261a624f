"""«La semaine»: letters of sites about their week."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0033"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
EDITION, ITEM, HABIT = "newsletter_edition", "newsletter_item", "newsletter_habit"
KINDS = ("notice", "solved", "answer", "member", "hours", "call", "slot", "closure")


def upgrade() -> None:
    _editions()
    _items()
    op.create_table(
        HABIT,
        sa.Column("site_id", BIG, nullable=False, autoincrement=False),
        sa.Column("by_itself", sa.Boolean(), nullable=False),
        _points(HABIT, "site_id", "sites_site", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("site_id", name=op.f(f"pk_{HABIT}")),
    )


def downgrade() -> None:
    for table in (HABIT, ITEM, EDITION):
        op.drop_table(table)


def _editions() -> None:
    op.create_table(
        EDITION,
        sa.Column("id", BIG, nullable=False),
        *(sa.Column(name, BIG, nullable=False) for name in ("site_id", "year", "week")),
        *(
            sa.Column(name, AT, nullable=False)
            for name in ("since_at", "until_at", "drafted_at", "leaves_at")
        ),
        sa.Column("held", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("state", sa.String(7), nullable=False),
        sa.Column("decided_at", AT),
        sa.Column("decided_by_id", BIG),
        sa.Column("revision", BIG, nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("words_md", sa.Text(), nullable=False),
        sa.Column("words_html", sa.Text(), nullable=False),
        _check(EDITION, "state", "state IN ('draft', 'sent', 'skipped', 'quiet')"),
        _check(EDITION, "decided", "(state = 'draft') = (decided_at IS NULL)"),
        _check(EDITION, "week", "week BETWEEN 1 AND 53"),
        _check(EDITION, "span", "until_at > since_at"),
        _points(EDITION, "site_id", "sites_site"),
        _points(EDITION, "decided_by_id", "members_member"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{EDITION}")),
        sa.UniqueConstraint(
            "site_id", "year", "week", name=op.f(f"uq_{EDITION}_site_id_year_week")
        ),
    )
    op.create_index(f"ix_{EDITION}_archive", EDITION, ["state", "decided_at", "id"])
    op.create_index(f"ix_{EDITION}_site", EDITION, ["site_id", "state", "decided_at", "id"])
    op.create_index(f"ix_{EDITION}_last", EDITION, ["site_id", "until_at", "id"])
    op.create_index(f"ix_{EDITION}_week", EDITION, ["year", "week", "site_id"])
    draft = sa.text("state = 'draft'")
    op.create_index(
        f"ix_{EDITION}_due",
        EDITION,
        ["leaves_at", "id"],
        sqlite_where=draft,
        postgresql_where=draft,
    )


def _items() -> None:
    op.create_table(
        ITEM,
        sa.Column("id", BIG, nullable=False),
        sa.Column("edition_id", BIG, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("subject_id", BIG, nullable=False),
        sa.Column("position", BIG, nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("line", sa.String(200), nullable=False),
        _check(ITEM, "kind", f"kind IN {KINDS}"),
        _points(ITEM, "edition_id", EDITION, ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{ITEM}")),
        sa.UniqueConstraint(
            "edition_id", "kind", "subject_id", name=op.f(f"uq_{ITEM}_edition_id_kind_subject_id")
        ),
    )
    op.create_index(f"ix_{ITEM}_subject", ITEM, ["kind", "subject_id"])


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _points(
    table: str, column: str, other: str, *, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)
