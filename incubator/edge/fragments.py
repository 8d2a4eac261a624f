"""Pieces of pages kept ready: a piece is known by everything it shows, so it is never stale.

The key of a fragment holds all that its markup depends on besides the language. What changed
has another key; what nobody asks for any more falls out.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from flask import session
from flask_wtf.csrf import generate_csrf
from jinja2 import pass_context
from markupsafe import Markup

from incubator.edge.locale import language

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from flask import Flask
    from jinja2.runtime import Context

MOST_CHARACTERS = 16_000_000


class Fragments:
    """Markup by key, the least recently used forgotten beyond ``most`` characters."""

    def __init__(self, most: int = MOST_CHARACTERS) -> None:
        self._most = most
        self._held = 0
        self._kept: OrderedDict[Hashable, Markup] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, render: Callable[[], str]) -> Markup:
        """The piece of this key, drawn by ``render`` the first time."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        drawn = Markup(render())  # noqa: S704 - the template's own output, escaped there
        with self._lock:
            if key not in self._kept:
                self._kept[key] = drawn
                self._held += len(drawn)
            while self._held > self._most:
                _, gone = self._kept.popitem(last=False)
                self._held -= len(gone)
        return drawn

    def __len__(self) -> int:
        """How many pieces are kept."""
        return len(self._kept)


def fingerprint(*shown: object) -> str:
    """A short key for much that many pieces of one page show."""
    return hashlib.blake2b(repr(shown).encode(), digest_size=16).hexdigest()


def form_key() -> str:
    """What the CSRF tokens of this visitor's forms are made from: part of a form's key."""
    if "csrf_token" not in session:
        generate_csrf()
    return str(session["csrf_token"])


def init_app(app: Flask) -> None:
    """Give the templates ``{% call fragment(name, …everything shown…) %}`` and ``form_key``."""
    fragments = Fragments()

    @pass_context
    def fragment(
        context: Context, name: str, *shown: Hashable, caller: Callable[[], str]
    ) -> Markup:
        spoken = context.get("language") or language()
        return fragments.get((name, spoken, shown), caller)

    app.jinja_env.globals.update(fragment=fragment, fingerprint=fingerprint, form_key=form_key)
