"""An author silent for a time is a measure; the quiet lines of a room are found by themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"

MEASURE = "chat_measure"
KIND = f"ck_{MEASURE}_kind"
UNTIL = f"ck_{MEASURE}_until"
QUIET = sa.text("kind IN ('member', 'topic', 'pin')")


def upgrade() -> None:
    with op.batch_alter_table(MEASURE) as measure:
        measure.add_column(sa.Column("until", sa.DateTime(timezone=True), nullable=True))
        measure.drop_constraint(op.f(KIND), type_="check")
        measure.create_check_constraint(op.f(KIND), "kind IN ('dismiss', 'hide', 'mute')")
        measure.create_check_constraint(op.f(UNTIL), "(kind = 'mute') = (until IS NOT NULL)")
    op.create_index(
        "ix_chat_event_quiet",
        "chat_event",
        ["room_id", "seq"],
        sqlite_where=QUIET,
        postgresql_where=QUIET,
    )


def downgrade() -> None:
    op.drop_index("ix_chat_event_quiet", "chat_event")
    op.execute(f"DELETE FROM {MEASURE} WHERE kind = 'mute'")  # noqa: S608 - our own name
    with op.batch_alter_table(MEASURE) as measure:
        measure.drop_constraint(op.f(UNTIL), type_="check")
        measure.drop_constraint(op.f(KIND), type_="check")
        measure.create_check_constraint(op.f(KIND), "kind IN ('dismiss', 'hide')")
        measure.drop_column("until")
