"""What mutual credit pays of invoices as lines that are only added, so that it can be given back."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0043"

SQL = Path(__file__).parent.parent / "sql"
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "exchanges_credit_line"
DAY = {
    "sqlite": "date(paid.changed_at)",
    "postgresql": "CAST(paid.changed_at AT TIME ZONE 'UTC' AS DATE)",
}
# Until now the timeline alone told what credit had paid; what was taken back before stays as it was.
KNOWN = """
INSERT INTO exchanges_credit_line (invoice_id, txn_id, cents, applied_on)
SELECT paid.id, moved.id, paid.paid_cents, {day}
FROM exchanges_invoice AS paid
JOIN exchanges_deal AS deal ON deal.id = paid.deal_id AND deal.kind = 'credit'
JOIN exchanges_txn AS moved ON moved.source_type = 'deal_leg' AND moved.source_id = paid.leg_id
WHERE paid.kind = 'invoice' AND paid.status = 'paid' AND paid.applied_cents = 0
AND EXISTS (SELECT 1 FROM exchanges_deal_event AS told WHERE told.deal_id = paid.deal_id
  AND told.leg_id = paid.leg_id AND told.verb = 'compensated' AND told.by_id IS NULL)
AND NOT EXISTS (SELECT 1 FROM exchanges_txn AS back WHERE back.reverses_id = moved.id)
ORDER BY paid.id
"""
SUMMED = """
UPDATE exchanges_invoice SET credit_cents = (
  SELECT part.cents FROM exchanges_credit_line AS part WHERE part.invoice_id = exchanges_invoice.id)
WHERE EXISTS (
  SELECT 1 FROM exchanges_credit_line AS part WHERE part.invoice_id = exchanges_invoice.id)
"""


def upgrade() -> None:
    op.add_column(
        "exchanges_invoice", sa.Column("credit_cents", BIG, server_default="0", nullable=False)
    )
    op.create_table(
        TABLE,
        sa.Column("id", BIG, nullable=False),
        sa.Column("invoice_id", BIG, nullable=False),
        sa.Column("txn_id", BIG, nullable=False),
        sa.Column("cents", BIG, nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=False),
        sa.CheckConstraint("cents <> 0", name=op.f(f"ck_{TABLE}_cents")),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["exchanges_invoice.id"], name=op.f(f"fk_{TABLE}_invoice_id")
        ),
        sa.ForeignKeyConstraint(["txn_id"], ["exchanges_txn.id"], name=op.f(f"fk_{TABLE}_txn_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("txn_id", name=op.f(f"uq_{TABLE}_txn_id")),
    )
    op.create_index(f"ix_{TABLE}_invoice", TABLE, ["invoice_id", "id"], unique=False)
    op.create_index(f"ix_{TABLE}_day", TABLE, ["applied_on", "id"], unique=False)
    op.execute(KNOWN.format(day=DAY[_dialect()]))
    op.execute(SUMMED)
    _run("guards")


def downgrade() -> None:
    if _dialect() == "sqlite":
        _run("undo")
        op.drop_table(TABLE)
        op.drop_column("exchanges_invoice", "credit_cents")
        return
    op.drop_table(TABLE)
    _run("undo")
    op.drop_column("exchanges_invoice", "credit_cents")


def _dialect() -> str:
    return op.get_bind().dialect.name


def _run(name: str) -> None:
    """Run the statements of a file, which a line of two dashes and a semicolon parts."""
    for statement in (SQL / f"0047_{name}_{_dialect()}.sql").read_text("utf-8").split("--;"):
        op.get_bind().exec_driver_sql(statement)
