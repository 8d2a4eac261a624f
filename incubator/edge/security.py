"""What every answer carries and every request must: headers, CSRF, sizes, request id."""

from __future__ import annotations

import logging
import uuid
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from flask import has_request_context, request
from flask.sessions import SecureCookieSessionInterface
from flask_compress import Compress
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from incubator.kernel.errors import NotFound
from incubator.kernel.signed import FORMER, OPENED

if TYPE_CHECKING:
    from flask import Flask, Request, Response
    from flask.sessions import SecureCookieSession, SessionMixin

    from incubator.kernel.settings import Settings

csrf = CSRFProtect()
# What is never shown by itself, so obeys the policy of the page that asked for it.
PARTS = frozenset({"text/javascript", "text/css", "font/woff2"})


def policy(settings: Settings) -> str:
    """The content security policy: our own files and nothing inline."""
    host = urlsplit(settings.base_url).netloc
    socket = f"{'wss' if settings.secure else 'ws'}://{host}"
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "font-src 'self'",
            f"connect-src 'self' {socket}",
            "manifest-src 'self'",
            "worker-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types kernel",
        )
    )


def request_id() -> str:
    """The id of the request in logs and on error pages; «-» outside a request."""
    if not has_request_context():
        return "-"
    found: str = request.environ.setdefault("incubator.request_id", uuid.uuid4().hex[:16])
    return found


class Sessions(SecureCookieSessionInterface):
    """The signed cookie, which no answer carries that anybody may keep."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """What the cookie says; read once a request, or once a socket, whose events share it."""
        environ = request.environ
        if OPENED not in environ:
            environ[OPENED] = super().open_session(app, request)
        return cast("SecureCookieSession | None", environ[OPENED])

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Renew the cookie with pages only.

        A picture that a proxy keeps must not hand a person's session to the next one, and a
        late one must not bring back the session that a sign-out has just ended. Nor does what
        still came in under a former session bring back its cookie.
        """
        former = request.environ.get(FORMER)
        kept = former is None or session.get("_user_id") != former
        if kept and not response.cache_control.public:
            super().save_session(app, session, response)


class RequestIdFilter(logging.Filter):
    """Puts the request id on every line of the log."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add ``request_id``; never drop a line."""
        record.request_id = request_id()
        return True


def init_app(app: Flask, settings: Settings) -> None:
    """Cookies, CSRF, compression, headers and the proxies that are trusted."""
    app.config.update(_configuration(settings))
    app.session_interface = Sessions()
    csrf.init_app(app)
    Compress(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # Flask's documented way
    _attend(app, settings)


def _configuration(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        # Twice a file's limit, so that one too heavy is told beside its field.
        "MAX_CONTENT_LENGTH": settings.max_upload_mb * 2 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "PERMANENT_SESSION_LIFETIME": settings.session_days * 86400,
        "SESSION_COOKIE_NAME": "__Host-incubator" if settings.secure else "incubator",
        "SESSION_COOKIE_SECURE": settings.secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "SESSION_REFRESH_EACH_REQUEST": False,  # edge.actor.keep_fresh does, now and then
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_BR_LEVEL": 5,
        "COMPRESS_LEVEL": 5,
        "COMPRESS_MIMETYPES": ["text/html", "application/json", "image/svg+xml"],
    }


def _attend(app: Flask, settings: Settings) -> None:
    """Look at each request before it is read, and at each answer before it leaves."""
    public = _of_public_files()
    files = public | _of_files(settings)
    documents = files | _of_documents(settings)

    @app.before_request
    def read_addresses_as_text() -> None:
        # No text of the database holds a NUL; PostgreSQL calls even the question an error.
        if "\0" in request.path or b"%00" in request.query_string:
            raise NotFound("edge.address")

    @app.after_request
    def finish(response: Response) -> Response:
        # A page has fifty small files: what they need not say would be half their weight.
        if response.mimetype == "text/html":
            headers = documents
        else:
            headers = public if response.cache_control.public else files
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        if response.mimetype in PARTS:
            del response.headers["Content-Security-Policy"]
        response.headers.setdefault("Cache-Control", "private, no-cache")
        if not response.cache_control.public:
            response.headers["X-Request-ID"] = request_id()
        return response


def _of_public_files() -> dict[str, str]:
    """For what is the same for everybody and tells nothing: it runs nothing, that is all."""
    return {
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }


def _of_files(settings: Settings) -> dict[str, str]:
    found = {"Cross-Origin-Resource-Policy": "same-origin"}
    if settings.secure:
        found["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return found


def _of_documents(settings: Settings) -> dict[str, str]:
    return {
        "Content-Security-Policy": policy(settings),
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
