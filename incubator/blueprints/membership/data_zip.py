"""A member's own data as one file: rows as JSON, and the files they sent."""

from __future__ import annotations

import json
import zipfile
from contextlib import ExitStack
from functools import partial
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, NamedTuple

from incubator.kernel.aside import aside, breathe

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from incubator.edge.personal import Keeper
    from incubator.kernel.personal import Row


# So many rows are written before others are served.
ROWS_AT_ONCE = 50


class Packed(NamedTuple):
    """An archive on disk, at its beginning, which goes when it is closed; ``size`` in bytes."""

    file: IO[bytes]
    size: int


def zipped(keepers: Iterable[Keeper], member_id: int, about: str, *, folder: Path) -> Packed:
    """The archive: rows and files are packed as they are read, into a nameless file of a folder."""
    with ExitStack() as unless_done:
        made = unless_done.enter_context(TemporaryFile(dir=folder))
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("about.txt", about)
            for keeper in keepers:
                _pack(archive, keeper, member_id)
        unless_done.pop_all()
    size = made.tell()
    made.seek(0)
    return Packed(made, size)


def _pack(archive: zipfile.ZipFile, keeper: Keeper, member_id: int) -> None:
    for name, rows in keeper.data(member_id).items():
        with archive.open(f"{keeper.name}/{name}.json", "w") as file:
            _write(file, rows)
    for name, path in keeper.files(member_id):
        if path.is_file():
            aside(partial(archive.write, path, f"{keeper.name}/files/{name}"))


def _write(file: IO[bytes], rows: Iterable[Row]) -> None:
    """A JSON list, a row a line, without holding all of it."""
    file.write(b"[")
    for number, row in enumerate(rows):
        line = json.dumps(row, ensure_ascii=False)
        file.write(("," if number else "").encode() + b"\n" + line.encode())
        if number % ROWS_AT_ONCE == 0:
            breathe()
    file.write(b"\n]\n")
