"""The questions of a circle are listed along an index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0028"

NAME, TABLE = "ix_help_question_circle", "help_question"
KEYS = ["circle_id", "state", "last_activity_at", "id"]
INSIDE = sa.text("circle_id IS NOT NULL")


def upgrade() -> None:
    op.create_index(NAME, TABLE, KEYS, sqlite_where=INSIDE, postgresql_where=INSIDE)


def downgrade() -> None:
    op.drop_index(NAME, TABLE)
