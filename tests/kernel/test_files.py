"""Uploaded pictures."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from incubator.kernel.errors import Refusal
from incubator.kernel.files import picture_path, store_picture

if TYPE_CHECKING:
    from pathlib import Path


def picture(width: int = 300, height: int = 200, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "green").save(buffer, kind)
    return buffer.getvalue()


def with_exif() -> bytes:
    image, exif = Image.new("RGB", (300, 200)), Image.Exif()
    exif[0x010E] = "taken at home"
    exif[0x0112] = 6
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


def test_a_picture_is_made_small_at_each_width(tmp_path: Path) -> None:
    key = store_picture(picture(), tmp_path, (200, 100))
    for width in (200, 100):
        path = picture_path(key, width, tmp_path)
        assert path is not None
        with Image.open(path) as stored:
            assert (stored.format, stored.width) == ("WEBP", width)


def test_a_picture_stands_upright_and_tells_nothing(tmp_path: Path) -> None:
    key = store_picture(with_exif(), tmp_path, (400,))
    path = picture_path(key, 400, tmp_path)
    assert path is not None
    with Image.open(path) as stored:
        assert stored.size == (200, 300)
        assert not stored.getexif()


@pytest.mark.parametrize(
    "data",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a", picture()[:60], b"%PDF-1.7"],
)
def test_what_is_no_picture_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        store_picture(data, tmp_path, (100,))
    assert refused.value.code == "files.not_a_picture"


def test_a_picture_of_too_many_points_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        store_picture(picture(9000, 5000), tmp_path, (100,))
    assert refused.value.code == "files.too_large"


@pytest.mark.parametrize("key", ["../secret_key", "", "x" * 32, "A" * 32, "a" * 31])
def test_only_stored_keys_are_found(tmp_path: Path, key: str) -> None:
    assert picture_path(key, 100, tmp_path) is None
