"""Messages that are changed, answered, pinned, searched; whom they call, and signs under them."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0025"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHEN = sa.DateTime(timezone=True)
OURS = ("edit", "del", "react", "pin")
KINDS = re.compile(r"kind IN \([^)]*\)")
ROOT = "CONSTRAINT fk_chat_message_root_id FOREIGN KEY(root_id) REFERENCES chat_message (id)"
TABLES = ("indexed", "document", "pin", "mention", "reaction", "revision")


def upgrade() -> None:
    op.add_column("chat_room", _column("calls", BIG, server_default="0"))
    for column in _columns():
        op.add_column("chat_message", column)
    op.add_column("chat_event", _column("cid", sa.String(36), nullable=True))
    _kinds(added=OURS)
    if _on_sqlite():
        _redraw("chat_message", lambda drawn: f"{drawn.rstrip()[:-1].rstrip()}, {ROOT}\n)")
    else:
        name = op.f("fk_chat_message_root_id")
        op.create_foreign_key(name, "chat_message", "chat_message", ["root_id"], ["id"])
    _index("ix_chat_message_flow", "chat_message", ["room_id", "no"], which="root_id IS NULL")
    _index("ix_chat_message_thread", "chat_message", ["root_id", "no"], which="root_id IS NOT NULL")
    _index(
        "uq_chat_event_cid", "chat_event", ["actor_id", "cid"], which="cid IS NOT NULL", one=True
    )
    _hanging()
    _searched()


def downgrade() -> None:
    for table in TABLES:
        if table == "document" and _on_sqlite():
            op.execute("DROP TABLE chat_document_words")
        op.drop_table(f"chat_{table}")
    for name, table in (
        ("uq_chat_event_cid", "chat_event"),
        ("ix_chat_message_thread", "chat_message"),
        ("ix_chat_message_flow", "chat_message"),
    ):
        op.drop_index(name, table_name=table)
    # Their numbers stay: clients that replay the log find no hole.
    quoted = ", ".join(f"'{kind}'" for kind in OURS)
    op.execute(
        "UPDATE chat_event SET kind = 'member', message_id = NULL, data = '{}'"  # noqa: S608
        f" WHERE kind IN ({quoted})"
    )
    _kinds(gone=OURS)
    op.drop_column("chat_event", "cid")
    if _on_sqlite():
        _redraw("chat_message", lambda drawn: drawn.replace(f", {ROOT}", ""))
    else:
        op.drop_constraint(op.f("fk_chat_message_root_id"), "chat_message", type_="foreignkey")
    for column in _columns():
        op.drop_column("chat_message", column.name)
    op.drop_column("chat_room", "calls")


def _columns() -> tuple[sa.Column, ...]:
    return (
        _column("root_id", BIG, nullable=True),
        _column("rev", BIG, server_default="0"),
        _column("edited_at", WHEN, nullable=True),
        _column("gone_at", WHEN, nullable=True),
        _column("gone_reason", sa.String(200), nullable=True),
        _column("replies", BIG, server_default="0"),
        _column("replied_at", WHEN, nullable=True),
    )


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _kinds(*, added: tuple[str, ...] = (), gone: tuple[str, ...] = ()) -> None:
    """Other kinds of entries beside those that are known, whoever added them."""
    name = "ck_chat_event_kind"
    if _on_sqlite():
        _redraw("chat_event", lambda drawn: KINDS.sub(lambda m: _rule(m[0], added, gone), drawn))
        return
    query = sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name")
    rule = str(op.get_bind().execute(query, {"name": name}).scalar())
    op.drop_constraint(op.f(name), "chat_event", type_="check")
    op.create_check_constraint(op.f(name), "chat_event", _rule(rule, added, gone))


def _rule(known: str, added: tuple[str, ...], gone: tuple[str, ...]) -> str:
    kinds = [kind for kind in re.findall(r"'(\w+)'", known) if kind not in gone]
    return f"kind IN ({', '.join(repr(kind) for kind in (*kinds, *added))})"


def _redraw(table: str, change: object) -> None:
    """Change the drawing of a table whose rows others name: SQLite has no other way."""
    connection = op.get_bind()
    query = sa.text("SELECT sql FROM sqlite_master WHERE name = :table AND type = 'table'")
    drawn = change(str(connection.execute(query, {"table": table}).scalar()))
    op.execute("PRAGMA writable_schema = ON")
    told = sa.text("UPDATE sqlite_master SET sql = :drawn WHERE name = :table AND type = 'table'")
    connection.execute(told, {"drawn": drawn, "table": table})
    op.execute("PRAGMA writable_schema = RESET")


def _column(name: str, kind: object, *, nullable: bool = False, **more: object) -> sa.Column:
    return sa.Column(name, kind, nullable=nullable, **more)


def _index(name: str, table: str, columns: list[str], *, which: str, one: bool = False) -> None:
    where = sa.text(which)
    op.create_index(name, table, columns, unique=one, sqlite_where=where, postgresql_where=where)


def _make(table: str, *parts: object, primary: tuple[str, ...], **keys: str) -> None:
    op.create_table(
        table,
        *parts,
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))
            for column, target in keys.items()
        ),
        sa.PrimaryKeyConstraint(*primary, name=op.f(f"pk_{table}")),
    )


def _hanging() -> None:
    _make(
        "chat_revision",
        *(_column("message_id", BIG), _column("rev", BIG, autoincrement=False)),
        *(_column("body_md", sa.Text()), _column("body_html", sa.Text()), _column("at", WHEN)),
        primary=("message_id", "rev"),
        message_id="chat_message",
    )
    _make(
        "chat_reaction",
        *(_column("message_id", BIG), _column("emoji", sa.String(16))),
        *(_column("member_id", BIG), _column("at", WHEN)),
        primary=("message_id", "emoji", "member_id"),
        message_id="chat_message",
        member_id="members_member",
    )
    op.create_index("ix_chat_reaction_member_id", "chat_reaction", ["member_id"])
    _make(
        "chat_mention",
        *(_column("id", BIG), _column("message_id", BIG), _column("room_id", BIG)),
        *(_column("no", BIG), _column("by_id", BIG), _column("member_id", BIG, nullable=True)),
        sa.UniqueConstraint(
            "message_id", "member_id", name=op.f("uq_chat_mention_message_id_member_id")
        ),
        primary=("id",),
        message_id="chat_message",
        room_id="chat_room",
        by_id="members_member",
        member_id="members_member",
    )
    op.create_index("ix_chat_mention_count", "chat_mention", ["room_id", "member_id", "no"])
    op.create_index("ix_chat_mention_member_id", "chat_mention", ["member_id"])
    op.create_index("ix_chat_mention_by_id", "chat_mention", ["by_id"])
    _make(
        "chat_pin",
        *(_column("message_id", BIG, autoincrement=False), _column("room_id", BIG)),
        *(_column("by_id", BIG), _column("at", WHEN)),
        primary=("message_id",),
        message_id="chat_message",
        room_id="chat_room",
        by_id="members_member",
    )
    op.create_index("ix_chat_pin_room_id", "chat_pin", ["room_id", "at"])
    op.create_index("ix_chat_pin_by_id", "chat_pin", ["by_id"])


def _searched() -> None:
    tokens = sa.Text() if _on_sqlite() else postgresql.TSVECTOR()
    _make(
        "chat_document",
        *(_column("id", BIG, autoincrement=False), _column("message_id", BIG)),
        _column("tokens", tokens),
        sa.UniqueConstraint("message_id", name=op.f("uq_chat_document_message_id")),
        primary=("id",),
        message_id="chat_message",
    )
    for statement in _search_index("chat_document"):
        op.execute(statement)
    _make(
        "chat_indexed",
        *(_column("room_id", BIG, autoincrement=False), _column("seq", BIG)),
        primary=("room_id",),
        room_id="chat_room",
    )


def _search_index(name: str) -> tuple[str, ...]:
    if not _on_sqlite():
        return (f"CREATE INDEX ix_{name}_tokens ON {name} USING gin (tokens)",)
    into = f"INSERT INTO {name}_words"
    gone = f"{into} ({name}_words, rowid, tokens) VALUES ('delete', old.id, old.tokens);"
    come = f"{into} (rowid, tokens) VALUES (new.id, new.tokens);"
    words = f"CREATE VIRTUAL TABLE {name}_words USING fts5(tokens, content='{name}',"
    words += " content_rowid='id', detail=none, prefix='2 3 4 5',"
    words += " tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\")"
    return (
        words,
        f"CREATE TRIGGER {name}_come AFTER INSERT ON {name} BEGIN {come} END",
        f"CREATE TRIGGER {name}_gone AFTER DELETE ON {name} BEGIN {gone} END",
        f"CREATE TRIGGER {name}_changed AFTER UPDATE ON {name} BEGIN {gone} {come} END",
    )
