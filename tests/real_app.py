"""An application on a real database file (or PostgreSQL), for tests with real threads."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from incubator.app import create_app
from incubator.kernel.db import db
from incubator.kernel.settings import Settings
from tests.fresh import fresh

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from flask import Flask


@contextmanager
def real_app(folder: Path, database_url: str = "") -> Generator[Flask]:
    """An application with the whole schema and nothing else; its connections close at the end."""
    settings = Settings(
        instance_dir=folder / "instance", secret_key="s" * 40, database_url=database_url
    )
    settings.instance_dir.mkdir(parents=True, exist_ok=True)
    app = create_app(settings, {"TESTING": True, "WTF_CSRF_ENABLED": False})
    with app.app_context():
        engine = db.engine
    # Another test of the run may have left its rows in the database they share.
    fresh(engine)
    try:
        yield app
    finally:
        engine.dispose()
