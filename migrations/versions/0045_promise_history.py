"""What promises said and since when it was recorded; of those before, what they say now."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0042"

SQL = Path(__file__).parent.parent / "sql"
TABLE = "commitments_pledge_rev"
# How a promise was shortened before today nobody wrote down: it stays as statements read it.
KNOWN = f"""
INSERT INTO {TABLE}
  (pledge_id, member_id, firm_id, home_site_id, valid_from, valid_to, recorded_at)
SELECT id, member_id, firm_id, home_site_id, valid_from, valid_to, signed_at
FROM commitments_pledge ORDER BY id
"""  # noqa: S608 - the name of a table of ours
REFERRED = {
    "pledge_id": "commitments_pledge",
    "member_id": "members_member",
    "firm_id": "members_firm",
    "home_site_id": "sites_site",
}


def upgrade() -> None:
    op.create_table(
        TABLE,
        _id("id"),
        _id("pledge_id"),
        _id("member_id", nullable=True),
        _id("firm_id", nullable=True),
        _id("home_site_id", nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f(f"ck_{TABLE}_order")),
        sa.CheckConstraint(
            "(member_id IS NULL) <> (firm_id IS NULL)", name=op.f(f"ck_{TABLE}_holder")
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_{TABLE}_{column}"))
            for column, table in REFERRED.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
    )
    op.create_index(f"ix_{TABLE}_pledge_id", TABLE, ["pledge_id", "id"], unique=False)
    op.execute(KNOWN)
    dialect = op.get_bind().dialect.name
    for statement in (SQL / f"0045_guards_{dialect}.sql").read_text("utf-8").split("--;"):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    op.drop_table(TABLE)


def _id(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=nullable)
