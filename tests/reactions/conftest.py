"""A mail server, and the application that posts to it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from aiosmtpd.controller import Controller

from incubator.reactions import mail
from tests.reactions.mail_sink import Sink, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from incubator.kernel.settings import Settings


@pytest.fixture
def sink() -> Iterator[Sink]:
    handler = Sink()
    handler.port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    yield handler
    controller.stop()


@pytest.fixture
def posting(app: Flask, sink: Sink, settings: Settings) -> Iterator[Flask]:
    """The application with a mail server."""
    before = app.extensions["incubator.mail"]
    to = f"smtp://127.0.0.1:{sink.port}"
    mail.init_app(app, replace(settings, mail_url=to, mail_from="x@example.org"), before.locales)
    yield app
    app.extensions["incubator.mail"] = before
