"""Direct conversations: a room for two, and who they are."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

KINDS = "kind IN ('network', 'site', 'topic', 'direct')"
KINDS_BEFORE = "kind IN ('network', 'site', 'topic')"
COLUMNS = "id, kind, site_id, slug, name, purpose, seq, msg_no, created_at, created_by_id, once"
DIRECT = "(SELECT id FROM chat_room WHERE kind = 'direct')"


def upgrade() -> None:
    _kinds(KINDS)
    op.create_table(
        "chat_pair",
        _id("room_id"),
        _id("low_id"),
        _id("high_id"),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.CheckConstraint("low_id <= high_id", name=op.f("ck_chat_pair_order")),
        _key("chat_pair", "room_id", "chat_room.id"),
        _key("chat_pair", "low_id", "members_member.id"),
        _key("chat_pair", "high_id", "members_member.id"),
        sa.PrimaryKeyConstraint("room_id", name=op.f("pk_chat_pair")),
    )
    _unique("chat_pair", "current", columns=["low_id", "high_id"], which="current")
    op.create_index("ix_chat_pair_low_id", "chat_pair", ["low_id"])
    op.create_index("ix_chat_pair_high_id", "chat_pair", ["high_id"])


def downgrade() -> None:
    op.drop_table("chat_pair")
    for table in ("chat_event", "chat_seat", "chat_message"):
        op.execute(f"DELETE FROM {table} WHERE room_id IN {DIRECT}")  # noqa: S608 - our own names
    op.execute("DELETE FROM chat_room WHERE kind = 'direct'")
    _kinds(KINDS_BEFORE)


def _id(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=nullable)


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def _unique(table: str, name: str, *, columns: list[str], which: str) -> None:
    where = {"sqlite_where": sa.text(which), "postgresql_where": sa.text(which)}
    op.create_index(f"uq_{table}_{name}", table, columns, unique=True, **where)


def _kinds(known: str) -> None:
    """Another list of kinds: a constraint of its own on PostgreSQL, a table made anew on SQLite.

    Rows elsewhere name rooms. Their keys are judged at the commit, when the rooms are back: in a
    table of the same name, since a table that is renamed takes its references along.
    """
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_chat_room_kind"), "chat_room", type_="check")
        op.create_check_constraint(op.f("ck_chat_room_kind"), "chat_room", known)
        return
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute(f"CREATE TEMP TABLE rooms_before AS SELECT {COLUMNS} FROM chat_room")  # noqa: S608
    op.drop_table("chat_room")
    _rooms(known)
    op.execute(f"INSERT INTO chat_room ({COLUMNS}) SELECT {COLUMNS} FROM rooms_before")  # noqa: S608
    op.execute("DROP TABLE rooms_before")


def _rooms(known: str) -> None:
    op.create_table(
        "chat_room",
        _id("id"),
        sa.Column("kind", sa.String(length=8), nullable=False),
        _id("site_id", nullable=True),
        sa.Column("slug", sa.String(length=70), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("purpose", sa.String(length=160), nullable=False),
        _id("seq"),
        _id("msg_no"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _id("created_by_id", nullable=True),
        sa.Column("once", sa.String(length=36), nullable=True),
        sa.CheckConstraint(
            "kind <> 'network' OR site_id IS NULL", name=op.f("ck_chat_room_network")
        ),
        sa.CheckConstraint("kind <> 'site' OR site_id IS NOT NULL", name=op.f("ck_chat_room_site")),
        sa.CheckConstraint(known, name=op.f("ck_chat_room_kind")),
        _key("chat_room", "created_by_id", "members_member.id"),
        _key("chat_room", "site_id", "sites_site.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_room")),
        sa.UniqueConstraint("created_by_id", "once", name=op.f("uq_chat_room_created_by_id_once")),
        sa.UniqueConstraint("slug", name=op.f("uq_chat_room_slug")),
    )
    op.create_index("ix_chat_room_kind_name", "chat_room", ["kind", "name", "id"])
    _unique("chat_room", "network", columns=["kind"], which="kind = 'network'")
    _unique("chat_room", "site", columns=["site_id"], which="kind = 'site'")
