"""Uploaded pictures: known by content, made small, stored under random names."""

from __future__ import annotations

import io
import re
import secrets
import warnings
from typing import TYPE_CHECKING

from PIL import Image, ImageOps, UnidentifiedImageError

from incubator.kernel.aside import aside
from incubator.kernel.errors import Refusal
from incubator.kernel.jobs import later
from incubator.kernel.whole_files import whole

if TYPE_CHECKING:
    from pathlib import Path

DROP = "files.drop_picture"
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MAX_PIXELS = 40_000_000
_KEY = re.compile(r"[a-z0-9]{32}")


def store_picture(
    data: bytes,
    folder: Path,
    widths: tuple[int, ...],
    *,
    field: str = "photo",
    square: bool = False,
    transparent: bool = False,
) -> str:
    """Re-encode a picture as WebP at each width (pixels) and return its key.

    The type is read from the content, never from the name; EXIF is dropped after turning the
    picture upright; ``square`` keeps its middle, a ``transparent`` one keeps its background
    clear. Raise Refusal ``files.not_a_picture``, ``files.too_large`` or ``files.no_room``, about
    the ``field`` of a form.
    """
    key = secrets.token_hex(16)
    names = [f"{key}-{width}.webp" for width in widths]

    def write() -> None:
        picture = _open(data, field, transparent=transparent)
        with whole(folder, names, field=field) as paths:
            for width, path in zip(widths, paths, strict=True):
                copy = _cut(picture, width) if square else _fitted(picture, width)
                copy.save(path, "WEBP", quality=82)

    aside(write)
    return key


def drop_picture(key: str | None, folder: Path) -> None:
    """Delete every size of a stored picture; one that is gone already is no matter."""
    if key and _KEY.fullmatch(key):
        for path in folder.glob(f"{key}-*.webp"):
            path.unlink(missing_ok=True)


def drop_later(key: str | None) -> None:
    """Delete a picture once the caller's transaction is committed; nothing for None."""
    if key:
        later(DROP, {"key": key})


def _fitted(picture: Image.Image, width: int) -> Image.Image:
    copy = picture.copy()
    copy.thumbnail((width, width * 2), Image.Resampling.LANCZOS)
    return copy


def _cut(picture: Image.Image, width: int) -> Image.Image:
    # A face is rather in the upper part of a tall picture.
    return ImageOps.fit(picture, (width, width), Image.Resampling.LANCZOS, centering=(0.5, 0.4))


def _open(data: bytes, field: str, *, transparent: bool) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=FORMATS)
            if picture.width * picture.height >= MAX_PIXELS:
                raise Refusal("files.too_large", field=field, megapixels=MAX_PIXELS // 1_000_000)
            upright = ImageOps.exif_transpose(picture)
            return upright.convert("RGBA") if transparent else _flat(upright)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refusal("files.too_large", field=field, megapixels=40) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Refusal("files.not_a_picture", field=field) from error


def _flat(picture: Image.Image) -> Image.Image:
    """Without transparency: what could be seen through is white, not what hid behind it."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    drawn = picture.convert("RGBA")
    ground = Image.new("RGBA", drawn.size, "white")
    return Image.alpha_composite(ground, drawn).convert("RGB")


def picture_path(key: str, width: int, folder: Path) -> Path | None:
    """Where a stored picture lies; None when there is none of that key and width."""
    if not _KEY.fullmatch(key):
        return None
    path = folder / f"{key}-{width}.webp"
    return path if path.is_file() else None


def picture_size(key: str, width: int, folder: Path) -> tuple[int, int]:
    """How wide and high a stored picture is, in pixels."""
    with Image.open(folder / f"{key}-{width}.webp") as picture:
        return picture.size
