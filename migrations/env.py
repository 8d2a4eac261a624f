"""Alembic's door: runs on the connection it is handed, with the metadata of every feature."""

from alembic import context

import incubator.features  # noqa: F401 - imports every table
from incubator.kernel.db import Base


def run() -> None:
    """Run the migrations in the transaction of whoever asked."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    context.run_migrations()


run()
