"""Posts of the help threads: comments, votes, files, drafts, verdicts; askers without a name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

OF_QUESTION = sa.text("answer_id IS NULL")
TABLES = ("comment", "vote", "duplicate", "lock", "conversion", "draft", "attachment")
KEPT = ("help_removal", "help_revision")


def upgrade() -> None:
    _columns()
    _comment()
    _vote()
    _verdicts()
    _conversion()
    _draft()
    _attachment()
    with op.batch_alter_table("help_removal") as removal:
        _comment_too(removal, "help_removal")
        removal.create_unique_constraint(op.f("uq_help_removal_comment_id"), ["comment_id"])
    with op.batch_alter_table("help_revision") as revision_:
        _comment_too(revision_, "help_revision")
        revision_.create_index("ix_help_revision_comment_id", ["comment_id", "number"])


def downgrade() -> None:
    for table in KEPT:
        op.execute(f"DELETE FROM {table} WHERE comment_id IS NOT NULL")  # noqa: S608 - our own names
    with op.batch_alter_table("help_revision") as revision_:
        revision_.drop_constraint(op.f("fk_help_revision_comment_id"), type_="foreignkey")
        revision_.drop_index("ix_help_revision_comment_id")
        revision_.drop_column("comment_id")
    with op.batch_alter_table("help_removal") as removal:
        removal.drop_constraint(op.f("fk_help_removal_comment_id"), type_="foreignkey")
        removal.drop_constraint(op.f("uq_help_removal_comment_id"), type_="unique")
        removal.drop_column("comment_id")
    for name in reversed(TABLES):
        op.drop_table(f"help_{name}")
    for column in ("votes", "anonymous", "minutes", "needed_on"):
        op.drop_column("help_question", column)
    op.drop_column("help_answer", "votes")
    op.drop_column("sites_site", "hidden_askers")


def _id(name: str, *, nullable: bool = False, usual: str | None = None) -> sa.Column:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, nullable=nullable, server_default=usual)


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    gone = None if target.startswith("members") else "CASCADE"
    name = op.f(f"fk_help_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [target], name=name, ondelete=gone)


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _member(table: str, column: str) -> sa.ForeignKeyConstraint:
    return _key(table, column, "members_member.id")


def _of_thread(table: str, *others: str) -> list[sa.ForeignKeyConstraint]:
    return [_key(table, f"{name}_id", f"help_{name}.id") for name in ("question", *others)]


def _primary(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_help_{table}"))


def _columns() -> None:
    no = {"server_default": sa.false(), "nullable": False}
    op.add_column("sites_site", sa.Column("hidden_askers", sa.Boolean(), **no))
    op.add_column("help_answer", _id("votes", usual="0"))
    for column in (
        sa.Column("needed_on", sa.Date(), nullable=True),
        _id("minutes", nullable=True),
        sa.Column("anonymous", sa.Boolean(), **no),
        _id("votes", usual="0"),
    ):
        op.add_column("help_question", column)


def _comment_too(batch: object, table: str) -> None:
    batch.add_column(_id("comment_id", nullable=True))
    batch.create_foreign_key(
        op.f(f"fk_{table}_comment_id"), "help_comment", ["comment_id"], ["id"], ondelete="CASCADE"
    )


def _comment() -> None:
    op.create_table(
        "help_comment",
        _id("id"),
        _id("question_id"),
        _id("answer_id", nullable=True),
        _id("author_id"),
        sa.Column("once", sa.String(36), nullable=False),
        sa.Column("body_md", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        _moment("written_at"),
        _moment("edited_at", nullable=True),
        _id("revision"),
        sa.Column("removed", sa.Boolean(), nullable=False),
        *_of_thread("comment", "answer"),
        _member("comment", "author_id"),
        _primary("comment"),
        sa.UniqueConstraint("author_id", "once", name=op.f("uq_help_comment_author_id_once")),
    )
    for column in ("question_id", "answer_id"):
        op.create_index(f"ix_help_comment_{column}", "help_comment", [column, "removed", "id"])


def _vote() -> None:
    op.create_table(
        "help_vote",
        _id("id"),
        _id("question_id"),
        _id("answer_id", nullable=True),
        _id("member_id"),
        _moment("voted_at"),
        *_of_thread("vote", "answer"),
        _member("vote", "member_id"),
        _primary("vote"),
    )
    op.create_index("uq_help_vote_answer", "help_vote", ["answer_id", "member_id"], unique=True)
    op.create_index(
        "uq_help_vote_question",
        "help_vote",
        ["question_id", "member_id"],
        unique=True,
        sqlite_where=OF_QUESTION,
        postgresql_where=OF_QUESTION,
    )
    op.create_index("ix_help_vote_member_id", "help_vote", ["member_id", "question_id"])


def _verdicts() -> None:
    op.create_table(
        "help_duplicate",
        _id("id"),
        _id("question_id"),
        _id("original_id"),
        _id("by_id"),
        _moment("marked_at"),
        sa.CheckConstraint("question_id <> original_id", name=op.f("ck_help_duplicate_other")),
        *_of_thread("duplicate"),
        _key("duplicate", "original_id", "help_question.id"),
        _member("duplicate", "by_id"),
        _primary("duplicate"),
        sa.UniqueConstraint("question_id", name=op.f("uq_help_duplicate_question_id")),
    )
    op.create_index("ix_help_duplicate_original_id", "help_duplicate", ["original_id"])
    op.create_table(
        "help_lock",
        _id("id"),
        _id("question_id"),
        _id("by_id"),
        _moment("locked_at"),
        sa.Column("reason", sa.String(500), nullable=False),
        *_of_thread("lock"),
        _member("lock", "by_id"),
        _primary("lock"),
        sa.UniqueConstraint("question_id", name=op.f("uq_help_lock_question_id")),
    )


def _conversion() -> None:
    op.create_table(
        "help_conversion",
        _id("id"),
        _id("question_id"),
        _id("answer_id"),
        _id("comment_id"),
        sa.Column("way", sa.String(10), nullable=False),
        _id("by_id"),
        _moment("converted_at"),
        sa.CheckConstraint(
            "way IN ('to_answer', 'to_comment')", name=op.f("ck_help_conversion_way")
        ),
        *_of_thread("conversion", "answer", "comment"),
        _member("conversion", "by_id"),
        _primary("conversion"),
    )
    op.create_index("ix_help_conversion_question_id", "help_conversion", ["question_id"])


def _draft() -> None:
    op.create_table(
        "help_draft",
        _id("id"),
        _id("author_id"),
        sa.Column("once", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        _id("question_id", nullable=True),
        _id("answer_id", nullable=True),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("body_md", sa.Text(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        _moment("saved_at"),
        sa.CheckConstraint(
            "kind IN ('question', 'answer', 'comment')", name=op.f("ck_help_draft_kind")
        ),
        sa.CheckConstraint(
            "kind = 'question' OR question_id IS NOT NULL", name=op.f("ck_help_draft_thread")
        ),
        *_of_thread("draft", "answer"),
        _member("draft", "author_id"),
        _primary("draft"),
        sa.UniqueConstraint("author_id", "once", name=op.f("uq_help_draft_author_id_once")),
    )
    op.create_index("ix_help_draft_author_id", "help_draft", ["author_id", "saved_at", "id"])
    op.create_index("ix_help_draft_question_id", "help_draft", ["question_id"])


def _attachment() -> None:
    table = "help_attachment"
    op.create_table(
        table,
        _id("id"),
        _id("owner_id"),
        sa.Column("once", sa.String(60), nullable=False),
        _id("question_id", nullable=True),
        _id("answer_id", nullable=True),
        _id("comment_id", nullable=True),
        sa.Column("file_key", sa.String(32), nullable=False),
        sa.Column("file_name", sa.String(140), nullable=False),
        sa.Column("kind", sa.String(5), nullable=False),
        _id("size"),
        _id("width", nullable=True),
        _id("height", nullable=True),
        _moment("added_at"),
        sa.CheckConstraint("size > 0", name=op.f("ck_help_attachment_size")),
        *_of_thread("attachment", "answer", "comment"),
        _member("attachment", "owner_id"),
        _primary("attachment"),
    )
    op.create_index("ix_help_attachment_question_id", table, ["question_id", "id"])
    op.create_index("ix_help_attachment_owner_id", table, ["owner_id", "once", "id"])
    op.create_index("ix_help_attachment_comment_id", table, ["comment_id"])
    op.create_index("ix_help_attachment_answer_id", table, ["answer_id"])
