"""The demo, loaded once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from incubator.kernel import schema
from tests.demo.loaded import filled, network

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application whose database holds the demo, made by the migrations; tests only read it."""
    with network(tmp_path_factory.mktemp("demo"), create=schema.upgrade) as app:
        app.config["TOLD"] = filled(app)
        yield app


@pytest.fixture
def inside(demo: Flask) -> Iterator[Flask]:
    """The same, within its context."""
    with demo.app_context():
        yield demo
