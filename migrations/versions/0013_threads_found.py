"""Threads found and followed: full text, saved ones, follows, one bump a thread, Atom feeds."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHEN = sa.DateTime(timezone=True)
WORD = sa.String(60).with_variant(sa.String(60, collation="C"), "postgresql")


def search_index(name: str, dialect: str) -> tuple[str, ...]:
    if dialect != "sqlite":
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


def column(name: str, kind: object, *, nullable: bool = False, **more: object) -> sa.Column:
    return sa.Column(name, kind, nullable=nullable, **more)


def key(table: str, name: str, target: str, *, ondelete: str | None = "CASCADE") -> object:
    return sa.ForeignKeyConstraint(
        [name], [target], name=op.f(f"fk_{table}_{name}"), ondelete=ondelete
    )


def primary(table: str, *names: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*names, name=op.f(f"pk_{table}"))


def make(table: str, *parts: object, member: bool = True, question: bool = True) -> None:
    keys = []
    if question:
        keys.append(key(table, "question_id", "help_question.id"))
    if member:
        keys.append(key(table, "member_id", "members_member.id"))
    op.create_table(table, *parts, *keys)


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    op.drop_index("ix_help_word_question_id", table_name="help_word")
    op.drop_table("help_word")
    op.create_index("ix_help_question_activity", "help_question", ["last_activity_at", "id"])
    tokens = postgresql.TSVECTOR() if dialect == "postgresql" else sa.Text()
    make(
        "help_document",
        column("id", BIG, autoincrement=False),
        column("question_id", BIG),
        column("useful", BIG),
        column("tokens", tokens),
        primary("help_document", "id"),
        sa.UniqueConstraint("question_id", name=op.f("uq_help_document_question_id")),
        member=False,
    )
    op.create_index("ix_help_document_useful", "help_document", ["useful", "question_id"])
    for statement in search_index("help_document", dialect):
        op.execute(statement)
    make(
        "help_saved",
        column("member_id", BIG),
        column("question_id", BIG),
        column("saved_at", WHEN),
        primary("help_saved", "member_id", "question_id"),
    )
    op.create_index("ix_help_saved_question_id", "help_saved", ["question_id"])
    _follows()
    _bump()
    _feed()
    # Threads that are there already get into the index by the first runner of jobs.
    op.execute(
        "INSERT INTO kernel_job (kind, payload, state, due_at, attempts, error, created_at)"
        " SELECT 'help.index_all', '{}', 'waiting', CURRENT_TIMESTAMP, 0, '',"
        " CURRENT_TIMESTAMP WHERE EXISTS (SELECT 1 FROM help_question)"
    )


def _follows() -> None:
    make(
        "help_follow",
        column("question_id", BIG),
        column("member_id", BIG),
        column("active", sa.Boolean()),
        column("since", WHEN),
        primary("help_follow", "question_id", "member_id"),
    )
    op.create_index(
        "ix_help_follow_member_id", "help_follow", ["member_id", "active", "question_id"]
    )
    # Whoever asked or answered so far follows.
    for rows in (
        "SELECT id, author_id, asked_at, true FROM help_question",
        """SELECT question_id, author_id, min(answered_at), true FROM help_answer
        GROUP BY question_id, author_id ON CONFLICT DO NOTHING""",
    ):
        op.execute(f"INSERT INTO help_follow (question_id, member_id, since, active) {rows}")
    for table, what, target in (
        ("help_skill_follow", "skill_id", "members_skill.id"),
        ("help_site_follow", "site_id", "sites_site.id"),
    ):
        make(
            table,
            column(what, BIG),
            column("member_id", BIG),
            column("since", WHEN),
            key(table, what, target, ondelete=None),
            primary(table, what, "member_id"),
            question=False,
        )
        op.create_index(f"ix_{table}_member_id", table, ["member_id"])


def _bump() -> None:
    make(
        "help_bump",
        column("question_id", BIG),
        column("member_id", BIG),
        column("why", sa.String(length=6)),
        column("why_id", BIG),
        column("bumped_at", WHEN),
        column("read_at", WHEN, nullable=True),
        column("due_at", WHEN, nullable=True),
        column("told_at", WHEN, nullable=True),
        column("told_answer_id", BIG),
        sa.CheckConstraint("why IN ('thread', 'skill', 'site')", name=op.f("ck_help_bump_why")),
        primary("help_bump", "question_id", "member_id"),
    )
    op.create_index("ix_help_bump_member_id", "help_bump", ["member_id", "read_at"])


def _feed() -> None:
    make(
        "help_feed",
        column("id", BIG),
        column("member_id", BIG),
        column("token_hash", sa.String(length=64)),
        column("query", sa.String(length=400)),
        column("question_id", BIG, nullable=True),
        column("made_at", WHEN),
        column("last_read_at", WHEN, nullable=True),
        column("revoked_at", WHEN, nullable=True),
        primary("help_feed", "id"),
        sa.UniqueConstraint("token_hash", name=op.f("uq_help_feed_token_hash")),
    )
    op.create_index("ix_help_feed_member_id", "help_feed", ["member_id", "revoked_at"])


def downgrade() -> None:
    op.execute("DELETE FROM kernel_job WHERE kind IN ('help.index_all', 'help.tell')")
    for table in (
        "help_feed",
        "help_bump",
        "help_site_follow",
        "help_skill_follow",
        "help_follow",
        "help_saved",
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE help_document_words")
    op.drop_table("help_document")
    op.drop_index("ix_help_question_activity", table_name="help_question")
    op.create_table(
        "help_word",
        sa.Column("word", WORD, nullable=False),
        column("question_id", BIG),
        key("help_word", "question_id", "help_question.id"),
        primary("help_word", "word", "question_id"),
    )
    op.create_index("ix_help_word_question_id", "help_word", ["question_id"])
