"""The database itself asks for the word of every firm before a set-off of a deal takes effect."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0048"
down_revision = "0047"

SQL = Path(__file__).parent.parent / "sql"
GUARD = "exchanges_setoff_guard_8"


def upgrade() -> None:
    for statement in (SQL / f"0048_guards_{_dialect()}.sql").read_text("utf-8").split("--;"):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    if _dialect() == "sqlite":
        op.execute(f"DROP TRIGGER {GUARD}")
        return
    op.execute(f"DROP TRIGGER {GUARD} ON exchanges_setoff")
    op.execute(f"DROP FUNCTION {GUARD}()")


def _dialect() -> str:
    return op.get_bind().dialect.name
