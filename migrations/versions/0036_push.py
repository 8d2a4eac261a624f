"""Web push: browsers that may be told, and where each push stands."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0039"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
BROWSER, SENDING = "push_browser", "push_sending"


def upgrade() -> None:
    op.create_table(
        BROWSER,
        sa.Column("id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("session_id", BIG, nullable=False),
        sa.Column("endpoint", sa.String(1000), nullable=False),
        sa.Column("p256dh", sa.String(88), nullable=False),
        sa.Column("auth", sa.String(24), nullable=False),
        sa.Column("made_for", sa.String(16), nullable=False),
        sa.Column("device", sa.String(200), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("used_at", AT),
        sa.Column("trouble", sa.String(40), nullable=False, server_default=""),
        sa.Column("rest_until", AT),
        _goes_with(BROWSER, "member_id", "members_member"),
        _goes_with(BROWSER, "session_id", "accounts_session"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{BROWSER}")),
        sa.UniqueConstraint("endpoint", name=op.f(f"uq_{BROWSER}_endpoint")),
    )
    op.create_index(f"ix_{BROWSER}_member_id", BROWSER, ["member_id", "id"])
    op.create_index(f"ix_{BROWSER}_session_id", BROWSER, ["session_id"])
    op.create_table(
        SENDING,
        sa.Column("browser_id", BIG, nullable=False, autoincrement=False),
        sa.Column("area", sa.String(16), nullable=False),
        sa.Column("item_id", BIG, nullable=False, autoincrement=False),
        sa.Column("cause", sa.String(32), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("tries", BIG, nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'handing', 'sent', 'refused', 'unsure')",
            name=op.f(f"ck_{SENDING}_state"),
        ),
        _goes_with(SENDING, "browser_id", BROWSER),
        sa.PrimaryKeyConstraint(
            "browser_id", "area", "item_id", "cause", name=op.f(f"pk_{SENDING}")
        ),
    )
    op.create_index(f"ix_{SENDING}_at", SENDING, ["at"])


def downgrade() -> None:
    for table in (SENDING, BROWSER):
        op.drop_table(table)


def _goes_with(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete="CASCADE")
