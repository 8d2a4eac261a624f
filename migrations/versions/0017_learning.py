"""Help that counts and teaches: thanks, hours of threads, what a thread's figures are made of."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0020"

SHARED = "commitments_contribution"
INSTANT = sa.DateTime(timezone=True)
UNANSWERED = sa.text("state = 'open' AND first_reply_at IS NULL")
COUNTS = ("asked", "replied", "within_24", "within_48", "within_72", "useful", "solved", "reopened")
TIMES = ("reply_median", "reply_most", "solved_median", "solved_most")
UNNAMED = sa.text("unnamed_id IS NOT NULL")
ACCEPTED = """
UPDATE help_question SET first_useful_at = (
  SELECT min(accepted_at) FROM help_acceptance WHERE question_id = help_question.id
)
"""


def upgrade() -> None:
    _thanks()
    _hours()
    op.add_column("help_answer", _number("thanks"))
    op.add_column("help_question", sa.Column("first_useful_at", INSTANT, nullable=True))
    op.add_column("help_question", _number("reopened"))
    op.add_column("members_proof", _number("minutes"))
    op.add_column("commitments_rule", _number("help_week_most", "600"))
    op.execute(ACCEPTED)
    op.create_index("ix_help_question_asked_at", "help_question", ["asked_at"])
    op.create_index("ix_help_answer_answered_at", "help_answer", ["answered_at"])
    op.create_index(
        "ix_help_question_unanswered",
        "help_question",
        ["asked_at", "id"],
        sqlite_where=UNANSWERED,
        postgresql_where=UNANSWERED,
    )
    _month()
    _sheets()


def downgrade() -> None:
    for table in ("help_sheet_revision", "help_sheet", "help_month"):
        op.drop_table(table)
    op.drop_index("ix_help_question_unanswered", "help_question")
    op.drop_index("ix_help_answer_answered_at", "help_answer")
    op.drop_index("ix_help_question_asked_at", "help_question")
    op.drop_column("commitments_rule", "help_week_most")
    op.drop_column("members_proof", "minutes")
    op.drop_column("help_question", "reopened")
    op.drop_column("help_question", "first_useful_at")
    op.drop_column("help_answer", "thanks")
    # Nobody stands in the place of who asked without a name.
    op.execute(f"DELETE FROM {SHARED} WHERE declared_by_id IS NULL")  # noqa: S608 - our own name
    op.drop_index("ix_commitments_contribution_offered", SHARED)
    op.drop_index("ix_commitments_contribution_unnamed_id", SHARED)
    with op.batch_alter_table(SHARED) as shared:
        shared.drop_constraint(op.f(f"ck_{SHARED}_unnamed"), type_="check")
        shared.drop_constraint(op.f(f"fk_{SHARED}_unnamed_id"), type_="foreignkey")
        shared.drop_column("offered")
        shared.drop_column("unnamed_id")
        shared.alter_column("declared_by_id", existing_type=_kind(), nullable=False)
    op.drop_table("help_thanks")


def _kind() -> sa.types.TypeEngine:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _id(name: str) -> sa.Column:
    return sa.Column(name, _kind(), nullable=False)


def _number(name: str, usual: str = "0") -> sa.Column:
    return sa.Column(name, _kind(), nullable=False, server_default=usual)


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    gone = None if target.startswith("members") else "CASCADE"
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [target], name=name, ondelete=gone)


def _thanks() -> None:
    op.create_table(
        "help_thanks",
        _id("id"),
        _id("question_id"),
        _id("answer_id"),
        _id("member_id"),
        sa.Column("words", sa.String(300), nullable=False),
        sa.Column("thanked_at", INSTANT, nullable=False),
        _key("help_thanks", "question_id", "help_question.id"),
        _key("help_thanks", "answer_id", "help_answer.id"),
        _key("help_thanks", "member_id", "members_member.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_thanks")),
        sa.UniqueConstraint(
            "answer_id", "member_id", name=op.f("uq_help_thanks_answer_id_member_id")
        ),
    )
    op.create_index("ix_help_thanks_member_id", "help_thanks", ["member_id"])
    op.create_index("ix_help_thanks_question_id", "help_thanks", ["question_id", "answer_id", "id"])


def _hours() -> None:
    with op.batch_alter_table(SHARED) as shared:
        shared.alter_column("declared_by_id", existing_type=_kind(), nullable=True)
        shared.add_column(sa.Column("unnamed_id", _kind(), nullable=True))
        shared.add_column(
            sa.Column("offered", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        shared.create_foreign_key(
            op.f(f"fk_{SHARED}_unnamed_id"), "members_member", ["unnamed_id"], ["id"]
        )
        shared.create_check_constraint(
            op.f(f"ck_{SHARED}_unnamed"),
            "unnamed_id IS NULL OR (receiver_id IS NULL AND unnamed_id <> giver_id)",
        )
    op.create_index(
        "ix_commitments_contribution_unnamed_id",
        SHARED,
        ["unnamed_id", "day", "id"],
        sqlite_where=UNNAMED,
        postgresql_where=UNNAMED,
    )
    op.create_index(
        "ix_commitments_contribution_offered",
        SHARED,
        ["giver_id", "declared_at", "id"],
        sqlite_where=sa.text("state = 'declared' AND offered = 1"),
        postgresql_where=sa.text("state = 'declared' AND offered"),
    )


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False)


def _month() -> None:
    op.create_table(
        "help_month",
        _id("id"),
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("site_id", _kind(), nullable=True),
        sa.Column("skill_id", _kind(), nullable=True),
        *[_id(name) for name in COUNTS],
        *[sa.Column(f"{name}{end}", _kind()) for end in ("", "_work") for name in TIMES],
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("measured_at", INSTANT, nullable=False),
        sa.CheckConstraint("asked > 0", name=op.f("ck_help_month_asked")),
        sa.ForeignKeyConstraint(["site_id"], ["sites_site.id"], name=op.f("fk_help_month_site_id")),
        sa.ForeignKeyConstraint(
            ["skill_id"], ["members_skill.id"], name=op.f("fk_help_month_skill_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_month")),
        sa.UniqueConstraint("key", name=op.f("uq_help_month_key")),
    )
    op.create_index("ix_help_month_site", "help_month", ["site_id", "skill_id", "month"])
    op.create_index("ix_help_month_month", "help_month", ["month", "site_id"])


def _sheets() -> None:
    op.create_table(
        "help_sheet",
        _id("id"),
        _id("question_id"),
        sa.Column("title", sa.String(150), nullable=False),
        _text("body_md"),
        _text("body_html"),
        sa.Column("language", sa.String(2), nullable=False),
        _id("made_by_id"),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("edited_at", INSTANT, nullable=True),
        _id("revision"),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.CheckConstraint("language IN ('fr', 'en')", name=op.f("ck_help_sheet_language")),
        _key("help_sheet", "question_id", "help_question.id"),
        _key("help_sheet", "made_by_id", "members_member.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_sheet")),
        sa.UniqueConstraint("question_id", name=op.f("uq_help_sheet_question_id")),
    )
    op.create_index("ix_help_sheet_made_by_id", "help_sheet", ["made_by_id"])
    op.create_table(
        "help_sheet_revision",
        _id("id"),
        _id("sheet_id"),
        _id("number"),
        sa.Column("title", sa.String(150), nullable=False),
        _text("body_md"),
        _text("body_html"),
        _id("by_id"),
        sa.Column("edited_at", INSTANT, nullable=False),
        _key("help_sheet_revision", "sheet_id", "help_sheet.id"),
        _key("help_sheet_revision", "by_id", "members_member.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_sheet_revision")),
        sa.UniqueConstraint(
            "sheet_id", "number", name=op.f("uq_help_sheet_revision_sheet_id_number")
        ),
    )
