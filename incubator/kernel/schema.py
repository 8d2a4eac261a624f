"""The schema of the database and the road of migrations to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

FOLDER = Path(__file__).parent.parent.parent / "migrations"


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, on a connection already open."""
    made = Config()
    made.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


def head() -> str:
    """The revision that this version of the product needs."""
    return ScriptDirectory.from_config(config()).get_current_head() or ""


def revisions() -> set[str]:
    """Every revision that this version knows."""
    script = ScriptDirectory.from_config(config())
    return {found.revision for found in script.walk_revisions()}


def current(engine: Engine) -> str:
    """The revision the database is at; empty for a database without tables."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def upgrade(engine: Engine, target: str = "head") -> None:
    """Bring the database to a revision, all or nothing."""
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        command.upgrade(config(connection), target)


def downgrade(engine: Engine, target: str) -> None:
    """Take the database back to a revision («base» for none), all or nothing."""
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        command.downgrade(config(connection), target)
