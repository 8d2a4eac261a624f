"""Private rooms, small conversations, archives; what a seat lets read; links into rooms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from incubator.kernel.text import fold, words

revision = "0022"
down_revision = "0018"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY = sa.String(80).with_variant(sa.String(80, collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
KINDS_BEFORE = "kind IN ('network', 'site', 'topic', 'direct')"
KINDS = "kind IN ('network', 'site', 'topic', 'private', 'group', 'direct')"
ENTRIES_BEFORE = "kind IN ('msg', 'member')"
ENTRIES = "kind IN ('msg', 'member', 'topic')"
ABOUT = "CONSTRAINT fk_chat_event_member_id FOREIGN KEY(member_id) REFERENCES members_member (id)"
CLOSED = "(SELECT id FROM chat_room WHERE kind IN ('private', 'group'))"


def upgrade() -> None:
    for table, columns in _columns().items():
        for column in columns:
            op.add_column(table, column)
    op.add_column("chat_event", sa.Column("member_id", BIG, nullable=True))
    _rule("chat_room", KINDS_BEFORE, KINDS)
    _rule("chat_event", ENTRIES_BEFORE, ENTRIES)
    _about()
    _fill()
    op.create_index("uq_chat_room_key", "chat_room", ["key"], unique=True)
    _link()


def downgrade() -> None:
    op.drop_table("chat_link")
    for table in ("chat_event", "chat_seat", "chat_message"):
        op.execute(f"DELETE FROM {table} WHERE room_id IN {CLOSED}")  # noqa: S608 - our own names
    op.execute("DELETE FROM chat_room WHERE kind IN ('private', 'group')")
    # What those entries said of a room is said by its row.
    op.execute("UPDATE chat_event SET kind = 'member' WHERE kind = 'topic'")
    op.drop_index("uq_chat_room_key", table_name="chat_room")
    _rule("chat_event", ENTRIES, ENTRIES_BEFORE)
    _rule("chat_room", KINDS, KINDS_BEFORE)
    if op.get_bind().dialect.name == "sqlite":
        _redraw("chat_event", f", {ABOUT}", "")
    op.drop_column("chat_event", "member_id")
    for table, columns in _columns().items():
        for column in columns:
            op.drop_column(table, column.name)


def _columns() -> dict[str, tuple[sa.Column, ...]]:
    return {
        "chat_room": (
            sa.Column("key", KEY, nullable=True),
            sa.Column("found_by", sa.Text(), nullable=False, server_default=""),
            sa.Column("archived_at", MOMENT, nullable=True),
        ),
        "chat_seat": (
            sa.Column("moderator", sa.Boolean(), nullable=False, server_default=sa.false()),
            sa.Column("from_seq", BIG, nullable=False, server_default="0"),
            sa.Column("to_seq", BIG, nullable=True),
            sa.Column("muted_until", MOMENT, nullable=True),
            sa.Column("removed", sa.Boolean(), nullable=False, server_default=sa.false()),
            sa.Column("left_name", sa.String(80), nullable=True),
        ),
    }


def _rule(table: str, before: str, after: str) -> None:
    """Another list of kinds; on SQLite in the schema itself, as other tables name the rows."""
    if op.get_bind().dialect.name == "sqlite":
        _redraw(table, before, after)
        return
    name = op.f(f"ck_{table}_kind")
    op.drop_constraint(name, table, type_="check")
    op.create_check_constraint(name, table, after)


def _about() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _redraw("chat_event", "", f", {ABOUT}")
        return
    name = op.f("fk_chat_event_member_id")
    op.create_foreign_key(name, "chat_event", "members_member", ["member_id"], ["id"])


def _redraw(table: str, before: str, after: str) -> None:
    """Change a part of a table's drawing; with no ``before``, add to its end."""
    connection = op.get_bind()
    query = sa.text("SELECT sql FROM sqlite_master WHERE name = :table AND type = 'table'")
    drawn = str(connection.execute(query, {"table": table}).scalar())
    if before:
        drawn = drawn.replace(before, after)
    else:
        drawn = drawn.rstrip().removesuffix(")").rstrip() + f"{after}\n)"
    op.execute("PRAGMA writable_schema = ON")
    change = sa.text("UPDATE sqlite_master SET sql = :drawn WHERE name = :table AND type = 'table'")
    connection.execute(change, {"drawn": drawn, "table": table})
    op.execute("PRAGMA writable_schema = RESET")


def _fill() -> None:
    """Who opened a topic looks after it; the first of several with one name keeps its key."""
    connection = op.get_bind()
    topics = "SELECT id, name, purpose FROM chat_room WHERE kind = 'topic' ORDER BY id DESC"
    rows = connection.execute(sa.text(topics)).all()
    holders = {key_of(name): number for number, name, _purpose in rows}
    kept = set(holders.values())
    for number, name, purpose in rows:
        key = key_of(name) if number in kept else None
        values = {"id": number, "key": key, "found_by": " ".join(words(f"{name} {purpose}"))}
        found = "UPDATE chat_room SET key = :key, found_by = :found_by WHERE id = :id"
        connection.execute(sa.text(found), values)
    op.execute(
        "UPDATE chat_seat SET moderator = TRUE WHERE EXISTS (SELECT 1 FROM chat_room"
        " WHERE chat_room.id = chat_seat.room_id AND chat_room.kind = 'topic'"
        " AND chat_room.created_by_id = chat_seat.member_id)"
    )


def key_of(name: str) -> str:
    return " ".join(words(name))[:80] or fold(name)[:80]


def _link() -> None:
    op.create_table(
        "chat_link",
        sa.Column("id", BIG, nullable=False),
        sa.Column("room_id", BIG, nullable=False),
        sa.Column("made_by_id", BIG, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["members_member.id"], name=op.f("fk_chat_link_made_by_id")
        ),
        sa.ForeignKeyConstraint(["room_id"], ["chat_room.id"], name=op.f("fk_chat_link_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_chat_link_token_hash")),
    )
    op.create_index("ix_chat_link_room_id", "chat_link", ["room_id", "id"])
