"""The database itself refuses that the clearing of a round is taken back: its set-off stays."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0049"
down_revision = "0048"

SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    _say("guards")


def downgrade() -> None:
    _say("undo")


def _say(name: str) -> None:
    """Replace the guard by its other words; a function of PostgreSQL replaces itself."""
    dialect = op.get_bind().dialect.name
    if dialect == "sqlite":
        op.execute("DROP TRIGGER exchanges_txn_guard_3")
    text = (SQL / f"0049_{name}_{dialect}.sql").read_text("utf-8")
    op.get_bind().exec_driver_sql(text)
