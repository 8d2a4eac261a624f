"""Pages by key: constant cost at any depth, and no row skipped or shown twice."""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Integer, Select, bindparam, tuple_
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import TypeDecorator

from incubator.kernel.db import db

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

T = TypeVar("T")
Key = ColumnElement[Any] | InstrumentedAttribute[Any]
Statement = Select[*tuple[Any, ...]]
LARGEST = 2**63 - 1
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")  # JSON holds them, no database does


@dataclass(frozen=True)
class Cursor:
    """Where a page begins, as the address says it; both None is the first page."""

    after: str | None = None
    before: str | None = None
    size: int = 50


@dataclass(frozen=True)
class Page(Generic[T]):
    """Rows in reading order, and the tokens of the pages around them (None: there is none)."""

    rows: Sequence[T]
    next: str | None = None
    previous: str | None = None


@dataclass(frozen=True)
class Way:
    """How a cursor reads, without the values it starts at: a statement for each way is enough."""

    marked: bool
    backwards: bool
    newest_first: bool

    def narrow(self, query: Statement, by: Sequence[Key]) -> Statement:
        """``narrowed`` for a statement that is built once: its page takes ``start`` of a cursor."""
        mark = [bindparam(f"mark{n}", type_=key.type) for n, key in enumerate(by)]
        most = bindparam("mark_most", type_=Integer)
        return _cut(
            query, by, mark=mark if self.marked else None, descending=self.descending, most=most
        )

    @property
    def descending(self) -> bool:
        """Whether rows are found from the greatest key on."""
        return self.newest_first != self.backwards


def way_of(cursor: Cursor, by: Sequence[Key], *, newest_first: bool = False) -> Way:
    """The way of a cursor; one that was tampered with reads the first page."""
    backwards = _decode(cursor.before, by) is not None
    return Way(_mark(cursor, by) is not None, backwards, newest_first)


def ready_page(
    build: Callable[[Way], Statement],
    by: Sequence[Key],
    cursor: Cursor,
    *,
    newest_first: bool = False,
    values: Mapping[str, object],
) -> Page[Any]:
    """As ``keyset_page``, by a statement that ``build`` made once for each way.

    The last columns of the statement are the keys; a row of the page is the whole row.
    """
    way, mark = way_of(cursor, by, newest_first=newest_first), _mark(cursor, by)
    start = {f"mark{n}": value for n, value in enumerate(mark or ())}
    found = db.session.execute(build(way), {**values, **start, "mark_most": cursor.size + 1})
    return _page(found.all(), cursor.size, way, keys=len(by))


def keyset_page(
    query: Select[T], by: Sequence[Key], cursor: Cursor, *, newest_first: bool = False
) -> Page[T]:
    """One page of ``query`` ordered by ``by``, whose last key must be unique.

    All keys run in one direction, so that one index serves both the comparison and the order.
    A cursor that was tampered with gives the first page.
    """
    way = way_of(cursor, by, newest_first=newest_first)
    cut = narrowed(query.add_columns(*by), by, cursor, newest_first=newest_first)
    page = _page(db.session.execute(cut).all(), cursor.size, way, keys=len(by))
    return Page([row[0] for row in page.rows], page.next, page.previous)


def narrowed(
    query: Statement, by: Sequence[Key], cursor: Cursor, *, newest_first: bool = False
) -> Statement:
    """``query`` cut to the rows that a page at ``cursor`` may hold, in the order they are found.

    A list made of several indexed ranges narrows each of them, joins them and pages the whole:
    its cost is then the page's, not the ranges'.
    """
    way = way_of(cursor, by, newest_first=newest_first)
    return _cut(query, by, mark=_mark(cursor, by), descending=way.descending, most=cursor.size + 1)


def _cut(
    query: Statement,
    by: Sequence[Key],
    *,
    mark: Sequence[Any] | None,
    descending: bool,
    most: Any,
) -> Statement:
    if mark is not None:
        here, there = tuple_(*by), tuple_(*mark)
        query = query.where(here < there if descending else here > there)
    order = [key.desc() if descending else key.asc() for key in by]
    return query.order_by(None).order_by(*order).limit(most)


def _page(found: Sequence[Any], size: int, way: Way, *, keys: int) -> Page[Any]:
    more = len(found) > size
    rows = list(found[:size])
    if way.backwards:
        rows.reverse()
    return Page(
        rows=rows,
        next=_encode(rows[-1][-keys:]) if rows and (way.backwards or more) else None,
        previous=_encode(rows[0][-keys:])
        if rows and (more if way.backwards else way.marked)
        else None,
    )


def position(cursor: Cursor, by: Sequence[Key]) -> tuple[list[Any] | None, bool]:
    """Where a cursor stands (None: at the beginning) and whether it reads backwards.

    For a list made of parts that are each cut by hand before they are joined and paged.
    """
    return _mark(cursor, by), _decode(cursor.before, by) is not None


def _mark(cursor: Cursor, by: Sequence[Key]) -> list[Any] | None:
    return _decode(cursor.before, by) or _decode(cursor.after, by)


def _encode(values: Sequence[Any]) -> str:
    text = json.dumps([_plain(value) for value in values], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _plain(value: Any) -> Any:
    """A key as JSON holds it: instants and days say which they are."""
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    return {"d": value.isoformat()} if isinstance(value, date) else value


def _read(value: Any) -> Any:
    """The key that was meant; raise ValueError, TypeError or KeyError."""
    if not isinstance(value, dict):
        return value
    if "d" in value:
        return date.fromisoformat(value["d"])
    return datetime.fromisoformat(value["t"])


def _decode(token: str | None, by: Sequence[Key]) -> list[Any] | None:
    if not token:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        out = [_read(value) for value in values]
    except (ValueError, TypeError, KeyError, binascii.Error, RecursionError):
        return None
    return out if len(out) == len(by) and all(map(_fits, out, by)) else None


def _is_instant(value: datetime) -> bool:
    try:
        return value.tzinfo is not None and bool(value.astimezone(UTC))
    except OverflowError:  # before the year 1, or after 9999
        return False


def _fits(value: object, key: Key) -> bool:
    """Whether a value can be compared with a key on every database."""
    if isinstance(value, datetime) and not _is_instant(value):
        return False
    if isinstance(value, int) and not -LARGEST <= value <= LARGEST:
        return False
    if isinstance(value, str) and _NO_TEXT.search(value):
        return False
    kind = key.type.impl_instance if isinstance(key.type, TypeDecorator) else key.type
    return type(value) is kind.python_type
