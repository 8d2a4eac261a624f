"""How the product looks in one browser: cookies of that browser, drawn by the server at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from incubator.edge.state import settings

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

YEAR = 31_536_000
# Each choice with what it may be; the last is what holds until somebody chooses.
CHOICES = {
    "theme": ("light", "dark", "auto"),
    "motion": ("less", "auto"),
    "keys": ("off", "auto"),
}


def chosen(name: str) -> str:
    """What this browser chose of «theme», «motion» or «keys»; «auto» is as usual."""
    value = request.cookies.get(name, "auto")
    return value if value in CHOICES[name] else "auto"


def keep(response: Response, name: str, value: str | None) -> None:
    """Remember a choice for a year; what is no choice changes nothing."""
    if value in CHOICES[name]:
        response.set_cookie(
            name, value, max_age=YEAR, secure=settings().secure, samesite="Lax", httponly=True
        )
