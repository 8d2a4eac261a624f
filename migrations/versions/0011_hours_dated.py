"""Hours that hold from a day on, periods that meet, terms of kinds kept, sheets asked for once."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

SQL = Path(__file__).parent.parent / "sql"
ADDED = {
    "commitments_slot": ("sheet_asked_at", "closure_id"),
    "commitments_badge": ("key_mark",),
}
SPANS = "id, site_id, weekday, opens_at, closes_at"
COPY = """
INSERT INTO sites_hours (id, site_id, weekday, opens_at, closes_at)
SELECT id, site_id, weekday, opens_at, closes_at FROM sites_hours_before
"""


def upgrade() -> None:
    kind = "commitments_kind_before"
    instant = sa.DateTime(timezone=True)
    op.add_column("commitments_slot", sa.Column("sheet_asked_at", instant, nullable=True))
    op.add_column("commitments_slot", _id("closure_id", nullable=True))
    op.add_column("commitments_badge", sa.Column("key_mark", sa.String(16), nullable=True))
    op.create_table(
        kind,
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        _id("counts_pct"),
        _id("cap_minutes_period", nullable=True),
        sa.Column("online_ok", sa.Boolean(), nullable=False),
        sa.CheckConstraint("counts_pct BETWEEN 0 AND 100", name=op.f(f"ck_{kind}_counts_pct")),
        sa.ForeignKeyConstraint(["kind"], ["commitments_kind.code"], name=op.f(f"fk_{kind}_kind")),
        sa.PrimaryKeyConstraint("kind", "until", name=op.f(f"pk_{kind}")),
    )
    _hours(dated=True)
    _run("guards")


def downgrade() -> None:
    _run("unguard")
    _hours(dated=False)
    op.drop_table("commitments_kind_before")
    for table, names in ADDED.items():
        for name in names:
            op.drop_column(table, name)


def _run(name: str) -> None:
    """Run the statements of a file, which a line of two dashes and a semicolon parts."""
    dialect = op.get_bind().dialect.name
    for statement in (SQL / f"0011_{name}_{dialect}.sql").read_text("utf-8").split("--;"):
        op.get_bind().exec_driver_sql(statement)


def _id(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=nullable)


def _hours(*, dated: bool) -> None:
    """Opening hours with days of their own, or without: then those of before are given up."""
    table, before = "sites_hours", op.f("uq_sites_hours_site_id_weekday_opens_at")
    after = op.f("uq_sites_hours_site_id_weekday_opens_at_valid_from")
    if not dated:
        op.execute("DELETE FROM sites_hours WHERE valid_to IS NOT NULL")
    if op.get_bind().dialect.name == "sqlite":
        _anew(dated=dated, unique=after if dated else before)
    elif dated:
        for column in _days():
            op.add_column(table, column)
        op.create_check_constraint(op.f("ck_sites_hours_days"), table, "valid_to > valid_from")
        op.drop_constraint(before, table, type_="unique")
        op.create_unique_constraint(after, table, ["site_id", "weekday", "opens_at", "valid_from"])
    else:
        op.drop_constraint(after, table, type_="unique")
        op.create_unique_constraint(before, table, ["site_id", "weekday", "opens_at"])
        for column in _days():
            op.drop_column(table, column.name)


def _days() -> tuple[sa.Column, sa.Column]:
    return (
        sa.Column("valid_from", sa.Date(), server_default="1970-01-01", nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
    )


def _anew(*, dated: bool, unique: str) -> None:
    """The table made anew, as SQLite needs it."""
    days = [*_days(), sa.CheckConstraint("valid_to > valid_from", name=op.f("ck_sites_hours_days"))]
    op.rename_table("sites_hours", "sites_hours_before")
    op.create_table(
        "sites_hours",
        *(_id(name) for name in SPANS.split(", ")),
        *(days if dated else []),
        sa.CheckConstraint(
            "opens_at >= 0 AND closes_at > opens_at AND closes_at <= 1440",
            name=op.f("ck_sites_hours_span"),
        ),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_sites_hours_weekday")),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites_site.id"], name=op.f("fk_sites_hours_site_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sites_hours")),
        sa.UniqueConstraint(
            *("site_id", "weekday", "opens_at", *(["valid_from"] if dated else [])), name=unique
        ),
    )
    op.execute(COPY)
    op.drop_table("sites_hours_before")
