"""Stored files that no row names: left by a crash between a file and its row, or a form sent twice.

A column that holds the keys of files says so itself (``info=kept_in(folder)``).
"""

from __future__ import annotations

import logging
import os
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from incubator.kernel.db import Base, db
from incubator.kernel.whole_files import PART

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sqlalchemy import Column

log = logging.getLogger(__name__)

# Longer than any transaction between the writing of a file and that of its row.
GRACE: Final = timedelta(days=1)
AT_ONCE = 1000
# The uploads themselves.
PICTURES: Final = ""
_INFO = "incubator.kept_in"
# A document, or a picture at one of its widths; or a part of either, left by a crash.
_NAME = re.compile(rf"([a-z0-9]{{32}})(?:-[0-9]+\.webp)?(?:{re.escape(PART)})?")


def kept_in(folder: str) -> dict[str, str]:
    """What a column of keys says of its files: their folder in the uploads."""
    return {_INFO: folder}


def key_columns() -> dict[str, list[Column[str]]]:
    """The columns that hold keys of stored files, by the folder of these."""
    found: dict[str, list[Column[str]]] = {}
    for table in Base.metadata.tables.values():
        for column in table.columns:
            if _INFO in column.info:
                found.setdefault(column.info[_INFO], []).append(column)
    return found


def sweep(uploads: Path, now: datetime) -> int:
    """Delete the files that no row names since a day; how many there were.

    Where more would go than stay, none does: then the files are rather another database's.
    """
    gone = 0
    for folder, columns in key_columns().items():
        place = uploads / folder
        orphans = _orphans(place, columns, now - GRACE)
        for path, key in _stored(place):
            if key in orphans:
                path.unlink(missing_ok=True)
                gone += 1
    return gone


def _orphans(place: Path, columns: list[Column[str]], before: datetime) -> set[str]:
    """The keys of files that were all written ``before``, and that no row names."""
    newest = _newest(place)
    # Read after the files: a row that came meanwhile is seen.
    named = {key for column in columns for key in _keys(column) if key in newest}
    limit = before.timestamp()
    orphans = {key for key, written in newest.items() if written < limit} - named
    if len(orphans) > len(named):
        log.warning("%d files of %s have no row, %d have one", len(orphans), place, len(named))
        return set()
    return orphans


def _newest(place: Path) -> Mapping[str, float]:
    """When the files of each key were written, in seconds since 1970."""
    newest: dict[str, float] = {}
    for path, key in _stored(place):
        newest[key] = max(newest.get(key, 0.0), path.stat().st_mtime)
    return newest


def _keys(column: Column[str]) -> Iterator[str]:
    query = select(column).where(column.is_not(None)).execution_options(yield_per=AT_ONCE)
    yield from db.session.scalars(query)


def _stored(place: Path) -> Iterator[tuple[Path, str]]:
    """The files of a folder that we stored, each with its key."""
    if not place.is_dir():
        return
    with os.scandir(place) as entries:
        for entry in entries:
            named = _NAME.fullmatch(entry.name)
            if named and entry.is_file(follow_symlinks=False):
                yield place / entry.name, named[1]
