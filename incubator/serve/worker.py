"""gunicorn's gevent worker, which closes sockets itself instead of waiting for them.

gunicorn imports this before gevent patches the interpreter: nothing of the product here.
"""

from __future__ import annotations

from typing import Any

import gevent
from gunicorn.workers.ggevent import GeventWorker


class Worker(GeventWorker):
    """Stops in about a second however many sockets are open."""

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Stop gently: sockets are told to come back in a moment."""
        gevent.spawn(self._hang_up)
        super().handle_exit(sig, frame)

    def handle_quit(self, sig: int, frame: Any) -> None:
        """Ctrl-C stops as gently: gunicorn's own way ends in a traceback and a killed worker."""
        self.handle_exit(sig, frame)

    def _hang_up(self) -> None:
        stop = getattr(self.wsgi, "stop", None)
        if stop:
            stop()
