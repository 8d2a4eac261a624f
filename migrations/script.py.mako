"""${message}

Rules: works on SQLite and PostgreSQL; compatible with the release before it (add first, drop a
release later); data moves in batches; `downgrade` gives back the schema before.
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
