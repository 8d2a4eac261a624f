"""Pictures to upload, and what pretends to be one."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from PIL import Image


def picture(width: int = 300, height: int = 200, kind: str = "PNG", *, mode: str = "RGB") -> bytes:
    """A green picture."""
    buffer = io.BytesIO()
    Image.new(mode, (width, height), "green").save(buffer, kind)
    return buffer.getvalue()


def with_place() -> bytes:
    """A photograph that tells where it was taken."""
    image, exif = Image.new("RGB", (300, 200)), Image.Exif()
    exif[0x010E] = "taken at home"
    exif[0x8825] = {1: "N", 2: (45.0, 46.0, 12.0)}
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


def zip_bomb(size: int = 5_000_000) -> bytes:
    """An archive of nothing but zeros."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x", bytes(size))
    return buffer.getvalue()


def png_of(width: int, height: int, text: bytes = b"") -> bytes:
    """A PNG that promises so many points, and may carry a packed text that unpacks to much."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", header)]
    parts += [(b"zTXt", b"Comment\0\0" + zlib.compress(text))] if text else []
    parts += [(b"IDAT", zlib.compress(bytes(64))), (b"IEND", b"")]
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
