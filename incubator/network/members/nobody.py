"""The name of those who have none any more: stored once, read in the reader's language."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING

from sqlalchemy import String
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Dialect

# As stored; also what is read where nobody says in which language (jobs, the command line).
NAME = "Ancien membre"

_spoken: dict[str, Callable[[], str]] = {}
_asking: ContextVar[bool] = ContextVar("asking", default=False)


def spoken_by(word: Callable[[], str]) -> None:
    """Say who knows the name in the reader's language; asked only when such a row is read."""
    _spoken["word"] = word


class PersonName(TypeDecorator[str]):
    """A name as it is, save that of nobody: one place for pages, exports and sockets alike."""

    impl = String
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """The name to read; while the reader themselves is looked up, it stays as stored."""
        del dialect
        if value != NAME or "word" not in _spoken or _asking.get():
            return value
        token = _asking.set(True)
        try:
            return _spoken["word"]()
        finally:
            _asking.reset(token)
