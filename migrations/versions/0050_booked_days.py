"""What comes late is entered on the first day that is open in the books of who receives it."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    # What is booked already stays on the day of its paper.
    op.add_column("exchanges_invoice", sa.Column("booked_on", sa.Date(), nullable=True))
    _run("guards")


def downgrade() -> None:
    _run("undo")
    op.drop_column("exchanges_invoice", "booked_on")


def _run(name: str) -> None:
    """Run the statements of a file, which a line of two dashes and a semicolon parts."""
    dialect = op.get_bind().dialect.name
    for statement in (SQL / f"0050_{name}_{dialect}.sql").read_text("utf-8").split("--;"):
        op.get_bind().exec_driver_sql(statement)
