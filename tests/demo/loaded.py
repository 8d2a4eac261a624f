"""The demo in a database: loaded once a run, looked at by many tests."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from incubator.app import create_app
from incubator.demo import loader
from incubator.kernel.db import Base, db
from incubator.kernel.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from flask import Flask
    from sqlalchemy import Engine

NOW = datetime(2026, 3, 18, 16, 30, tzinfo=UTC)
# Salts and what is drawn so that nobody foresees it, and numbers that a sequence skips after a
# conflict on one of the two databases.
NEVER_ALIKE = {
    ("accounts_account", "password_hash"),
    ("documents_version", "file_key"),
    ("help_attachment", "file_key"),
    ("accounts_invitation", "token_hash"),
    ("kernel_job", "id"),
    ("exchanges_round", "seed"),
    ("exchanges_round_notice", "number"),
    ("exchanges_round_revision", "input_sha"),
    ("exchanges_round_revision", "file"),
}

Rows = dict[str, list[str]]


@contextmanager
def network(
    folder: Path,
    database_url: str = "",
    *,
    create: Callable[[Engine], None] = Base.metadata.create_all,
) -> Generator[Flask]:
    """An application on an empty database of its own."""
    settings = Settings(instance_dir=folder, secret_key="s" * 40, database_url=database_url)
    app = create_app(settings, {"TESTING": True, "WTF_CSRF_ENABLED": False})
    with app.app_context():
        create(db.engine)
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def filled(app: Flask) -> list[str]:
    """Load the demo; what was told meanwhile, the last sentence at the end."""
    told: list[str] = []
    with app.app_context():
        told.append(loader.load(NOW, told.append))
        db.session.remove()
    return told


def everything(app: Flask) -> Rows:
    """Every row of every table, as text, in an order of its own."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: sorted(
                repr([_plain(row, column) for column in table.columns])
                for row in connection.execute(table.select()).mappings()
            )
            for table in Base.metadata.sorted_tables
        }


def _plain(row: Any, column: Any) -> Any:
    return None if (column.table.name, column.name) in NEVER_ALIKE else row[column.name]
