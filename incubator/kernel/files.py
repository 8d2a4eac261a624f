"""Uploaded pictures: known by content, made small, stored under random names."""

from __future__ import annotations

import io
import re
import secrets
import warnings
from typing import TYPE_CHECKING

from PIL import Image, ImageOps, UnidentifiedImageError

from incubator.kernel.errors import Refusal

if TYPE_CHECKING:
    from pathlib import Path

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MAX_PIXELS = 40_000_000
_KEY = re.compile(r"[a-z0-9]{32}")


def store_picture(
    data: bytes,
    folder: Path,
    widths: tuple[int, ...],
    *,
    field: str = "photo",
    transparent: bool = False,
) -> str:
    """Re-encode a picture as WebP at each width (pixels) and return its key.

    The type is read from the content, never from the name; EXIF is dropped after turning the
    picture upright; a ``transparent`` one keeps its background clear. Raise Refusal
    ``files.not_a_picture`` or ``files.too_large``, about the ``field`` of a form.
    """
    picture = _open(data, field, "RGBA" if transparent else "RGB")
    key = secrets.token_hex(16)
    folder.mkdir(parents=True, exist_ok=True)
    for width in widths:
        copy = picture.copy()
        copy.thumbnail((width, width * 2), Image.Resampling.LANCZOS)
        copy.save(folder / f"{key}-{width}.webp", "WEBP", quality=82)
    return key


def _open(data: bytes, field: str, mode: str) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=FORMATS)
            if picture.width * picture.height > MAX_PIXELS:
                raise Refusal("files.too_large", field=field, megapixels=MAX_PIXELS // 1_000_000)
            return ImageOps.exif_transpose(picture).convert(mode)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refusal("files.too_large", field=field, megapixels=40) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Refusal("files.not_a_picture", field=field) from error


def picture_path(key: str, width: int, folder: Path) -> Path | None:
    """Where a stored picture lies; None when there is none of that key and width."""
    if not _KEY.fullmatch(key):
        return None
    path = folder / f"{key}-{width}.webp"
    return path if path.is_file() else None
