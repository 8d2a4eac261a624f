"""What the worker runs: the application with its tailer and, if asked, its job runner."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

import gevent

from incubator.app import from_environment
from incubator.edge.state import state_of
from incubator.kernel.job_runner import JobRunner
from incubator.reactions.live import service as live

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Flask


class Serving:
    """A WSGI application that can be told to stop."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._runner = JobRunner(app.app_context) if state_of(app).settings.run_jobs else None

    def start(self) -> None:
        """Begin to follow the rooms' logs and to run jobs."""
        live.of(self.app).start()
        if self._runner:
            self._runner.start()

    def stop(self) -> None:
        """Tell every socket to come back in a moment; end after the job at hand."""
        live.of(self.app).stop()
        if self._runner:
            self._runner.stop()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request."""
        try:
            return self.app(environ, start_response)
        finally:
            # Let the others run: a busy keep-alive client would keep the only thread to itself.
            # Here the request gave back its connection to the database, and not before.
            gevent.sleep(0)


def make() -> Serving:
    """The application of this installation, started; called in the worker."""
    app = from_environment()
    # What was made until now stays for ever: the collector would look at all of it each time,
    # a tenth of a second in which nobody hears anything.
    gc.collect()
    gc.freeze()
    serving = Serving(app)
    serving.start()
    return serving
