"""A letter as a mail program draws it: its own style, and nothing else, may run there."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING

from flask import make_response

if TYPE_CHECKING:
    from flask import Response

_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def as_mail(rich: str) -> Response:
    """A page that is nothing but the HTML text of a letter."""
    style = _STYLE.search(rich)
    known = base64.b64encode(hashlib.sha256((style[1] if style else "").encode()).digest())
    response = make_response(rich)
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'sha256-{known.decode()}'; sandbox"
    )
    return response
