"""How errors are shown: one clear sentence, the request id, never the internals."""

from __future__ import annotations

import logging
import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from incubator.edge.actor import forget
from incubator.edge.pages import back_or, came_from, toast, url
from incubator.edge.refusals import words_for
from incubator.edge.security import request_id
from incubator.kernel.db import DatabaseDown, NoConnection, is_down
from incubator.kernel.errors import NotFound, Refusal, TooMany

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue, ResponseValue

log = logging.getLogger(__name__)
# More than one word, so that addresses, keys and choices are not told back.
WORDS = re.compile(r"\w\S*\s+\S*[^\W\d]")
SECRETS = frozenset({"password", "current"})
DRAWN = frozenset({400, 403, 404, 405, 413, 415, 422, 429, 500, 503})


def _page(
    status: int, words: str = "", headers: dict[str, str] | None = None
) -> ResponseReturnValue:
    crashed = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    shown = status if status in DRAWN else 500 if crashed else 400
    if request.accept_mimetypes.best == "application/json":
        body: ResponseValue = jsonify(error=words or shown, request_id=request_id())
        return body, status, headers or {}
    known = {"request_id": request_id(), "kept": _typed(), "again": _again()}
    html = render_template(f"errors/{shown}.html", words=words, **known)
    return html, status, headers or {}


def _typed() -> list[str]:
    """The texts of a form that failed, for their author to copy; no other field is told back."""
    if request.method != "POST" or request.content_length is None:
        return []
    try:
        sent = list(request.form.items(multi=True))
    except HTTPException:
        # Too large or broken to be read: then nothing can be told back.
        return []
    texts = [text.strip() for name, text in sent if name not in SECRETS]
    return [text for text in texts if WORDS.search(text)]


def _again() -> str:
    """Where «Try again» leads: the same page, or the one whose form was sent."""
    if request.method in {"GET", "HEAD"}:
        return request.full_path
    try:
        return came_from() or url("home.index")
    except HTTPException:
        return url("home.index")


def on_refusal(refusal: Refusal) -> ResponseReturnValue:
    """A rule said no: a toast after a button, a page otherwise."""
    words = words_for(refusal)
    if isinstance(refusal, NotFound):
        return _page(404)
    if isinstance(refusal, TooMany):
        return _page(429, words, {"Retry-After": str(refusal.retry_after)})
    if request.method == "POST" and refusal.status == HTTPStatus.UNPROCESSABLE_ENTITY:
        toast(words, "sorry")
        return back_or("home.index")
    return _page(refusal.status, words)


def on_http(error: HTTPException) -> ResponseReturnValue:
    """A wrong address, method, size or type."""
    status = error.code or 500
    if status < HTTPStatus.BAD_REQUEST:
        return error
    # What else the answer must say: 405 which methods are allowed, 429 when to come back.
    kept = {name: value for name, value in error.get_headers() if name != "Content-Type"}
    return _page(status, headers=kept)


def on_csrf(error: CSRFError) -> ResponseReturnValue:
    """A form sent without its token, or after the session it belonged to."""
    del error
    return _page(400)


def on_database(error: DatabaseDown) -> ResponseReturnValue:
    """The database is locked, full, read-only, corrupt or out of reach."""
    if not is_down(error):
        return on_crash(error)
    log.error("the database does not answer: %s", error.orig)
    forget()
    return _page(503)


def on_full_pool(error: NoConnection) -> ResponseReturnValue:
    """Every connection is taken: others wait for the database already."""
    log.error("no connection became free: %s", error)
    forget()
    return _page(503)


def on_crash(error: Exception) -> ResponseReturnValue:
    """What nobody foresaw."""
    log.error("unforeseen error", exc_info=error)
    forget()
    return _page(500)


def init_app(app: Flask) -> None:
    """Attach the handlers."""
    app.register_error_handler(Refusal, on_refusal)
    app.register_error_handler(CSRFError, on_csrf)
    app.register_error_handler(HTTPException, on_http)
    app.register_error_handler(DatabaseDown, on_database)
    app.register_error_handler(NoConnection, on_full_pool)
    if not app.testing:
        app.register_error_handler(Exception, on_crash)
