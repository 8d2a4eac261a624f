"""Firms are found by what they say of themselves: those that are there are indexed again."""

from __future__ import annotations

from alembic import op

revision = "0046"
down_revision = "0044"


def upgrade() -> None:
    op.execute(
        "INSERT INTO kernel_job (kind, payload, state, due_at, attempts, error, created_at)"
        " SELECT 'members.index_firms', '{}', 'waiting', CURRENT_TIMESTAMP, 0, '',"
        " CURRENT_TIMESTAMP WHERE EXISTS (SELECT 1 FROM members_firm)"
    )


def downgrade() -> None:
    op.execute("DELETE FROM kernel_job WHERE kind = 'members.index_firms'")
    op.execute("DELETE FROM members_firm_word WHERE word LIKE '~%' OR word LIKE '=%'")
