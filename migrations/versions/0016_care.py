"""Care of the threads: cases, reports, measures; what members wrote of late, for their limits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0017"

WAITS = sa.text("waiting_since IS NOT NULL")
OF_QUESTION = sa.text("answer_id IS NULL AND comment_id IS NULL")
ONE_STANDS = sa.text("undone_at IS NULL AND kind IN ('hide', 'lock', 'pin', 'offer')")
PINNED = sa.text("undone_at IS NULL AND kind = 'pin'")
WRITTEN = {"question": "asked_at", "answer": "answered_at", "comment": "written_at"}


def upgrade() -> None:
    _case()
    _report()
    _measure()
    for kind, at in WRITTEN.items():
        op.create_index(f"ix_help_{kind}_written", f"help_{kind}", ["author_id", at])


def downgrade() -> None:
    for kind in WRITTEN:
        op.drop_index(f"ix_help_{kind}_written", f"help_{kind}")
    for name in ("measure", "report", "case"):
        op.drop_table(f"help_{name}")


def _id(name: str, *, nullable: bool = False) -> sa.Column:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, nullable=nullable)


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    gone = "CASCADE" if target.startswith("help") else None
    name = op.f(f"fk_help_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [target], name=name, ondelete=gone)


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, length: int) -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False)


def _index(name: str, table: str, *columns: str, which: sa.TextClause | None = None) -> None:
    where = {} if which is None else {"sqlite_where": which, "postgresql_where": which}
    op.create_index(name, table, list(columns), unique=name.startswith("uq_"), **where)


def _case() -> None:
    op.create_table(
        "help_case",
        _id("id"),
        _id("question_id"),
        _id("answer_id", nullable=True),
        _id("comment_id", nullable=True),
        _id("site_id", nullable=True),
        _id("author_id"),
        _moment("waiting_since", nullable=True),
        _moment("acted_at", nullable=True),
        _id("version"),
        *(_key("case", f"{of}_id", f"help_{of}.id") for of in ("question", "answer", "comment")),
        _key("case", "site_id", "sites_site.id"),
        _key("case", "author_id", "members_member.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_case")),
    )
    table = "help_case"
    _index("uq_help_case_question", table, "question_id", which=OF_QUESTION)
    _index("uq_help_case_answer", table, "answer_id")
    _index("uq_help_case_comment", table, "comment_id")
    _index("ix_help_case_question_id", table, "question_id")
    _index("ix_help_case_author_id", table, "author_id")
    _index("ix_help_case_waiting", table, "waiting_since", "id", which=WAITS)
    _index("ix_help_case_site_waiting", table, "site_id", "waiting_since", "id", which=WAITS)
    _index("ix_help_case_acted", table, "acted_at", "id")
    _index("ix_help_case_site_acted", table, "site_id", "acted_at", "id")


def _report() -> None:
    op.create_table(
        "help_report",
        _id("id"),
        _id("case_id"),
        _id("reporter_id"),
        _text("reason", 11),
        _text("words", 1000),
        _moment("reported_at"),
        sa.CheckConstraint(
            "reason IN ('unkind', 'advertising', 'private', 'wrong', 'misplaced', 'other')",
            name=op.f("ck_help_report_reason"),
        ),
        _key("report", "case_id", "help_case.id"),
        _key("report", "reporter_id", "members_member.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_report")),
    )
    _index("uq_help_report_case", "help_report", "case_id", "reporter_id")
    _index("ix_help_report_reporter_id", "help_report", "reporter_id", "reported_at")


def _measure() -> None:
    op.create_table(
        "help_measure",
        _id("id"),
        _id("case_id"),
        _text("kind", 7),
        _id("by_id"),
        _moment("taken_at"),
        _text("note", 1000),
        _id("site_id", nullable=True),
        _text("audience", 7),
        _id("old_site_id", nullable=True),
        _text("old_audience", 7),
        sa.Column("until", sa.Date(), nullable=True),
        _text("answer", 7),
        _moment("undone_at", nullable=True),
        _id("undone_by_id", nullable=True),
        sa.CheckConstraint(
            "kind IN ('dismiss', 'hide', 'lock', 'warn', 'pin', 'move', 'offer')",
            name=op.f("ck_help_measure_kind"),
        ),
        sa.CheckConstraint(
            "answer IN ('', 'agreed', 'refused')", name=op.f("ck_help_measure_answer")
        ),
        _key("measure", "case_id", "help_case.id"),
        *(_key("measure", column, "members_member.id") for column in ("by_id", "undone_by_id")),
        *(_key("measure", column, "sites_site.id") for column in ("site_id", "old_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_measure")),
    )
    _index("ix_help_measure_case_id", "help_measure", "case_id", "id")
    _index("uq_help_measure_standing", "help_measure", "case_id", "kind", which=ONE_STANDS)
    _index("ix_help_measure_pinned", "help_measure", "site_id", "until", which=PINNED)
