"""What somebody sends with a text: pictures are made anew, other files kept as sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from incubator.kernel.errors import Refusal
from incubator.kernel.files import picture_size, store_picture
from incubator.kernel.stored_files import kind_of, store_file, tidy

if TYPE_CHECKING:
    from pathlib import Path

# Pixels: in the page, and to look into.
SMALL: Final = 480
LARGE: Final = 1600
PICTURES: Final = frozenset({"png", "jpg", "gif", "webp"})


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A file as it was stored: a picture has a ``width`` and a ``height`` in pixels."""

    key: str
    name: str
    kind: str
    size: int
    width: int | None = None
    height: int | None = None


def keep(data: bytes, name: str, folder: Path, *, most_bytes: int) -> Kept:
    """Store what was sent in a field «files»; Refusal as ``store_file`` and ``store_picture``."""
    if len(data) > most_bytes:
        raise Refusal("files.too_heavy", field="files", megabytes=most_bytes // 1024 // 1024)
    if not data or kind_of(data, name) not in PICTURES:
        file = store_file(data, name, folder, most_bytes=most_bytes)
        return Kept(key=file.key, name=file.name, kind=file.kind, size=file.size)
    # Made anew, so that neither a camera's place nor a hidden payload comes along.
    key = store_picture(data, folder, (SMALL, LARGE), field="files")
    width, height = picture_size(key, LARGE, folder)
    name = tidy(name or "image", "webp")
    return Kept(key=key, name=name, kind="webp", size=len(data), width=width, height=height)


def throw_away(kept: Kept, folder: Path) -> None:
    """Delete what was stored for a form that was refused."""
    for path in folder.glob(f"{kept.key}*"):
        path.unlink(missing_ok=True)
