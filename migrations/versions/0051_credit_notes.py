"""A credit note takes an issued invoice back, and nothing else."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0051"
down_revision = "0050"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    _run("guards")


def downgrade() -> None:
    _run("undo")


def _run(name: str) -> None:
    """Run the statements of a file, which a line of two dashes and a semicolon parts."""
    dialect = op.get_bind().dialect.name
    for statement in (SQL / f"0051_{name}_{dialect}.sql").read_text("utf-8").split("--;"):
        op.get_bind().exec_driver_sql(statement)
