"""Full-text search of members, known words, confirmed help, proposals and merges of skills."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def letters(length: int) -> sa.String:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


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


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    op.drop_index("ix_members_word_member_id", table_name="members_word")
    op.drop_table("members_word")
    op.create_table(
        "kernel_word",
        sa.Column("word", letters(60), nullable=False),
        sa.Column("written", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_kernel_word")),
    )
    op.create_table(
        "kernel_word_left",
        sa.Column("left", letters(7), nullable=False),
        sa.Column("word", letters(60), nullable=False),
        sa.PrimaryKeyConstraint("left", "word", name=op.f("pk_kernel_word_left")),
    )
    op.create_index("ix_kernel_word_left_word", "kernel_word_left", ["word"], unique=False)
    op.create_table(
        "members_document",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column(
            "tokens",
            postgresql.TSVECTOR() if dialect == "postgresql" else sa.Text(),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["members_member.id"],
            name=op.f("fk_members_document_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members_document")),
    )
    op.create_index(
        "ix_members_document_member_id", "members_document", ["member_id"], unique=False
    )
    for statement in search_index("members_document", dialect):
        op.execute(statement)
    op.create_table(
        "members_proof",
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("skill_id", BIG, nullable=False),
        sa.Column("count", BIG, nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_members_proof_count")),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["members_member.id"],
            name=op.f("fk_members_proof_member_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["skill_id"], ["members_skill.id"], name=op.f("fk_members_proof_skill_id")
        ),
        sa.PrimaryKeyConstraint("member_id", "skill_id", name=op.f("pk_members_proof")),
    )
    op.create_index(
        "ix_members_proof_skill_id", "members_proof", ["skill_id", "last_at"], unique=False
    )
    op.create_table(
        "members_skill_proposal",
        sa.Column("id", BIG, nullable=False),
        sa.Column("proposer_id", BIG, nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("folded", letters(80), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("skill_id", BIG, nullable=True),
        sa.Column("word", sa.String(length=300), nullable=False),
        sa.Column("decided_by_id", BIG, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'accepted', 'merged', 'declined')",
            name=op.f("ck_members_skill_proposal_state"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["members_member.id"],
            name=op.f("fk_members_skill_proposal_decided_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["proposer_id"],
            ["members_member.id"],
            name=op.f("fk_members_skill_proposal_proposer_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["skill_id"], ["members_skill.id"], name=op.f("fk_members_skill_proposal_skill_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members_skill_proposal")),
    )
    op.create_index(
        "ix_members_skill_proposal_proposer_id",
        "members_skill_proposal",
        ["proposer_id"],
        unique=False,
    )
    op.create_index(
        "ix_members_skill_proposal_state", "members_skill_proposal", ["state", "id"], unique=False
    )
    op.create_index(
        "uq_members_skill_proposal_open",
        "members_skill_proposal",
        ["folded"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "members_skill_merge",
        sa.Column("gone_id", BIG, autoincrement=False, nullable=False),
        sa.Column("kept_id", BIG, nullable=False),
        sa.CheckConstraint("gone_id <> kept_id", name=op.f("ck_members_skill_merge_itself")),
        sa.ForeignKeyConstraint(
            ["gone_id"], ["members_skill.id"], name=op.f("fk_members_skill_merge_gone_id")
        ),
        sa.ForeignKeyConstraint(
            ["kept_id"], ["members_skill.id"], name=op.f("fk_members_skill_merge_kept_id")
        ),
        sa.PrimaryKeyConstraint("gone_id", name=op.f("pk_members_skill_merge")),
    )
    op.create_index(
        "ix_members_skill_merge_kept_id", "members_skill_merge", ["kept_id"], unique=False
    )
    # Who is there already gets into the index by the first runner of jobs.
    op.execute(
        "INSERT INTO kernel_job (kind, payload, state, due_at, attempts, error, created_at)"
        " SELECT 'members.index_all', '{}', 'waiting', CURRENT_TIMESTAMP, 0, '',"
        " CURRENT_TIMESTAMP WHERE EXISTS (SELECT 1 FROM members_member)"
    )


def downgrade() -> None:
    op.execute("DELETE FROM kernel_job WHERE kind = 'members.index_all'")
    op.drop_table("members_skill_merge")
    op.drop_table("members_skill_proposal")
    op.drop_table("members_proof")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE members_document_words")
    op.drop_table("members_document")
    op.drop_table("kernel_word_left")
    op.drop_table("kernel_word")
    op.create_table(
        "members_word",
        sa.Column("word", letters(60), nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["members_member.id"],
            name=op.f("fk_members_word_member_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("word", "member_id", name=op.f("pk_members_word")),
    )
    op.create_index(
        "ix_members_word_member_id", "members_word", ["member_id", "word"], unique=False
    )
