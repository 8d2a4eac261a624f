"""What a browser may keep of pages for reading offline, and for whom.

Every page says whose it is by a key that only this session has: the worker of the browser throws
away all it kept for another. A page that does not know its reader (the database is down) says
nothing, and nothing is thrown away.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Final

from flask import request

from incubator.edge.actor import DOWN, signed_in_as
from incubator.edge.pages import page_endpoint
from incubator.edge.state import settings, state

if TYPE_CHECKING:
    from flask import Flask, Response

READER: Final = "X-Reader"
KEEP: Final = "X-Keep"
NOBODY: Final = "nobody"
OK: Final = 200


def reader_key() -> str:
    """The key of whom this page is for: of this session alone, «nobody» for a visitor.

    Empty while nobody can tell.
    """
    if request.environ.get(DOWN):
        return ""
    found = signed_in_as()
    if found is None:
        return NOBODY
    secret = settings().secret_key.encode()
    told = hmac.new(secret, f"reader:{found.session_id}".encode(), hashlib.sha256)
    return told.hexdigest()[:24]


def may_keep() -> bool:
    """Whether the browser may keep this page: one of those to read, as it is first shown."""
    listed = page_endpoint() in state().kept_offline and not request.query_string
    return listed and request.method == "GET" and reader_key() not in {"", NOBODY}


def init_app(app: Flask) -> None:
    """Let each page say whose it is, and whether the browser may keep it."""

    @app.after_request
    def tell(response: Response) -> Response:
        if response.mimetype != "text/html":
            return response
        key = reader_key()
        if key:
            response.headers[READER] = key
        if response.status_code == OK and may_keep():
            response.headers[KEEP] = "1"
        return response
