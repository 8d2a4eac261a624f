"""A member's own data as one file: rows as JSON, and the files they sent."""

from __future__ import annotations

import io
import json
import zipfile
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incubator.edge.personal import Keeper
    from incubator.kernel.personal import Row


def zipped(keepers: Iterable[Keeper], member_id: int, about: str) -> IO[bytes]:
    """The archive, at its beginning: rows are packed as they are read, and text packs well."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("about.txt", about)
        for keeper in keepers:
            for name, rows in keeper.data(member_id).items():
                with archive.open(f"{keeper.name}/{name}.json", "w") as file:
                    _write(file, rows)
            for name, path in keeper.files(member_id):
                if path.is_file():
                    archive.write(path, f"{keeper.name}/files/{name}")
    made.seek(0)
    return made


def _write(file: IO[bytes], rows: Iterable[Row]) -> None:
    """A JSON list, a row a line, without holding all of it."""
    file.write(b"[")
    for number, row in enumerate(rows):
        line = json.dumps(row, ensure_ascii=False)
        file.write(("," if number else "").encode() + b"\n" + line.encode())
    file.write(b"\n]\n")
