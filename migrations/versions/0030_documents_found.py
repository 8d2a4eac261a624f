"""Documents in the search over everything."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision = "0029"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "documents_tokens"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", BIG, nullable=False, autoincrement=False),
        sa.Column("document_id", BIG, nullable=False),
        sa.Column("tokens", sa.Text() if _on_sqlite() else postgresql.TSVECTOR(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("document_id", name=op.f(f"uq_{TABLE}_document_id")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents_document.id"], name=op.f(f"fk_{TABLE}_document_id")
        ),
    )
    for statement in _index() if _on_sqlite() else ():
        op.execute(statement)
    if not _on_sqlite():
        op.create_index(f"ix_{TABLE}_tokens", TABLE, ["tokens"], postgresql_using="gin")
    # Documents that are there already get into the index by the first runner of jobs.
    op.execute(
        "INSERT INTO kernel_job (kind, payload, state, due_at, attempts, error, created_at)"
        " SELECT 'documents.index_all', '{}', 'waiting', CURRENT_TIMESTAMP, 0, '',"
        " CURRENT_TIMESTAMP WHERE EXISTS (SELECT 1 FROM documents_document)"
    )


def downgrade() -> None:
    op.execute("DELETE FROM kernel_job WHERE kind = 'documents.index_all'")
    if _on_sqlite():
        op.execute(f"DROP TABLE {TABLE}_words")
    op.drop_table(TABLE)


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _index() -> tuple[str, ...]:
    into = f"INSERT INTO {TABLE}_words"
    gone = f"{into} ({TABLE}_words, rowid, tokens) VALUES ('delete', old.id, old.tokens);"
    come = f"{into} (rowid, tokens) VALUES (new.id, new.tokens);"
    held = f"tokens, content='{TABLE}', content_rowid='id', detail=none, prefix='2 3 4 5'"
    split = "tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\""
    return (
        f"CREATE VIRTUAL TABLE {TABLE}_words USING fts5({held}, {split})",
        f"CREATE TRIGGER {TABLE}_come AFTER INSERT ON {TABLE} BEGIN {come} END",
        f"CREATE TRIGGER {TABLE}_gone AFTER DELETE ON {TABLE} BEGIN {gone} END",
        f"CREATE TRIGGER {TABLE}_changed AFTER UPDATE ON {TABLE} BEGIN {gone} {come} END",
    )
