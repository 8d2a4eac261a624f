"""The door before the sockets: nobody upgrades without a session, an origin and a free place."""

from __future__ import annotations

import logging
import time
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from werkzeug.middleware.proxy_fix import ProxyFix

from incubator.kernel.db import DatabaseDown, utcnow
from incubator.reactions.live.conns import Conns, Knock
from incubator.reactions.live.people import person_of, token_of
from incubator.reactions.live.transport import KNOCK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from flask import Flask

    from incubator.kernel.settings import Settings
    from incubator.reactions.live.people import Person

PATH = "/socket.io/"
PORTS = {"http": 80, "https": 443}

Environ = dict[str, Any]

log = logging.getLogger(__name__)


def origin_of(address: str) -> tuple[str, str, int] | None:
    """Scheme, host and port of an address; None for what has none (also for «null»)."""
    try:
        parts = urlsplit(address)
        port = parts.port or PORTS.get(parts.scheme)
    except ValueError:
        return None
    return (parts.scheme, parts.hostname, port) if parts.hostname and port else None


class Gate:
    """WSGI in front of Socket.IO; every other address passes through."""

    def __init__(self, app: Flask, settings: Settings, conns: Conns) -> None:
        self._app = app
        self._settings = settings
        self._conns = conns
        self._inner = app.wsgi_app
        self._known = origin_of(settings.base_url)
        hops = settings.trusted_proxies
        self._door = ProxyFix(self._knock, x_for=hops, x_proto=hops, x_host=hops)
        self.before_first: Callable[[], None] | None = None

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Let in, or answer 400, 401, 403, 429 or 503 in one line."""
        if not environ.get("PATH_INFO", "").startswith(PATH):
            return self._inner(environ, start_response)
        return self._door(environ, start_response)

    def _knock(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        if environ.get("HTTP_UPGRADE", "").lower() != "websocket":
            return _no(start_response, "400 Bad Request", "WebSocket only.")
        if not self._is_ours(environ):
            return _no(start_response, "403 Forbidden", "Another origin.")
        return self._ask_who(environ, start_response)

    def _ask_who(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        try:
            person = self._person(environ)
        except DatabaseDown:
            log.warning("nobody can be let in: the database does not answer")
            return _no(start_response, "503 Service Unavailable", "Come back in a moment.")
        if person is None:
            return _no(start_response, "401 Unauthorized", "Sign in first.")
        return self._count(environ, start_response, person)

    def _is_ours(self, environ: Environ) -> bool:
        """Whether the page that knocks came from here: the known address, or this very host.

        The host is what the request itself names (a trusted proxy, where there is one); the
        cookie of the session goes to no other, whatever a stranger's name leads to.
        """
        here = f"{environ.get('wsgi.url_scheme')}://{environ.get('HTTP_HOST')}"
        page = origin_of(environ.get("HTTP_ORIGIN", ""))
        return page is not None and page in {self._known, origin_of(here)}

    def _count(self, environ: Environ, start_response: Any, person: Person) -> Iterable[bytes]:
        knock = Knock(
            account_id=person.actor.id,
            address=environ.get("REMOTE_ADDR", ""),
            since=time.monotonic(),
            person=person,
        )
        knock.leave = partial(self._conns.release, knock)
        if not self._conns.hold(knock):
            return _no(start_response, "429 Too Many Requests", "Too many connections.")
        try:
            return self._enter(environ, start_response, knock)
        finally:
            if not knock.stays:
                knock.leave()

    def _enter(self, environ: Environ, start_response: Any, knock: Knock) -> Iterable[bytes]:
        if self.before_first:
            self.before_first()
        # Compression is refused: a small deflated frame may hold hundreds of megabytes.
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        environ[KNOCK] = knock
        return self._inner(environ, start_response)

    def _person(self, environ: Environ) -> Person | None:
        with self._app.app_context():
            return person_of(
                token_of(self._app, environ), days=self._settings.session_days, now=utcnow()
            )


def _no(start_response: Any, status: str, words: str) -> list[bytes]:
    body = words.encode()
    headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))]
    start_response(status, headers)
    return [body]
