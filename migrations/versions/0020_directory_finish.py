"""One term of a name in each language, held by the database."""

import sqlalchemy as sa
from alembic import op

from incubator.kernel.text import fold

revision = "0020"
down_revision = "0014"

KEY = sa.String(80).with_variant(sa.String(80, collation="C"), "postgresql")
LANGUAGES = ("fr", "en")


def upgrade() -> None:
    for language in LANGUAGES:
        op.add_column("members_skill", sa.Column(f"key_{language}", KEY, nullable=True))
        _fill(language)
        op.create_index(
            f"uq_members_skill_key_{language}", "members_skill", [f"key_{language}"], unique=True
        )


def _fill(language: str) -> None:
    """The first of several that have one name keeps it; merged terms hold none."""
    connection = op.get_bind()
    rows = connection.execute(
        sa.text(
            f"SELECT id, name_{language} FROM members_skill"  # noqa: S608 - a word of ours
            " WHERE id NOT IN (SELECT gone_id FROM members_skill_merge) ORDER BY id DESC"
        )
    )
    holders = {" ".join(fold(name).split())[:80]: number for number, name in rows}
    for key, number in holders.items():
        connection.execute(
            sa.text(f"UPDATE members_skill SET key_{language} = :key WHERE id = :id"),  # noqa: S608
            {"key": key, "id": number},
        )


def downgrade() -> None:
    for language in LANGUAGES:
        op.drop_index(f"uq_members_skill_key_{language}", table_name="members_skill")
        op.drop_column("members_skill", f"key_{language}")
