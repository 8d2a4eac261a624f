"""Uploads are in their folder whole, under their names, or not at all."""

from __future__ import annotations

import errno
import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from incubator.kernel.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

log = logging.getLogger(__name__)

# How the name of a file ends while it is written.
PART: Final = ".part"
NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


@contextmanager
def whole(folder: Path, names: Sequence[str], *, field: str) -> Generator[list[Path]]:
    """Where to write files; they get their ``names`` in the folder when all are written.

    When anything fails, none of them is left. Raise Refusal ``files.no_room``, about the
    ``field`` of a form, when the disk is full.
    """
    places = [folder / name for name in names]
    parts = [folder / (name + PART) for name in names]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield parts
        for part, place in zip(parts, places, strict=True):
            part.rename(place)
    except BaseException as error:
        for path in (*parts, *places):
            path.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            log.exception("an upload found no room")
            raise Refusal("files.no_room", field=field) from error
        raise
