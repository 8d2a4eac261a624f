"""Circles as audiences of questions; threads that come from a chat room or are talked through."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0015"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NAME = sa.String(60).with_variant(sa.String(60, collation="C"), "postgresql")
SLUG = sa.String(80).with_variant(sa.String(80, collation="C"), "postgresql")
BEFORE = {
    "audience": "audience IN ('network', 'site')",
    "site": "audience = 'network' OR site_id IS NOT NULL",
}
AFTER = {
    "audience": "audience IN ('network', 'site', 'circle')",
    "site": "audience <> 'site' OR site_id IS NOT NULL",
}
CIRCLE = "(audience = 'circle') = (circle_id IS NOT NULL)"
OWN = f", CONSTRAINT ck_help_question_circle CHECK ({CIRCLE})"
OWN += (
    ", CONSTRAINT fk_help_question_circle_id FOREIGN KEY(circle_id) REFERENCES circles_circle (id)"
)


def upgrade() -> None:
    op.add_column("members_member", _column("circles", sa.Text(), usual=""))
    _circle()
    _place()
    op.add_column("help_question", _id("circle_id", nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        _rewrite(BEFORE, AFTER, added=OWN)
    else:
        _checks(AFTER)
        op.create_check_constraint(op.f("ck_help_question_circle"), "help_question", CIRCLE)
        name = op.f("fk_help_question_circle_id")
        op.create_foreign_key(name, "help_question", "circles_circle", ["circle_id"], ["id"])
    _origin()
    _quote()
    _talk()


def downgrade() -> None:
    for table in ("talk", "quote", "origin"):
        op.drop_table(f"help_{table}")
    # What only a circle read becomes nobody's rather than everybody's.
    op.execute("DELETE FROM help_question WHERE audience = 'circle'")
    if op.get_bind().dialect.name == "sqlite":
        _rewrite(AFTER, BEFORE, dropped=OWN)
    else:
        op.drop_constraint(op.f("fk_help_question_circle_id"), "help_question", type_="foreignkey")
        op.drop_constraint(op.f("ck_help_question_circle"), "help_question", type_="check")
        _checks(BEFORE)
    op.drop_column("help_question", "circle_id")
    for table in ("place", "circle"):
        op.drop_table(f"circles_{table}")
    op.drop_column("members_member", "circles")


def _checks(known: dict[str, str]) -> None:
    for name, rule in known.items():
        full = op.f(f"ck_help_question_{name}")
        op.drop_constraint(full, "help_question", type_="check")
        op.create_check_constraint(full, "help_question", rule)


def _rewrite(
    before: dict[str, str], after: dict[str, str], *, added: str = "", dropped: str = ""
) -> None:
    """Other rules for the rows of a table that half of the others name.

    Made anew it would take their rows along; SQLite's own way to change only rules is its schema.
    """
    connection = op.get_bind()
    query = sa.text("SELECT sql FROM sqlite_master WHERE name = 'help_question'")
    drawn = str(connection.execute(query).scalar())
    for name, rule in before.items():
        drawn = drawn.replace(rule, after[name])
    drawn = drawn.replace(dropped, "") if dropped else drawn
    drawn = drawn.rstrip().removesuffix(")").rstrip() + f"{added}\n)"
    op.execute("PRAGMA writable_schema = ON")
    change = "UPDATE sqlite_master SET sql = :drawn WHERE name = 'help_question' AND type = 'table'"
    connection.execute(sa.text(change), {"drawn": drawn})
    op.execute("PRAGMA writable_schema = RESET")


def _id(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, BIG, nullable=nullable)


def _column(name: str, kind: object, *, nullable: bool = False, usual: object = None) -> sa.Column:
    return sa.Column(name, kind, nullable=nullable, server_default=usual)


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return _column(name, sa.DateTime(timezone=True), nullable=nullable)


def _key(table: str, name: str, target: str) -> sa.ForeignKeyConstraint:
    gone = None if target.startswith(("members", "sites")) else "CASCADE"
    full = op.f(f"fk_{table}_{name}")
    return sa.ForeignKeyConstraint([name], [target], name=full, ondelete=gone)


def _member(table: str, name: str) -> sa.ForeignKeyConstraint:
    return _key(table, name, "members_member.id")


def _primary(table: str, *names: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*names, name=op.f(f"pk_{table}"))


def _unique(table: str, *names: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*names, name=op.f(f"uq_{table}_{'_'.join(names)}"))


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _circle() -> None:
    table = "circles_circle"
    op.create_table(
        table,
        _id("id"),
        _column("slug", SLUG),
        _column("name", sa.String(60)),
        _column("sort_name", NAME),
        _column("description", sa.Text()),
        _id("site_id", nullable=True),
        _column("joining", sa.String(10)),
        _id("created_by_id"),
        _column("once", sa.String(36)),
        _moment("created_at"),
        _moment("closed_at", nullable=True),
        _check(table, "joining", "joining IN ('request', 'invitation')"),
        _key(table, "site_id", "sites_site.id"),
        _member(table, "created_by_id"),
        _primary(table, "id"),
        _unique(table, "created_by_id", "once"),
        _unique(table, "slug"),
    )
    op.create_index("ix_circles_circle_list", table, ["closed_at", "sort_name", "id"])
    op.create_index("ix_circles_circle_site_id", table, ["site_id"])


def _place() -> None:
    table = "circles_place"
    op.create_table(
        table,
        _id("circle_id"),
        _id("member_id"),
        _column("state", sa.String(7)),
        _column("owner", sa.Boolean(), usual=sa.false()),
        _moment("since"),
        _id("by_id", nullable=True),
        _check(table, "state", "state IN ('in', 'asked', 'invited')"),
        _check(table, "owner", "state = 'in' OR NOT owner"),
        _key(table, "circle_id", "circles_circle.id"),
        _member(table, "member_id"),
        _member(table, "by_id"),
        _primary(table, "circle_id", "member_id"),
    )
    op.create_index("ix_circles_place_member_id", table, ["member_id", "state", "circle_id"])


def _origin() -> None:
    table = "help_origin"
    op.create_table(
        table,
        _id("question_id"),
        _id("room_id"),
        _id("by_id"),
        _column("chosen", sa.String(40)),
        _moment("made_at"),
        _key(table, "question_id", "help_question.id"),
        _member(table, "by_id"),
        _primary(table, "question_id"),
        _unique(table, "room_id", "by_id", "chosen"),
    )


def _quote() -> None:
    table = "help_quote"
    op.create_table(
        table,
        _id("id"),
        _id("question_id"),
        _id("seq"),
        _id("no"),
        _id("author_id"),
        _moment("said_at"),
        _column("body_html", sa.Text()),
        _column("consent", sa.String(7)),
        _moment("answered_at", nullable=True),
        _check(table, "consent", "consent IN ('free', 'asked', 'given', 'refused')"),
        _key(table, "question_id", "help_question.id"),
        _member(table, "author_id"),
        _primary(table, "id"),
        _unique(table, "question_id", "seq"),
    )
    op.create_index("ix_help_quote_author_id", table, ["author_id", "consent"])


def _talk() -> None:
    table = "help_talk"
    op.create_table(
        table,
        _id("id"),
        _id("question_id"),
        _id("room_id"),
        _id("by_id"),
        _id("with_id"),
        _moment("opened_at"),
        _id("answer_id", nullable=True),
        _moment("concluded_at", nullable=True),
        _key(table, "question_id", "help_question.id"),
        _key(table, "answer_id", "help_answer.id"),
        _member(table, "by_id"),
        _member(table, "with_id"),
        _primary(table, "id"),
        _unique(table, "question_id", "room_id"),
        _unique(table, "answer_id"),
    )
    op.create_index("ix_help_talk_room_id", table, ["room_id"])
