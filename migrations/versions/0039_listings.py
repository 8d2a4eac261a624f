"""Needs and offers of firms: listings, photos, states, notices, searches kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0039"
down_revision = "0038"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
LISTING = "exchanges_listing"
SKILL, PHOTO, STEP = f"{LISTING}_skill", f"{LISTING}_photo", f"{LISTING}_step"
NOTICE, ORIGIN, FOUND = f"{LISTING}_notice", f"{LISTING}_origin", f"{LISTING}_tokens"
SEARCH = "exchanges_saved_search"
KINDS = ("need", "offer")
STATES = ("draft", "published", "paused", "part_filled", "filled", "expired", "withdrawn")
VISIBILITIES = ("network", "site")
MODES = ("barter", "hours", "gift", "cash")


def upgrade() -> None:
    _listings()
    _skills_and_photos()
    _steps_and_notices()
    _found()
    _searches()


def downgrade() -> None:
    if _on_sqlite():
        op.execute(f"DROP TABLE {FOUND}_words")
    for table in (SEARCH, FOUND, ORIGIN, NOTICE, STEP, PHOTO, SKILL, LISTING):
        op.drop_table(table)


def _listings() -> None:
    modes = " OR ".join(MODES)
    op.create_table(
        LISTING,
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sa.String(5), nullable=False),
        sa.Column("state", sa.String(11), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False, server_default=sa.false()),
        *(sa.Column(name, BIG, nullable=False) for name in ("firm_id", "author_id")),
        sa.Column("title", sa.String(120), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("body_md", "body_html")),
        sa.Column("summary", sa.String(200), nullable=False),
        sa.Column("quantity", BIG),
        sa.Column("unit", sa.String(40), nullable=False),
        *(sa.Column(name, BIG) for name in ("min_cents", "max_cents")),
        sa.Column("site_id", BIG, nullable=False),
        sa.Column("remote", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("radius_km", BIG),
        *(
            sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
            for name in MODES
        ),
        sa.Column("visibility", sa.String(7), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("until", AT),
        sa.Column("ends_at", AT, nullable=False),
        sa.Column("once", sa.String(40), nullable=False),
        *(sa.Column(name, AT, nullable=False) for name in ("created_at", "changed_at")),
        sa.Column("published_at", AT),
        _check(LISTING, "kind", f"kind IN {KINDS}"),
        _check(LISTING, "state", f"state IN {STATES}"),
        _check(LISTING, "visibility", f"visibility IN {VISIBILITIES}"),
        _check(LISTING, "modes", f"state = 'draft' OR {modes}"),
        _check(LISTING, "place", "state = 'draft' OR remote OR radius_km IS NOT NULL"),
        _check(LISTING, "quantity", "quantity > 0"),
        _check(LISTING, "cents", "min_cents >= 0 AND max_cents >= min_cents"),
        _check(LISTING, "published", "(state = 'draft') = (published_at IS NULL)"),
        _check(LISTING, "until", "state = 'draft' OR kind = 'offer' OR until IS NOT NULL"),
        _points(LISTING, "firm_id", "members_firm"),
        _points(LISTING, "author_id", "members_member"),
        _points(LISTING, "site_id", "sites_site"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{LISTING}")),
        sa.UniqueConstraint("author_id", "once", name=op.f(f"uq_{LISTING}_author_id_once")),
    )
    for name, columns in {
        "newest": ["live", "published_at", "id"],
        "ending": ["live", "ends_at", "id"],
        "kind": ["live", "kind", "published_at", "id"],
        "site": ["site_id", "live", "published_at", "id"],
        "firm": ["firm_id", "changed_at", "id"],
        "clock": ["state", "ends_at", "id"],
    }.items():
        op.create_index(f"ix_{LISTING}_{name}", LISTING, columns)


def _skills_and_photos() -> None:
    op.create_table(
        SKILL,
        *(sa.Column(name, BIG, nullable=False) for name in ("listing_id", "skill_id", "position")),
        _points(SKILL, "listing_id", LISTING, ondelete="CASCADE"),
        _points(SKILL, "skill_id", "members_skill"),
        sa.PrimaryKeyConstraint("listing_id", "skill_id", name=op.f(f"pk_{SKILL}")),
    )
    op.create_index(f"ix_{SKILL}_skill_id", SKILL, ["skill_id", "listing_id"])
    op.create_table(
        PHOTO,
        sa.Column("id", BIG, nullable=False),
        sa.Column("listing_id", BIG),
        sa.Column("owner_id", BIG, nullable=False),
        sa.Column("once", sa.String(40), nullable=False),
        sa.Column("file_key", sa.String(32), nullable=False),
        *(sa.Column(name, BIG, nullable=False) for name in ("width", "height")),
        sa.Column("added_at", AT, nullable=False),
        _points(PHOTO, "listing_id", LISTING, ondelete="CASCADE"),
        _points(PHOTO, "owner_id", "members_member"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{PHOTO}")),
    )
    op.create_index(f"ix_{PHOTO}_listing_id", PHOTO, ["listing_id", "id"])
    op.create_index(f"ix_{PHOTO}_owner_id", PHOTO, ["owner_id", "once"])


def _steps_and_notices() -> None:
    op.create_table(
        STEP,
        sa.Column("id", BIG, nullable=False),
        sa.Column("listing_id", BIG, nullable=False),
        sa.Column("by_id", BIG),
        sa.Column("act", sa.String(8), nullable=False),
        *(sa.Column(name, sa.String(11), nullable=False) for name in ("before", "after")),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("at", AT, nullable=False),
        _points(STEP, "listing_id", LISTING, ondelete="CASCADE"),
        _points(STEP, "by_id", "members_member"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{STEP}")),
    )
    op.create_index(f"ix_{STEP}_listing_id", STEP, ["listing_id", "id"])
    op.create_table(
        NOTICE,
        sa.Column("listing_id", BIG, nullable=False),
        sa.Column("stage", sa.String(4), nullable=False),
        *(sa.Column(name, AT, nullable=False) for name in ("until", "told_at")),
        _points(NOTICE, "listing_id", LISTING, ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("listing_id", "stage", "until", name=op.f(f"pk_{NOTICE}")),
    )
    op.create_table(
        ORIGIN,
        sa.Column("listing_id", BIG, nullable=False, autoincrement=False),
        sa.Column("question_id", BIG, nullable=False),
        _points(ORIGIN, "listing_id", LISTING, ondelete="CASCADE"),
        _points(ORIGIN, "question_id", "help_question"),
        sa.PrimaryKeyConstraint("listing_id", name=op.f(f"pk_{ORIGIN}")),
    )
    op.create_index(op.f(f"ix_{ORIGIN}_question_id"), ORIGIN, ["question_id"])


def _found() -> None:
    op.create_table(
        FOUND,
        sa.Column("id", BIG, nullable=False, autoincrement=False),
        sa.Column("listing_id", BIG, nullable=False),
        sa.Column("tokens", sa.Text() if _on_sqlite() else postgresql.TSVECTOR(), nullable=False),
        _points(FOUND, "listing_id", LISTING, ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{FOUND}")),
        sa.UniqueConstraint("listing_id", name=op.f(f"uq_{FOUND}_listing_id")),
    )
    for statement in _index() if _on_sqlite() else ():
        op.execute(statement)
    if not _on_sqlite():
        op.create_index(f"ix_{FOUND}_tokens", FOUND, ["tokens"], postgresql_using="gin")


def _searches() -> None:
    op.create_table(
        SEARCH,
        sa.Column("id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False, server_default=sa.true()),
        *(sa.Column(name, AT, nullable=False) for name in ("made_at", "looked_at")),
        _points(SEARCH, "member_id", "members_member"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{SEARCH}")),
        sa.UniqueConstraint("member_id", "name", name=op.f(f"uq_{SEARCH}_member_id_name")),
    )
    op.create_index(f"ix_{SEARCH}_due", SEARCH, ["told", "looked_at", "id"])


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _index() -> tuple[str, ...]:
    into = f"INSERT INTO {FOUND}_words"
    gone = f"{into} ({FOUND}_words, rowid, tokens) VALUES ('delete', old.id, old.tokens);"
    come = f"{into} (rowid, tokens) VALUES (new.id, new.tokens);"
    held = f"tokens, content='{FOUND}', content_rowid='id', detail=none, prefix='2 3 4 5'"
    split = "tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\""
    return (
        f"CREATE VIRTUAL TABLE {FOUND}_words USING fts5({held}, {split})",
        f"CREATE TRIGGER {FOUND}_come AFTER INSERT ON {FOUND} BEGIN {come} END",
        f"CREATE TRIGGER {FOUND}_gone AFTER DELETE ON {FOUND} BEGIN {gone} END",
        f"CREATE TRIGGER {FOUND}_changed AFTER UPDATE ON {FOUND} BEGIN {gone} {come} END",
    )


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _points(
    table: str, column: str, other: str, *, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)
