"""Files of messages, care of rooms, machines in rooms, names that change in a room's log."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0021"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
# The kinds of the log as they are drawn, whatever they were before.
KINDS = re.compile(r"kind IN \(('msg'[^)]*)\)")
OURS = ", 'names'"
SPEAKER = "CONSTRAINT fk_chat_message_bot_id FOREIGN KEY(bot_id) REFERENCES chat_bot (id)"
REASONS = "('unkind', 'advertising', 'private', 'wrong', 'misplaced', 'other')"


def upgrade() -> None:
    _bot()
    _columns()
    _file()
    _case()
    _report()
    _measure()
    _kinds(added=True)


def downgrade() -> None:
    op.execute("DELETE FROM chat_event WHERE kind = 'names'")
    _kinds(added=False)
    for name in ("measure", "report", "case", "file"):
        op.drop_table(f"chat_{name}")
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("fk_chat_message_bot_id"), "chat_message", type_="foreignkey")
    else:
        _draw("chat_message", _drawn("chat_message").replace(f", {SPEAKER}", ""))
    op.drop_column("chat_message", "bot_id")
    op.drop_column("chat_message", "file_count")
    op.drop_table("chat_bot")


def _kinds(*, added: bool) -> None:
    """One more kind in the log; on SQLite in the schema itself, as other tables name the rows."""
    if op.get_bind().dialect.name == "sqlite":
        drawn = _drawn("chat_event")
        _draw("chat_event", KINDS.sub(lambda found: _listed(found, added=added), drawn))
        return
    rule = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"
    known = re.findall(r"'(\w+)'", _read(rule, "ck_chat_event_kind"))
    listed = ", ".join(f"'{kind}'" for kind in known if kind != "names")
    name = op.f("ck_chat_event_kind")
    op.drop_constraint(name, "chat_event", type_="check")
    op.create_check_constraint(name, "chat_event", f"kind IN ({listed}{OURS if added else ''})")


def _read(query: str, name: str) -> str:
    return str(op.get_bind().execute(sa.text(query), {"name": name}).scalar())


def _drawn(table: str) -> str:
    return _read("SELECT sql FROM sqlite_master WHERE name = :name AND type = 'table'", table)


def _draw(table: str, drawn: str) -> None:
    op.execute("PRAGMA writable_schema = ON")
    change = sa.text("UPDATE sqlite_master SET sql = :drawn WHERE name = :name AND type = 'table'")
    op.get_bind().execute(change, {"drawn": drawn, "name": table})
    op.execute("PRAGMA writable_schema = RESET")


def _listed(found: re.Match[str], *, added: bool) -> str:
    before = found[1].replace(OURS, "")
    return f"kind IN ({before}{OURS if added else ''})"


def _columns() -> None:
    for column in (
        sa.Column("file_count", BIG, nullable=False, server_default="0"),
        sa.Column("bot_id", BIG, nullable=True),
    ):
        op.add_column("chat_message", column)
    if op.get_bind().dialect.name == "sqlite":
        drawn = _drawn("chat_message").rstrip().removesuffix(")").rstrip()
        _draw("chat_message", f"{drawn}, {SPEAKER}\n)")
        return
    name = op.f("fk_chat_message_bot_id")
    op.create_foreign_key(name, "chat_message", "chat_bot", ["bot_id"], ["id"])


def _id(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, BIG, nullable=nullable)


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def _text(name: str, length: int) -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, MOMENT, nullable=nullable)


def _index(
    name: str, table: str, columns: list[str], *, where: str = "", once: bool = False
) -> None:
    only = {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)} if where else {}
    op.create_index(name, table, columns, unique=once, **only)


def _bot() -> None:
    op.create_table(
        "chat_bot",
        _id("id"),
        _id("room_id"),
        _text("name", 40),
        _text("handle", 40),
        _text("token_hash", 64),
        _text("url", 500),
        _text("salt", 40),
        _id("made_by_id"),
        _moment("made_at"),
        _moment("spoke_at", nullable=True),
        _moment("revoked_at", nullable=True),
        _id("revoked_by_id", nullable=True),
        _text("trouble", 200),
        _key("chat_bot", "room_id", "chat_room.id"),
        _key("chat_bot", "made_by_id", "members_member.id"),
        _key("chat_bot", "revoked_by_id", "members_member.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_bot")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_chat_bot_token_hash")),
    )
    _index("ix_chat_bot_room_id", "chat_bot", ["room_id", "id"])
    works = "revoked_at IS NULL"
    _index("uq_chat_bot_handle", "chat_bot", ["room_id", "handle"], where=works, once=True)


def _file() -> None:
    op.create_table(
        "chat_file",
        _id("id"),
        _id("owner_id"),
        _id("room_id"),
        _id("message_id", nullable=True),
        _text("file_key", 32),
        _text("file_name", 140),
        _text("kind", 5),
        _id("size"),
        _id("width", nullable=True),
        _id("height", nullable=True),
        _text("alt", 300),
        _moment("added_at"),
        sa.CheckConstraint("size > 0", name=op.f("ck_chat_file_size")),
        _key("chat_file", "owner_id", "members_member.id"),
        _key("chat_file", "room_id", "chat_room.id"),
        _key("chat_file", "message_id", "chat_message.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_file")),
    )
    _index("ix_chat_file_message_id", "chat_file", ["message_id", "id"])
    _index("ix_chat_file_owner_id", "chat_file", ["owner_id", "room_id", "id"])
    _index("ix_chat_file_unsent", "chat_file", ["added_at"], where="message_id IS NULL")


def _case() -> None:
    op.create_table(
        "chat_case",
        _id("id"),
        _id("message_id"),
        _id("room_id"),
        _id("site_id", nullable=True),
        _id("author_id"),
        sa.Column("text_md", sa.Text(), nullable=False),
        sa.Column("text_html", sa.Text(), nullable=False),
        _moment("waiting_since", nullable=True),
        _moment("acted_at", nullable=True),
        _id("version"),
        _key("chat_case", "message_id", "chat_message.id"),
        _key("chat_case", "room_id", "chat_room.id"),
        _key("chat_case", "site_id", "sites_site.id"),
        _key("chat_case", "author_id", "members_member.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_case")),
        sa.UniqueConstraint("message_id", name=op.f("uq_chat_case_message_id")),
    )
    for column in ("author_id", "room_id"):
        _index(f"ix_chat_case_{column}", "chat_case", [column])
    waits = "waiting_since IS NOT NULL"
    _index("ix_chat_case_waiting", "chat_case", ["waiting_since", "id"], where=waits)
    _index("ix_chat_case_acted", "chat_case", ["acted_at", "id"])


def _report() -> None:
    op.create_table(
        "chat_report",
        _id("id"),
        _id("case_id"),
        _id("reporter_id"),
        _text("reason", 11),
        _text("words", 1000),
        _moment("reported_at"),
        sa.CheckConstraint(f"reason IN {REASONS}", name=op.f("ck_chat_report_reason")),
        _key("chat_report", "case_id", "chat_case.id"),
        _key("chat_report", "reporter_id", "members_member.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_report")),
    )
    _index("uq_chat_report_case", "chat_report", ["case_id", "reporter_id"], once=True)
    _index("ix_chat_report_reporter_id", "chat_report", ["reporter_id", "id"])


def _measure() -> None:
    op.create_table(
        "chat_measure",
        _id("id"),
        _id("case_id"),
        _text("kind", 7),
        _id("by_id"),
        _moment("taken_at"),
        _text("note", 1000),
        _moment("undone_at", nullable=True),
        _id("undone_by_id", nullable=True),
        sa.CheckConstraint("kind IN ('dismiss', 'hide')", name=op.f("ck_chat_measure_kind")),
        _key("chat_measure", "case_id", "chat_case.id"),
        _key("chat_measure", "by_id", "members_member.id"),
        _key("chat_measure", "undone_by_id", "members_member.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_measure")),
    )
    _index("ix_chat_measure_case_id", "chat_measure", ["case_id", "id"])
    hidden = "undone_at IS NULL AND kind = 'hide'"
    _index("uq_chat_measure_hidden", "chat_measure", ["case_id"], where=hidden, once=True)
