"""The history of limits says of a line that became shorter that a delivery was taken back."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op

if TYPE_CHECKING:
    from collections.abc import Iterator

revision = "0052"
down_revision = "0051"

TABLE = "exchanges_limit_change"
CAUSE = f"ck_{TABLE}_cause"


def upgrade() -> None:
    with _unguarded():
        _allow("cause IN ('opening', 'growth', 'reversal', 'decision')")


def downgrade() -> None:
    with _unguarded():
        op.execute("UPDATE exchanges_limit_change SET cause = 'growth' WHERE cause = 'reversal'")
        _allow("cause IN ('opening', 'growth', 'decision')")


def _allow(causes: str) -> None:
    with op.batch_alter_table(TABLE) as table:
        table.drop_constraint(op.f(CAUSE), type_="check")
        table.create_check_constraint(op.f(CAUSE), causes)


@contextmanager
def _unguarded() -> Iterator[None]:
    """Set the guards aside; SQLite rebuilds no table of which the trigger of another speaks."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER USER")
        yield
        op.execute(f"ALTER TABLE {TABLE} ENABLE TRIGGER USER")
        return
    held = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE :like")
    guards = op.get_bind().execute(held, {"like": f"%{TABLE}%"}).all()
    for name, _sql in guards:
        op.execute(f"DROP TRIGGER {name}")
    yield
    for _name, sql in guards:
        op.get_bind().exec_driver_sql(sql)
